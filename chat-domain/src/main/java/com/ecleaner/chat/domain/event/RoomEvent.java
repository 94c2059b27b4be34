package com.ecleaner.chat.domain.event;

import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.UserId;

import java.util.Set;

/**
 * A change of a room's log. Each takes the room's next version; they mean something in that order
 * only.
 */
public sealed interface RoomEvent extends ChatEvent {
    RoomId room();

    long version();

    record MessagePosted(Message message) implements RoomEvent {
        @Override
        public RoomId room() {
            return message.room();
        }

        @Override
        public long version() {
            return message.version();
        }
    }

    record MessageEdited(Message message) implements RoomEvent {
        @Override
        public RoomId room() {
            return message.room();
        }

        @Override
        public long version() {
            return message.version();
        }
    }

    record MessageDeleted(Message message) implements RoomEvent {
        @Override
        public RoomId room() {
            return message.room();
        }

        @Override
        public long version() {
            return message.version();
        }
    }

    /** A read mark moved; {@code unread} is what the reader has left in this room then. */
    record ReadAdvanced(RoomId room, long version, UserId user, long upToSeq, long unread)
            implements RoomEvent {}

    /**
     * The room's people or its state changed, or it was opened.
     *
     * @param type of the room, so that admins hear of support rooms they are not in
     * @param joined who is in it since this version
     * @param left who is out since this version: nothing later reaches them
     */
    record RoomChanged(
            RoomId room, long version, RoomType type, Set<UserId> joined, Set<UserId> left)
            implements RoomEvent {}

    /**
     * All that {@code user} said here is gone, and so is their name: one change for all their
     * messages.
     */
    record AuthorErased(RoomId room, long version, UserId user) implements RoomEvent {}
}
