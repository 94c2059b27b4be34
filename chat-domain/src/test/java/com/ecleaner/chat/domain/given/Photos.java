package com.ecleaner.chat.domain.given;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

import javax.imageio.ImageIO;

/**
 * Pictures as people take them and as attackers make them. The honest ones have four quarters: red,
 * green, blue, yellow, row by row.
 */
public final class Photos {
    /** What a camera writes beside a picture: found in the bytes, it is a leak. */
    public static final String SECRET = "Secret Street 7";

    /** The latitude that {@link #photo} was taken at, as EXIF holds it: 52° 13' 47.31". */
    public static final byte[] LATITUDE =
            ByteBuffer.allocate(24)
                    .putInt(52)
                    .putInt(1)
                    .putInt(13)
                    .putInt(1)
                    .putInt(4731)
                    .putInt(100)
                    .array();

    private static final int GPS_OFFSET = 8 + 2 + 3 * 12 + 4;
    private static final String LOSSY_WEBP =
            "cAYAnQEqQAAwAD5pKJBFpCKhmVQAQAaEoAyQ1xfgH4AaYD8AP104wLsB+wGd9hK/7OYSZwX8"
                    + "+hzupcLAAP7ww5PoiDx7lbDmLBUQFfX0QYDxujGNZWLayxDOwID2RzubIG+HG1yniT/8wAvK"
                    + "L1aVb0QNqWxYCoAAAAA=";
    private static final String SEE_THROUGH_WEBP =
            "UAYAnQEqQAAwAD5pKpFFpCKhmV7cAEAGhKAMmFgf4B+AHbLEB+Ff7AcYF2vzPwGdpJAsO5j9"
                    + "rtczVIAA/vDDnK79GekUNzQDj7K/XyWx8PIb8GICj4XcaTddBs9QK9dK67RIgyeI+t/wUP//"
                    + "d5mANSFykiyC8dRTUiE6c+vAf0QY4AAA";
    private static final String WEBP_ALPHA = "AQ8w/xERgkzaJv5N18H2RvR/AroQdgM=";

    private Photos() {}

