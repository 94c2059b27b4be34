package com.ecleaner.chat.domain.room;

import com.ecleaner.chat.domain.Refusal;

/** A room's id, given by the chat: 1 and up. */
public record RoomId(long value) implements Comparable<RoomId> {
    public RoomId {
        if (value < 1) {
            throw Refusal.invalid("room", "must be a positive number");
        }
    }

    @Override
    public int compareTo(RoomId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
