package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.message.FileKey;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Keeps the bytes of files, and knows nothing about them. What is kept never changes. Thread-safe;
 * blocks; throws a {@link com.ecleaner.chat.domain.Refusal} {@code unavailable} where the store is
 * away or full.
 *
 * <p>These are the four verbs that object stores have, so one of them fits behind it too.
 */
public interface FileStore {
    /** Bytes that can be read more than once. */
    interface Content {
        /** How many bytes. */
        long size();

        /**
         * The bytes from {@code offset} on, to be closed by the caller.
         *
         * @param offset 0 up to {@link #size()}
         */
        InputStream from(long offset) throws IOException;
    }

    /**
     * Keeps these bytes under a key that has none: durable on return, and after a fault or a crash
     * there whole or not at all.
     */
    void put(FileKey key, Content content);

    /** What is kept under that key; reading it fails once it is removed. */
    Optional<Content> find(FileKey key);

    /** Removes what is kept under that key, if anything is. */
    void remove(FileKey key);
}
