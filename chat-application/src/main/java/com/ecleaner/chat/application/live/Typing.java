package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/** Who types where. Kept nowhere; ends by itself. Thread-safe. */
final class Typing {
    /** Somebody who goes on typing says so again within this time. */
    static final Duration ENDS_AFTER = Duration.ofSeconds(6);

    private record Where(RoomId room, UserId user) {}

    private final Hub hub;
    private final EventBus bus;
    private final Map<Where, Future<?>> endings = new ConcurrentHashMap<>();

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
            Future<?> before =
                    endings.put(where, hub.schedule(ENDS_AFTER, () -> ended(where, person)));
            if (before != null) {
                before.cancel(false);
            }
            bus.publish(new Passing.TypingChanged(room, person, true));
        } else {
            ended(where, person);
        }
    }

    private void ended(Where where, Person person) {
        Future<?> ending = endings.remove(where);
        if (ending != null) {
            ending.cancel(false);
            bus.publish(new Passing.TypingChanged(where.room(), person, false));
        }
    }
}
