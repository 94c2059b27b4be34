package com.ecleaner.chat.persistence.files;

import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What kind of thing a file is, by its bytes alone: names lie. Looks at the beginning of a file
 * only, and opens no archive. Thread-safe.
 */
final class FileTypes {
    /** Bytes and no more: what a browser is to do nothing with but save it. */
    static final String BYTES = "application/octet-stream";

    private static final Set<String> CALLED_BY_NAME =
            Set.of(
                    "text/plain",
                    "application/pdf",
                    "application/rtf",
                    "application/zip",
                    "application/gzip",
                    "application/x-7z-compressed");

    /**
     * Photos that carry where they were taken and that nothing here can write anew: of an upload
     * nobody would expect to give away an address, so they are not taken.
     */
    private static final Set<String> UNREADABLE_PHOTOS =
            Set.of(
                    "image/heic",
                    "image/heic-sequence",
                    "image/heif",
                    "image/heif-sequence",
                    "image/avif",
                    "image/jxl",
                    "image/jp2",
                    "image/tiff");

    private final MimeTypes known = MimeTypes.getDefaultMimeTypes();

    /** In lower case, without parameters, as found; not yet fit to be told. */
    String of(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            MediaType type = known.detect(in, new Metadata());
            return type.getBaseType().toString();
        }
    }

    static boolean isUnreadablePhoto(String found) {
        return UNREADABLE_PHOTOS.contains(found) || found.startsWith("image/x-raw");
    }

    /**
     * The type a file is called by that the chat has not written itself: one of few. What a browser
     * might run or show as a page (HTML, SVG, XML, scripts …) is bytes.
     */
    static String told(String found) {
        boolean harmless =
                CALLED_BY_NAME.contains(found)
                        || found.startsWith("audio/")
                        || found.startsWith("video/");
        return harmless ? found : BYTES;
    }
}
