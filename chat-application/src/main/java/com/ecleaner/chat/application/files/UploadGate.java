package com.ecleaner.chat.application.files;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.user.UserId;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Lets so many uploads in at once: what bounds the disk and the connections they take while they
 * arrive. Thread-safe.
 */
public final class UploadGate {
    private final UploadLimits limits;
    private final Semaphore free;
    private final Map<UserId, Integer> underWay = new ConcurrentHashMap<>();

    public UploadGate(UploadLimits limits) {
        this.limits = limits;
        this.free = new Semaphore(limits.atOnce());
    }

    public UploadLimits limits() {
        return limits;
    }

    /**
     * Takes a place; give it back with {@link #leave}.
     *
     * @throws Refusal {@code rate_limited} where the user has all of theirs, {@code unavailable}
     *     where there is none
     */
    void enter(UserId user) {
        if (underWay.merge(user, 1, Integer::sum) > limits.atOnceOfOne()) {
            less(user);
            throw Refusal.rateLimited(1, "let the uploads end that are under way");
        }
        if (!free.tryAcquire()) {
            less(user);
            throw Refusal.unavailable("too many uploads at once, try again");
        }
    }

    void leave(UserId user) {
        free.release();
        less(user);
    }

    private void less(UserId user) {
        underWay.computeIfPresent(user, (same, count) -> count == 1 ? null : count - 1);
    }
}
