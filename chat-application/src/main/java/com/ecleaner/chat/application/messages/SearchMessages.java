package com.ecleaner.chat.application.messages;

import com.ecleaner.chat.application.limits.Gate;
import com.ecleaner.chat.application.rooms.Entry;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.SearchPage;
import com.ecleaner.chat.domain.view.SearchScope;

import java.util.Optional;

/**
 * Finds what was said by its words, in the rooms somebody is in; an admin finds it in every room.
 * Thread-safe.
 */
public final class SearchMessages {
    /** The most results of one page. */
    public static final int MAX_LIMIT = 50;

    /** How many results a page has where nobody said. */
    public static final int LIMIT = 20;

    /** So many searches at a time leave the store's connections to everything else. */
    private static final int AT_ONCE = 8;

    private static final int AT_ONCE_OF_ONE = 3;

    private final Search search;
    private final Gate gate = new Gate(AT_ONCE, AT_ONCE_OF_ONE, "searches");

    public SearchMessages(Search search) {
        this.search = search;
    }

    /**
     * A page of what was found, best first; blocks on the store.
     *
     * @param room to look in this one alone, also a general one that the actor has not entered
     * @param limit 1 and up; above {@link #MAX_LIMIT} is cut to it
     * @throws Refusal {@code not_found} for a room the actor may not read, {@code invalid}, {@code
     *     rate_limited} while three searches of theirs are under way, {@code unavailable}
     */
    public SearchPage search(
            Actor actor,
            Terms terms,
            Optional<RoomId> room,
            Optional<SearchCursor> after,
            int limit) {
        int size = Entry.limit(limit, MAX_LIMIT);
        gate.enter(actor.id());
        try {
            return search.find(actor, scope(actor, room), terms, after, size);
        } finally {
            gate.leave(actor.id());
        }
    }

    private static SearchScope scope(Actor actor, Optional<RoomId> room) {
        if (room.isPresent()) {
            return new SearchScope.OneRoom(room.get(), Entry.reading(actor));
        }
        return actor.isAdmin() ? new SearchScope.EveryRoom() : new SearchScope.OwnRooms();
    }
}
