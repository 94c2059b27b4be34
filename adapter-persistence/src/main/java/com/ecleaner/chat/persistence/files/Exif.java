package com.ecleaner.chat.persistence.files;

import java.io.IOException;
import java.nio.ByteOrder;

import javax.imageio.stream.ImageInputStream;

/**
 * Of all that a camera writes beside a picture, the one thing that is needed to show it: how it was
 * held (EXIF 2.3, tag 274). The rest is not even read.
 */
final class Exif {
    private static final int ORIENTATION = 274;
    private static final int TIFF = 42;
    private static final int INTEL = 0x4949;

    private static final int JPEG_EXIF = 0xffe1;
    private static final int JPEG_PICTURE = 0xffda;
    private static final int EXIF = 0x45786966;
    private static final int WEBP_EXIF = 0x46495845;

    private Exif() {}

    /** How it was held; upright where that is not said, or said in broken words. */
    static Orientation orientation(PictureKind kind, ImageInputStream in) throws IOException {
        try {
            boolean found =
                    switch (kind) {
                        case JPEG -> isInJpeg(in);
                        case WEBP -> isInWebp(in);
                        case PNG, GIF -> false;
                    };
            return found ? orientation(in) : Orientation.UPRIGHT;
        } catch (IOException e) {
            return Orientation.UPRIGHT;
        } finally {
            in.setByteOrder(ByteOrder.BIG_ENDIAN);
            in.seek(0);
        }
    }

    /** Leaves the stream where the description begins. */
    private static boolean isInJpeg(ImageInputStream in) throws IOException {
        in.setByteOrder(ByteOrder.BIG_ENDIAN);
        in.seek(2);
        while (true) {
            int marker = in.readUnsignedShort();
            if (marker == JPEG_PICTURE || marker >> 8 != 0xff) {
                return false;
            }
            long start = in.getStreamPosition();
            int length = in.readUnsignedShort();
            if (marker == JPEG_EXIF && length > 8 && in.readInt() == EXIF) {
                in.skipBytes(2);
                return true;
            }
            in.seek(start + length);
        }
    }

    /** As {@link #isInJpeg}. */
    private static boolean isInWebp(ImageInputStream in) throws IOException {
        in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
        in.seek(12);
        while (true) {
            int chunk = in.readInt();
            long length = in.readUnsignedInt();
            long start = in.getStreamPosition();
            if (chunk == WEBP_EXIF) {
                // Some write JPEG's beginning here too.
                in.setByteOrder(ByteOrder.BIG_ENDIAN);
                in.seek(in.readInt() == EXIF ? start + 6 : start);
                return true;
            }
            in.seek(start + length + length % 2);
        }
    }

    private static Orientation orientation(ImageInputStream in) throws IOException {
        long base = in.getStreamPosition();
        in.setByteOrder(
                in.readUnsignedShort() == INTEL ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (in.readUnsignedShort() != TIFF) {
            return Orientation.UPRIGHT;
        }
        in.seek(base + in.readUnsignedInt());
        int entries = in.readUnsignedShort();
        for (int i = 0; i < entries; i++) {
            int tag = in.readUnsignedShort();
            in.skipBytes(6);
            if (tag == ORIENTATION) {
                return Orientation.numbered(in.readUnsignedShort());
            }
            in.skipBytes(4);
        }
        return Orientation.UPRIGHT;
    }
}
