package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.port.FileInspector;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Looks into nothing: every upload is a file of bytes, to be downloaded and never shown, and is
 * kept as it came, with whatever a camera has written into it. For tests, and for embedders who
 * bring no libraries for pictures. Holds an upload in memory while it arrives. Thread-safe.
 */
public final class PlainFileInspector implements FileInspector {
    @Override
    public Arrived receive(InputStream bytes, long maxBytes) throws IOException {
        int most = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16);
        byte[] all = bytes.readNBytes(most);
        if (bytes.read() >= 0) {
            throw Refusal.tooLarge("a file may have " + maxBytes + " bytes");
        }
        return new Plain(new InMemoryFileStore.Bytes(all));
    }

    private record Plain(InMemoryFileStore.Bytes bytes) implements Arrived {
        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public Inspected inspect() {
            return new Inspected(
                    "application/octet-stream",
                    bytes,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Optional.empty());
        }

        @Override
        public void close() {
            // Memory clears up behind itself.
        }
    }
}
