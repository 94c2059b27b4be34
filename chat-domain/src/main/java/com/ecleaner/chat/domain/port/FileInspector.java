package com.ecleaner.chat.domain.port;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds out what an upload really is, and makes pictures fit to be shown. Thread-safe; blocks.
 * Memory and disk are bounded, however many uploads there are and whatever is in them.
 */
public interface FileInspector {
    /** An upload that has arrived; nothing of it is left once it is closed. */
    interface Arrived extends AutoCloseable {
        /** In bytes, as it arrived. */
        long size();

        /**
         * Finds its type from its bytes. A picture is written anew: upright, and with nothing in it
         * but what one sees.
         *
         * @throws com.ecleaner.chat.domain.Refusal {@code invalid} naming {@code file} for what
         *     says to be a picture and is none, or is too large to be one; {@code unavailable}
         */
        Inspected inspect();

        @Override
        void close();
    }

    /**
     * An upload as it is to be kept; good until its {@link Arrived} is closed.
     *
     * @param contentType found from the bytes, in lower case, without parameters
     * @param width of a picture that can be shown, in pixels; empty for other files
     * @param height of a picture that can be shown, in pixels; empty for other files
     * @param thumbnail a small version of a picture, of the type that {@link
     *     com.ecleaner.chat.domain.message.Attachment#thumbnailType()} says
     */
    record Inspected(
            String contentType,
            FileStore.Content content,
            OptionalInt width,
            OptionalInt height,
            Optional<FileStore.Content> thumbnail) {}

    /**
     * Takes in an upload as it comes, without holding it in memory.
     *
     * @param maxBytes beyond this nothing more is read
     * @throws IOException where {@code bytes} break off
     * @throws com.ecleaner.chat.domain.Refusal {@code too_large}, {@code unavailable}
     */
    Arrived receive(InputStream bytes, long maxBytes) throws IOException;
}
