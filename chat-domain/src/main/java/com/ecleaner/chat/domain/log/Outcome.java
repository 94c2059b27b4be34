package com.ecleaner.chat.domain.log;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link RoomChange} came to.
 *
 * @param version the room's, once it was applied
 * @param events what it changed, in order of version; empty where everything was so already
 * @param message the message it was about, as it is now; nothing for changes of marks, people and
 *     state
 * @param repeated whether the message was there before, by its {@code client_id}
 * @param lastReadSeq the asker's mark after a {@code Read}, 0 otherwise and for a non-participant
 * @param unread the asker's unread messages after a {@code Read}, 0 otherwise
 */
public record Outcome(
        RoomId room,
        long version,
        List<RoomEvent> events,
        Optional<Message> message,
        boolean repeated,
        long lastReadSeq,
        long unread) {
    static Outcome of(Room room, List<RoomEvent> events) {
        return mark(room, events, 0, 0);
    }

    static Outcome of(Room room, List<RoomEvent> events, Message message) {
        return new Outcome(
                room.id(), room.version(), List.copyOf(events), Optional.of(message), false, 0, 0);
    }

    static Outcome repeated(Room room, Message message) {
        return new Outcome(room.id(), room.version(), List.of(), Optional.of(message), true, 0, 0);
    }

    static Outcome mark(Room room, List<RoomEvent> events, long lastReadSeq, long unread) {
        return new Outcome(
                room.id(),
                room.version(),
                List.copyOf(events),
                Optional.empty(),
                false,
                lastReadSeq,
                unread);
    }
}
