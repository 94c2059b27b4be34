package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Admission;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.EarlierPage;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.Recent;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.domain.view.Seat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rooms as they are read, and their opening. Thread-safe. Every method may block on the store and
 * throws a {@link com.ecleaner.chat.domain.Refusal} {@code unavailable} where it is away.
 */
public interface Rooms {
    /**
     * The room and whether it is new.
     *
     * @param joined who is in a room that is new; empty otherwise
     */
    record Opened(Room room, boolean created, Set<UserId> joined) {}

    /**
     * The room of that key, made where there is none: a job's with the job's people, a support room
     * with its opener, a general one empty. A new room has version 1 and is open, a job's as open
     * as its job.
     *
     * @param by who opens it; their role is what they are in a support room of their own
     * @throws com.ecleaner.chat.domain.Refusal {@code not_found} where the job does not exist,
     *     {@code room_closed} where a further room of a closed job would have to be made
     */
    Opened open(RoomKey key, Actor by, Instant at);

    Optional<Room> find(RoomId room);

    Optional<Room> find(RoomKey key);

    /** Whether that room exists, and how {@code user} is in it. */
    Optional<Seat> seat(RoomId room, UserId user);

    /**
     * The room as the viewer sees it; nothing where there is no such room. Access is the caller's
     * to check.
     */
    Optional<RoomView> view(RoomId room, UserId viewer);

    /** The same for several viewers, read once. Empty where there is no such room. */
    Map<UserId, RoomView> views(RoomId room, Set<UserId> viewers);

    /**
     * The rooms the viewer is a participant of, or all, most recently active first, in a fixed
     * number of statements.
     *
     * @param limit 1–100
     */
    RoomPage list(Actor viewer, RoomFilter filter, Optional<RoomCursor> after, int limit);

    /** The user's unread messages over all rooms they are in. */
    long totalUnread(Actor user);

    /**
     * Every room the user is in, in whatever way, with how far it and they have come. What of it
     * counts is the caller's to say.
     */
    List<RoomLevel> levels(UserId user);

    /**
     * A page of history.
     *
     * @param limit 1–200
     */
    MessagePage history(
            RoomId room, UserId reader, Admission admission, Position position, int limit);

    /**
     * What a message said before it was edited; nothing of one that is deleted.
     *
     * @param afterVersion 0 for the first page, an earlier page's {@code next} afterwards
     * @param limit 1–100
     * @throws com.ecleaner.chat.domain.Refusal {@code not_found} where the room has no such message
     */
    EarlierPage earlier(
            RoomId room,
            UserId reader,
            Admission admission,
            MessageId message,
            long afterVersion,
            int limit);

    /** What changed above {@code seq} and {@code version}; both 0 and up. */
    Changes changes(RoomId room, UserId reader, Admission admission, long seq, long version);

    /**
     * What changed since an earlier question, and a little before it: enough for whatever was being
     * committed then, but for a transaction that its owner kept open.
     *
     * @param mark the earlier answer's, or {@link Recent#FROM_NOW}
     */
    Recent recent(long mark);
}
