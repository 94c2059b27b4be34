package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.SearchPage;
import com.ecleaner.chat.domain.view.SearchScope;

import java.util.Optional;

/**
 * Finds messages by their words, as {@link Terms} says. Thread-safe; may block on the store, for a
 * bounded time, and throws a {@link com.ecleaner.chat.domain.Refusal} {@code unavailable} where it
 * is away or the search takes too long.
 *
 * <p>What was committed is found at once; what was deleted, edited away or erased is not. By a
 * sender's name those are found who have, or had, a place in the room; only the newest that each
 * still says in a room. What lies outside the scope has no influence on anything that is returned.
 */
public interface Search {
    /**
     * What answers in the scope, best first, read in one snapshot.
     *
     * @param after an earlier page's {@code next}
     * @param limit 1–50
     */
    SearchPage find(
            Actor asker, SearchScope scope, Terms terms, Optional<SearchCursor> after, int limit);
}
