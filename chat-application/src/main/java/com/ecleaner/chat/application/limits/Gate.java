package com.ecleaner.chat.application.limits;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.user.UserId;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Lets so much of one kind in at once, and so much of it from one user, so that nobody takes what
 * is there for all. Nobody waits: who is too many is refused. Thread-safe.
 */
public final class Gate {
    private final int atOnceOfOne;
    private final String what;
    private final Semaphore free;
    private final Map<UserId, Integer> underWay = new ConcurrentHashMap<>();

    /**
     * A gate with all its places free.
     *
     * @param atOnce places for everybody together
     * @param atOnceOfOne places for one user
     * @param what goes through, in the plural, for the words of a refusal: {@code uploads}
     */
    public Gate(int atOnce, int atOnceOfOne, String what) {
        this.atOnceOfOne = atOnceOfOne;
        this.what = what;
        this.free = new Semaphore(atOnce);
    }

    /**
     * Takes a place; give it back with {@link #leave}.
     *
     * @throws Refusal {@code rate_limited} where the user has all of theirs, {@code unavailable}
     *     where there is none; nothing is to be given back then
     */
    public void enter(UserId user) {
        if (underWay.merge(user, 1, Integer::sum) > atOnceOfOne) {
            less(user);
            throw Refusal.rateLimited(1, "let the " + what + " end that are under way");
        }
        if (!free.tryAcquire()) {
            less(user);
            throw Refusal.unavailable("too many " + what + " at once, try again");
        }
    }

    /** Gives a place back that was taken. */
    public void leave(UserId user) {
        free.release();
        less(user);
    }

    private void less(UserId user) {
        underWay.computeIfPresent(user, (same, count) -> count == 1 ? null : count - 1);
    }
}