    /** Four quarters of the same size. */
    public static BufferedImage quarters(int width, int height, int imageType) {
        BufferedImage picture = new BufferedImage(width, height, imageType);
        Graphics2D canvas = picture.createGraphics();
        Color[] colors = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};
        for (int i = 0; i < 4; i++) {
            canvas.setColor(colors[i]);
            canvas.fillRect(
                    i % 2 * width / 2, i / 2 * height / 2, (width + 1) / 2, (height + 1) / 2);
        }
        canvas.dispose();
        return picture;
    }

    /** A picture's quarters by their letters, row by row: {@code RGBY} as they are made here. */
    public static String seen(BufferedImage picture) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            int pixel =
                    picture.getRGB(
                            (1 + i % 2 * 2) * picture.getWidth() / 4,
                            (1 + i / 2 * 2) * picture.getHeight() / 4);
            seen.append(letter(new Color(pixel, true)));
        }
        return seen.toString();
    }

    private static char letter(Color color) {
        if (color.getAlpha() < 64) {
            return '-';
        }
        boolean red = color.getRed() > 128;
        boolean green = color.getGreen() > 128;
        boolean blue = color.getBlue() > 128;
        if (red && green && !blue) {
            return 'Y';
        }
        return red && !green && !blue
                ? 'R'
                : !red && green && !blue ? 'G' : blue && !red ? 'B' : '?';
    }

    /** What comes out of bytes that are a picture. */
    public static BufferedImage decoded(byte[] bytes) {
        try {
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(bytes));
            if (picture == null) {
                throw new AssertionError("no picture");
            }
            return picture;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] encoded(BufferedImage picture, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, format, out)) {
                throw new AssertionError("cannot write " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A JPEG with nothing in it but its picture. */
    public static byte[] jpeg(int width, int height) {
        return encoded(quarters(width, height, BufferedImage.TYPE_INT_RGB), "jpeg");
    }

    /** A PNG with nothing in it but its picture. */
    public static byte[] png(int width, int height) {
        return encoded(quarters(width, height, BufferedImage.TYPE_INT_RGB), "png");
    }

    /** A JPEG as a phone writes it: with where it was taken, and how the phone was held. */
    public static byte[] photo(int width, int height, int orientation) {
        byte[] plain = jpeg(width, height);
        byte[] exif = ("Exif\0\0" + text(exif(orientation))).getBytes(ISO_8859_1);
        byte[] xmp =
                ("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET + "</x:xmpmeta>")
                        .getBytes(ISO_8859_1);
        return joined(
                slice(plain, 0, 2),
                segment(0xe1, exif),
                segment(0xe1, xmp),
                segment(0xfe, SECRET.getBytes(ISO_8859_1)),
                slice(plain, 2, plain.length));
    }

    /** EXIF with an orientation, a maker and a place. */
    public static byte[] exif(int orientation) {
        ByteBuffer out = ByteBuffer.allocate(GPS_OFFSET + 2 + 2 * 12 + 4 + 24 + 32);
        int place = GPS_OFFSET + 2 + 2 * 12 + 4;
        out.put("MM\0*".getBytes(ISO_8859_1)).putInt(8).putShort((short) 3);
        entry(out, 0x010f, 2, SECRET.length() + 1, place + 24);
        entry(out, 0x0112, 3, 1, orientation << 16);
        entry(out, 0x8825, 4, 1, GPS_OFFSET);
        out.putInt(0).putShort((short) 2);
        entry(out, 1, 2, 2, 'N' << 24);
        entry(out, 2, 5, 3, place);
        out.putInt(0).put(LATITUDE).put(SECRET.getBytes(ISO_8859_1));
        return out.array();
    }

    private static void entry(ByteBuffer out, int tag, int type, int count, int value) {
        out.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }

    /** One of a JPEG's segments. */
    public static byte[] segment(int marker, byte[] content) {
        return ByteBuffer.allocate(content.length + 4)
                .put((byte) 0xff)
                .put((byte) marker)
                .putShort((short) (content.length + 2))
                .put(content)
                .array();
    }

    /** One of a PNG's chunks. */
    public static byte[] chunk(String type, byte[] content) {
        byte[] typed = joined(type.getBytes(ISO_8859_1), content);
        CRC32 crc = new CRC32();
        crc.update(typed);
        return ByteBuffer.allocate(typed.length + 8)
                .putInt(content.length)
                .put(typed)
                .putInt((int) crc.getValue())
                .array();
    }

    /** A PNG with more chunks, right behind its header. */
    public static byte[] pngWith(byte[] png, byte[]... chunks) {
        return joined(slice(png, 0, 33), joined(chunks), slice(png, 33, png.length));
    }

    /** A PNG that says to be that large, and has not a byte of it. */
    public static byte[] hollowPng(int width, int height) {
        byte[] header =
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 6, 0, 0, 0})
                        .array();
        return joined(
                slice(png(1, 1), 0, 8),
                chunk("IHDR", header),
                chunk("IDAT", deflated(new byte[1_000])),
                chunk("IEND", new byte[0]));
    }

    /** A JPEG that says to be that large, and holds a small picture. */
    public static byte[] hollowJpeg(int width, int height) {
        byte[] jpeg = jpeg(16, 16);
        for (int i = 0; i < jpeg.length - 9; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
                ByteBuffer.wrap(jpeg)
                        .putShort(i + 5, (short) height)
                        .putShort(i + 7, (short) width);
                return jpeg;
            }
        }
        throw new AssertionError("no frame");
    }

    /** A GIF that says to be that large, and holds a small picture. */
    public static byte[] hollowGif(int width, int height) {
        byte[] gif = encoded(quarters(16, 16, BufferedImage.TYPE_INT_RGB), "gif");
        ByteBuffer.wrap(gif)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(6, (short) width)
                .putShort(8, (short) height);
        return gif;
    }

    /** A WebP of 64 × 48 in four quarters; of a see-through one the fourth is not there. */
    public static byte[] webp(boolean seeThrough, byte[] exif) {
        ByteBuffer header = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt((seeThrough ? 0x10 : 0) | (exif.length > 0 ? 8 : 0));
        header.put((byte) 63).putShort((short) 0).put((byte) 47).putShort((short) 0);
        byte[] body =
                joined(
                        "WEBP".getBytes(ISO_8859_1),
                        riff("VP8X", header.array()),
                        seeThrough
                                ? riff("ALPH", Base64.getDecoder().decode(WEBP_ALPHA))
                                : new byte[0],
                        riff(
                                "VP8 ",
                                Base64.getDecoder()
                                        .decode(seeThrough ? SEE_THROUGH_WEBP : LOSSY_WEBP)),
                        exif.length == 0 ? exif : riff("EXIF", exif));
        return riff("RIFF", body);
    }

    private static byte[] riff(String type, byte[] content) {
        return ByteBuffer.allocate(8 + content.length + content.length % 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(type.getBytes(ISO_8859_1))
                .putInt(content.length)
                .put(content)
                .array();
    }

    /** As zlib packs it. */
    public static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream packed = new DeflaterOutputStream(out)) {
            packed.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Bytes as text of as many characters, to look for something in them. */
    public static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** One behind the other. */
    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
