package com.ecleaner.chat.application.messages;

import com.ecleaner.chat.application.rooms.Entry;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.EarlierPage;

import java.util.OptionalLong;

/** What a message said before it was edited, for whoever may read the room. */
public final class ListEdits {
    /** The most contents of one page. */
    public static final int MAX_LIMIT = 100;

    /** How many contents a page has where nobody said. */
    public static final int LIMIT = 50;

    private final Rooms rooms;

    public ListEdits(Rooms rooms) {
        this.rooms = rooms;
    }

    /**
     * A page of earlier contents, the first wording first; none of a deleted message. Blocks on the
     * store.
     *
     * @param after an earlier page's {@code next}
     * @param limit 1 and up; above {@link #MAX_LIMIT} is cut to it
     * @throws com.ecleaner.chat.domain.Refusal {@code not_found} for room and message, {@code
     *     invalid}, {@code unavailable}
     */
    public EarlierPage list(
            Actor actor, RoomId room, MessageId message, OptionalLong after, int limit) {
        return rooms.earlier(
                room,
                actor.id(),
                Entry.reading(actor),
                message,
                after.orElse(0),
                Entry.limit(limit, MAX_LIMIT));
    }
}
