package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomView;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Something a connection is told. Versions rise on one connection, the answer to a sync aside. */
public sealed interface Notice {
    /** A message of the room's log, in order of seq. */
    record Posted(long version, Message message) implements Notice {}

    record Edited(long version, Message message) implements Notice {}

    record Deleted(long version, Message message) implements Notice {}

    /** Somebody else has read up to there. */
    record Read(RoomId room, long version, UserId user, long upToSeq) implements Notice {}

    /**
     * This user has, on whatever device; with what is left unread here and over all their rooms.
     */
    record OwnRead(
            RoomId room, long version, UserId user, long upToSeq, long unread, long totalUnread)
            implements Notice {}

    record Typing(RoomId room, Person user, boolean typing) implements Notice {}

    record PresenceShown(UserId user, boolean online, Optional<Instant> lastSeen)
            implements Notice {}

    /**
     * A room that is new to this user, or whose people or state changed.
     *
     * @param presence of the people whose presence it shows
     */
    record RoomShown(RoomView room, Map<UserId, Presence.Seen> presence) implements Notice {}

    /** This user has no access any more; nothing later of this room follows. */
    record RoomLeft(RoomId room, String reason) implements Notice {}

    /** Blank this user everywhere. */
    record UserErased(UserId user) implements Notice {}

    /** These messages are too many to be told: load them as history. Both ends included. */
    record Gap(RoomId room, long fromSeq, long toSeq) implements Notice {}
}
