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

    /** Found, and asked for again when it is read. */
    private final class Kept implements Content {
        private final FileKey key;
        private final long size;

        Kept(FileKey key, long size) {
            this.key = key;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream from(long offset) throws IOException {
            byte[] bytes = kept.get(key);
            if (bytes == null) {
                throw new IOException("removed");
            }
            return new Bytes(bytes).from(offset);
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
        return Optional.ofNullable(kept.get(key)).map(bytes -> new Kept(key, bytes.length));
    }

    @Override
    public void remove(FileKey key) {
        kept.remove(key);
    }
}
