package com.ecleaner.chat.application.rooms;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomPage;

import java.util.Optional;

/** The conversations of a user, most recently active first. */
public final class ListRooms {
    /** The most rooms of one page. */
    public static final int MAX_LIMIT = 100;

    /** How many rooms a page has where nobody said. */
    public static final int LIMIT = 50;

    private final Rooms rooms;

    public ListRooms(Rooms rooms) {
        this.rooms = rooms;
    }

    /**
     * A page of rooms; blocks on the store.
     *
     * @param limit 1 and up; above {@link #MAX_LIMIT} is cut to it
     * @throws Refusal {@code forbidden} where somebody other than an admin asks for every room
     */
    public RoomPage list(Actor actor, RoomFilter filter, Optional<RoomCursor> after, int limit) {
        if (filter.everyRoom() && !actor.isAdmin()) {
            throw Refusal.forbidden("only an admin sees every room");
        }
        return rooms.list(actor, filter, after, Entry.limit(limit, MAX_LIMIT));
    }

    /** The actor's unread messages over all their rooms; blocks on the store. */
    public long totalUnread(Actor actor) {
        return rooms.totalUnread(actor);
    }
}
