package com.ecleaner.chat.persistence.files;

import org.w3c.dom.NodeList;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.metadata.IIOMetadataNode;

/** The pictures that the chat can read, and so may show. */
enum PictureKind {
    JPEG(Set.of("image/jpeg")),
    /** Animated ones come out as their first frame. */
    PNG(Set.of("image/png", "image/apng", "image/vnd.mozilla.apng")),
    GIF(Set.of("image/gif")),
    /** Animated ones come out as their first frame. */
    WEBP(Set.of("image/webp"));

    private final Set<String> types;

    PictureKind(Set<String> types) {
        this.types = types;
    }

    static Optional<PictureKind> of(String contentType) {
        return Arrays.stream(values()).filter(k -> k.types.contains(contentType)).findFirst();
    }

    /** A new reader, to be disposed of. */
    ImageReader reader() {
        Iterator<ImageReader> readers =
                ImageIO.getImageReadersByMIMEType("image/" + name().toLowerCase(Locale.ROOT));
        if (!readers.hasNext()) {
            throw new IllegalStateException("no reader for " + this);
        }
        return readers.next();
    }

    /** PNG's texts are compressed, without a bound on what comes out: nobody looks at them. */
    boolean hasMetadataWorthReading() {
        return this == JPEG || this == WEBP;
    }

    /** How its camera was held, by what it has written about it. */
    Orientation orientation(ImageReader reader) {
        if (!hasMetadataWorthReading()) {
            return Orientation.UPRIGHT;
        }
        try {
            var tree =
                    (IIOMetadataNode)
                            reader.getImageMetadata(0)
                                    .getAsTree(IIOMetadataFormatImpl.standardMetadataFormatName);
            NodeList found = tree.getElementsByTagName("ImageOrientation");
            return found.getLength() == 0
                    ? Orientation.UPRIGHT
                    : Orientation.called(((IIOMetadataNode) found.item(0)).getAttribute("value"));
        } catch (IOException | RuntimeException e) {
            // What is said about a picture may be broken where the picture is not.
            return Orientation.UPRIGHT;
        }
    }
}
