package com.ecleaner.chat.rest;

import org.glassfish.grizzly.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A large body, read as it comes: bounded in size, and in how slowly it may come (a {@link Pace}).
 * Used by one thread.
 */
final class UploadBody extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(UploadBody.class);

    private static final Duration EARLY = Duration.ofMillis(100);

    private final InputStream in;
    private final Connection<?> line;
    private final long maxBytes;
    private final Pace pace;
    private long size;

    /**
     * Begins to wait.
     *
     * @param wait for the next bytes, and for all of them beyond what the slowest pace allows
     */
    UploadBody(InputStream in, Connection<?> line, long maxBytes, Duration wait) {
        this.in = in;
        this.line = line;
        this.maxBytes = maxBytes;
        this.pace = new Pace(wait);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        long left = pace.left();
        if (left <= 0) {
            throw tooLate();
        }
        long until = System.nanoTime() + left;
        line.setReadTimeout(left, TimeUnit.NANOSECONDS);
        int more;
        try {
            more = in.read(into, offset, length);
        } catch (IOException e) {
            LOG.debug("An upload broke off", e);
            // A wait that ran out says so a little before its time as often as after it.
            if (until - System.nanoTime() <= EARLY.toNanos()) {
                throw tooLate();
            }
            throw e;
        }
        size += Math.max(0, more);
        pace.moved(Math.max(0, more));
        if (size > maxBytes) {
            throw new ProblemException(
                    Problem.of(413, "too_large", "a body may have " + maxBytes + " bytes here"));
        }
        return more;
    }

    private static ProblemException tooLate() {
        return new ProblemException(Problem.of(408, "timeout", "the body took too long to arrive"));
    }
}
