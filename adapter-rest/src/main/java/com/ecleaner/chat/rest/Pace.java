package com.ecleaner.chat.rest;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How slowly bytes may come or be taken: each wait for the next of them is bounded, and on the
 * whole they have to move at a pace that any line keeps. Used by one thread.
 */
final class Pace {
    /** In bytes a second, beyond the first wait. */
    static final long SLOWEST = 4 * 1024;

    private static final long SECOND = 1_000_000_000;

    private final long wait;
    private final LongSupplier nanos;
    private final long start;
    private long moved;

    /**
     * Begins to count the time.
     *
     * @param wait for the next bytes, and for all of them beyond what the slowest pace allows
     */
    Pace(Duration wait) {
        this(wait, System::nanoTime);
    }

    Pace(Duration wait, LongSupplier nanos) {
        this.wait = wait.toNanos();
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    /** How long the next bytes may take from now on, in nanoseconds; none left where it is late. */
    long left() {
        long earned = moved / SLOWEST * SECOND + moved % SLOWEST * SECOND / SLOWEST;
        return Math.min(wait, start + wait + earned - nanos.getAsLong());
    }

    /** So many more bytes have moved. */
    void moved(long bytes) {
        moved += bytes;
    }
}
