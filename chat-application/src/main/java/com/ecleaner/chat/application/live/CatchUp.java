package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.view.Recent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Asks the store about once a second what changed lately, so that nothing rests on the bus: what no
 * event told of is found by this. Nodes that were started together ask at different moments. One
 * question at a time; while the store is away it goes on asking, and the first answer afterwards
 * covers all that was missed.
 */
final class CatchUp {
    private static final Logger LOG = System.getLogger(CatchUp.class.getName());

    /** With the time an answer takes and a room is read in, this stays below a second. */
    static final Duration EVERY = Duration.ofMillis(750);

    private final Rooms rooms;
    private final Consumer<Recent> found;
    private final Consumer<Runnable> later;
    private long mark = Recent.FROM_NOW;

    /**
     * A catch-up that begins with {@link #ask}.
     *
     * @param found takes each answer, which may tell again what an earlier one told
     * @param later does something after {@link #EVERY} or a little less
     */
    CatchUp(Rooms rooms, Consumer<Recent> found, Consumer<Runnable> later) {
        this.rooms = rooms;
        this.found = found;
        this.later = later;
    }

    /** Asks once, and again and again from then on. */
    void ask() {
        try {
            Recent recent = rooms.recent(mark);
            // Not before the answer was taken in: whatever fails on the way is told again.
            found.accept(recent);
            mark = recent.mark();
        } catch (Refusal storeIsAway) {
            LOG.log(Level.DEBUG, "what changed lately is asked later", storeIsAway);
        } finally {
            later.accept(this::ask);
        }
    }

    /** How long to wait until the next question. */
    static Duration pause() {
        return EVERY.minusMillis(ThreadLocalRandom.current().nextLong(EVERY.toMillis() / 5));
    }
}
