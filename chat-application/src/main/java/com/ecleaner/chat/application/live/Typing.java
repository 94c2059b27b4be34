package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/** Who types where. Kept nowhere; ends by itself. Thread-safe. */
final class Typing {
    /** Somebody who goes on typing says so again within this time. */
    static final Duration ENDS_AFTER = Duration.ofSeconds(6);

    private record Where(RoomId room, UserId user) {}

    /** One saying that somebody types, until it is said again or ends. */
    private static final class Spell {
        private volatile @Nullable Future<?> ending;

        private void over() {
            Future<?> timer = ending;
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    private final Hub hub;
    private final EventBus bus;
    private final Map<Where, Spell> spells = new ConcurrentHashMap<>();

    Typing(Hub hub, EventBus bus) {
        this.hub = hub;
        this.bus = bus;
    }

    /**
     * The session's user types, or stopped.
     *
     * @throws Refusal {@code room_closed}
     */
    void set(LiveSession session, RoomId room, boolean typing) {
        if (!session.isOpen(room)) {
            throw Refusal.roomClosed();
        }
        Where where = new Where(room, session.user());
        Person person = session.person();
        if (typing) {
            Spell now = new Spell();
            Spell before = spells.put(where, now);
            if (before != null) {
                before.over();
            }
            now.ending = hub.schedule(ENDS_AFTER, () -> ended(where, person, now));
            bus.publish(new Passing.TypingChanged(room, person, true));
        } else {
            Spell before = spells.get(where);
            if (before != null) {
                ended(where, person, before);
            }
        }
    }

    /** An ending that comes late ends nothing that was said since. */
    private void ended(Where where, Person person, Spell spell) {
        if (spells.remove(where, spell)) {
            spell.over();
            bus.publish(new Passing.TypingChanged(where.room(), person, false));
        }
    }
}
