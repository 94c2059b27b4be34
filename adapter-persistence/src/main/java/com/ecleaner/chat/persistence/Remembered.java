package com.ecleaner.chat.persistence;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A question whose answer holds for a moment, and that is asked once at a time: whoever comes while
 * it is asked waits for that answer. So however many want to know, they cost the database next to
 * nothing. Thread-safe.
 */
final class Remembered implements BooleanSupplier {
    private final BooleanSupplier question;
    private final long moment;
    private final LongSupplier nanos;
    private final ReentrantLock asking = new ReentrantLock();
    private boolean asked;
    private boolean answer;
    private long since;

    Remembered(BooleanSupplier question, Duration moment) {
        this(question, moment, System::nanoTime);
    }

    Remembered(BooleanSupplier question, Duration moment, LongSupplier nanos) {
        this.question = question;
        this.moment = moment.toNanos();
        this.nanos = nanos;
    }

    @Override
    public boolean getAsBoolean() {
        asking.lock();
        try {
            if (!asked || nanos.getAsLong() - since >= moment) {
                answer = question.getAsBoolean();
                asked = true;
                since = nanos.getAsLong();
            }
            return answer;
        } finally {
            asking.unlock();
        }
    }
}
