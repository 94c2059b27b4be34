package com.ecleaner.chat.rest;

import org.glassfish.grizzly.Connection;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body on its way to whoever asked, who has to take it at a {@link Pace}: an answer
 * that nobody takes would hold its place for good, a few bytes at a time. Used by one thread.
 */
final class AnswerOutput extends OutputStream {
    /** Grizzly counts in these, and takes none of them for no bound at all. */
    private static final long MILLI = 1_000_000;

    private final OutputStream out;
    private final Connection<?> line;
    private final Pace pace;

    /**
     * Begins to count the time.
     *
     * @param wait for the asker to take the next bytes, and for all of them beyond what the slowest
     *     pace allows
     */
    AnswerOutput(OutputStream out, Connection<?> line, Duration wait) {
        this.out = out;
        this.line = line;
        this.pace = new Pace(wait);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        inTime(() -> out.write(bytes, offset, length));
        pace.moved(length);
    }

    @Override
    public void flush() throws IOException {
        inTime(out::flush);
    }

    @Override
    public void close() throws IOException {
        inTime(out::close);
    }

    private void inTime(Step step) throws IOException {
        long left = pace.left();
        if (left <= 0) {
            throw new IOException("the answer is taken too slowly");
        }
        long before = line.getWriteTimeout(TimeUnit.NANOSECONDS);
        line.setWriteTimeout(Math.max(left, MILLI), TimeUnit.NANOSECONDS);
        try {
            step.take();
        } finally {
            // The connection outlives the answer.
            line.setWriteTimeout(before, TimeUnit.NANOSECONDS);
        }
    }

    private interface Step {
        void take() throws IOException;
    }
}
