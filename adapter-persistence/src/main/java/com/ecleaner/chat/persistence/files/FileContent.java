package com.ecleaner.chat.persistence.files;

import com.ecleaner.chat.domain.port.FileStore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file's bytes. */
record FileContent(Path path, long size) implements FileStore.Content {
    static FileContent of(Path path) throws IOException {
        return new FileContent(path, Files.size(path));
    }

    @Override
    public InputStream from(long offset) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return Channels.newInputStream(channel.position(offset));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
