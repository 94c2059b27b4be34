package com.ecleaner.chat.persistence.files;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** The pictures that the chat can read, and so may show. */
enum PictureKind {
    JPEG(Set.of("image/jpeg")),
    /** Animated ones come out as their first frame. */
    PNG(Set.of("image/png", "image/apng", "image/vnd.mozilla.apng")),
    GIF(Set.of("image/gif")),
    /** Animated ones come out as their first frame. */
    WEBP(Set.of("image/webp"));

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
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
}
