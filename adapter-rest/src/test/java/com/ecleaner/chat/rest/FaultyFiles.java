package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.memory.InMemoryFileStore;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.FileKey;
import com.ecleaner.chat.domain.port.FileStore;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Files in memory, on a disk that may be full. */
final class FaultyFiles implements FileStore {
    volatile boolean full;
    final AtomicInteger kept = new AtomicInteger();

    private final FileStore files = new InMemoryFileStore();

    @Override
    public void put(FileKey key, Content content) {
        if (full) {
            throw Refusal.unavailable("the file could not be kept, try again");
        }
        files.put(key, content);
        kept.incrementAndGet();
    }

    @Override
    public Optional<Content> find(FileKey key) {
        return files.find(key);
    }

    @Override
    public void remove(FileKey key) {
        if (files.find(key).isPresent()) {
            kept.decrementAndGet();
        }
        files.remove(key);
    }
}
