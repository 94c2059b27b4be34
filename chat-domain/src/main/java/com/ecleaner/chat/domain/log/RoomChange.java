package com.ecleaner.chat.domain.log;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.Map;

/** What somebody wants changed in one room. {@link RoomLedger} decides it under the room's lock. */
public sealed interface RoomChange {
    RoomId room();

    record Post(RoomId room, Actor actor, Draft draft, Instant at) implements RoomChange {}

    /** Empty only where the message says something without words. */
    record Edit(RoomId room, Actor actor, MessageId message, String content, Instant at)
            implements RoomChange {
        public Edit {
            if (!content.isEmpty()) {
                Draft.content(content);
            }
        }
    }

    /**
     * What was meant to be a message and is none, under a name that may have been given before:
     * then the first one answers.
     *
     * @param otherwise why it is none
     */
    record Repeat(RoomId room, Actor actor, ClientId name, Refusal otherwise)
            implements RoomChange {}

    record Delete(RoomId room, Actor actor, MessageId message, Instant at) implements RoomChange {}

    /** Everything up to {@code upToSeq} was read; beyond the end counts as the end. */
    record Read(RoomId room, Actor actor, long upToSeq) implements RoomChange {
        public Read {
            if (upToSeq < 0) {
                throw Refusal.invalid("up_to_seq", "must be 0 or above");
            }
        }
    }

    /** A general room is entered. */
    record Join(RoomId room, Actor actor, Instant at) implements RoomChange {}

    /** A general room is left. */
    record Leave(RoomId room, Actor actor) implements RoomChange {}

    /** An admin or the platform closes or reopens a support or general room. */
    record SetOpen(RoomId room, Actor actor, boolean open) implements RoomChange {}

    /**
     * The job has these people now, and is open or over. Whoever is in the room as client or
     * cleaner and not among them is out; admins stay.
     */
    record FollowJob(RoomId room, Map<UserId, Role> people, boolean open, Instant at)
            implements RoomChange {}

    /**
     * The platform said what {@code user} is. Where they were in the room as an admin and are none
     * any more, they are out.
     */
    record FollowRole(RoomId room, UserId user) implements RoomChange {}

    /** The job's state changed: the platform's own message, which goes into closed rooms too. */
    record Announce(RoomId room, Actor platform, Draft draft, Instant at) implements RoomChange {}

    /** Everything {@code user} said is deleted, and they are out. */
    record EraseAuthor(RoomId room, UserId user, Instant at) implements RoomChange {}
}
