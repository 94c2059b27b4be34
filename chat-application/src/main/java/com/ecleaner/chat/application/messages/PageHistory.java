package com.ecleaner.chat.application.messages;

import com.ecleaner.chat.application.rooms.Entry;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;

/** Reads what was said, a page at a time, in both directions and around a message. */
public final class PageHistory {
    /** The most messages of one page. */
    public static final int MAX_LIMIT = 200;

    /** How many messages a page has where nobody said. */
    public static final int LIMIT = 50;

    private final Rooms rooms;

    public PageHistory(Rooms rooms) {
        this.rooms = rooms;
    }

    /**
     * A page of a room the actor may read; blocks on the store.
     *
     * @param limit 1 and up; above {@link #MAX_LIMIT} is cut to it
     * @throws com.ecleaner.chat.domain.Refusal {@code not_found}, {@code invalid}, {@code
     *     unavailable}
     */
    public MessagePage page(Actor actor, RoomId room, Position position, int limit) {
        return rooms.history(
                room, actor.id(), Entry.reading(actor), position, Entry.limit(limit, MAX_LIMIT));
    }
}
