package com.ecleaner.chat.domain.event;

import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What is true for a moment and stored nowhere, or stored elsewhere than in a room's log. */
public sealed interface Passing extends ChatEvent {
    /** Somebody types, or stopped. */
    record TypingChanged(RoomId room, Person user, boolean typing) implements Passing {}

    /**
     * Somebody's first connection came or their last one went.
     *
     * @param rooms the small rooms they are in: who follows one of them is told
     * @param lastSeen when the last connection went; nothing while online
     */
    record PresenceChanged(
            UserId user, Set<RoomId> rooms, boolean online, Optional<Instant> lastSeen)
            implements Passing {}

    /** The platform wrote something about a user: names, role, or that they are to be forgotten. */
    record UserChanged(User user) implements Passing {}
}
