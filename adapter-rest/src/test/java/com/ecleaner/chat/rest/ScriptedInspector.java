package com.ecleaner.chat.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.ecleaner.chat.application.memory.PlainFileInspector;
import com.ecleaner.chat.domain.port.FileInspector;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes whatever begins with {@code picture} for a picture of 4 × 3, its own thumbnail; counts what
 * is there, and how much was read.
 */
final class ScriptedInspector implements FileInspector {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger receiving = new AtomicInteger();
    final AtomicLong read = new AtomicLong();

    private final FileInspector plain = new PlainFileInspector();

    @Override
    public Arrived receive(InputStream bytes, long maxBytes) throws IOException {
        receiving.incrementAndGet();
        Arrived arrived;
        try {
            arrived = plain.receive(new Counting(bytes), maxBytes);
        } finally {
            receiving.decrementAndGet();
        }
        open.incrementAndGet();
        return new Arrived() {
            @Override
            public long size() {
                return arrived.size();
            }

            @Override
            public Inspected inspect() {
                Inspected as = arrived.inspect();
                try (InputStream in = as.content().from(0)) {
                    return new String(in.readNBytes(7), US_ASCII).equals("picture")
                            ? new Inspected(
                                    "image/jpeg",
                                    as.content(),
                                    OptionalInt.of(4),
                                    OptionalInt.of(3),
                                    Optional.of(as.content()))
                            : as;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void close() {
                open.decrementAndGet();
                arrived.close();
            }
        };
    }

    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int more = super.read(into, offset, length);
            read.addAndGet(Math.max(0, more));
            return more;
        }
    }
}
