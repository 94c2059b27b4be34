package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.FileKey;
import com.ecleaner.chat.domain.port.FileStore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Files' bytes in memory, for as long as it lives. Thread-safe. */
public final class InMemoryFileStore implements FileStore {
    private final Map<FileKey, byte[]> kept = new ConcurrentHashMap<>();

    /** Bytes at hand; nobody writes to them. */
    static final class Bytes implements Content {
        private final byte[] all;

        Bytes(byte[] all) {
            this.all = all;
        }

        @Override
        public long size() {
            return all.length;
        }

        @Override
        public InputStream from(long offset) {
            return new ByteArrayInputStream(all, (int) offset, all.length - (int) offset);
        }
    }

    @Override
    public void put(FileKey key, Content content) {
        try (InputStream in = content.from(0)) {
            kept.putIfAbsent(key, in.readAllBytes());
        } catch (IOException e) {
            throw Refusal.unavailable("the file could not be kept, try again");
        }
    }

    @Override
    public Optional<Content> find(FileKey key) {
        return Optional.ofNullable(kept.get(key)).map(Bytes::new);
    }

    @Override
    public void remove(FileKey key) {
        kept.remove(key);
    }
}
