package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.search.Terms;

import java.time.Instant;
import java.util.Comparator;

/**
 * Where a message stands among all that was found: better answers first, newer ones first among
 * equals. Made of the message alone, so it says nothing of any other.
 *
 * @param at the message's timestamp
 */
public record SearchCursor(Terms.Tier tier, Instant at, MessageId message)
        implements Comparable<SearchCursor> {
    private static final Comparator<SearchCursor> BEST_FIRST =
            Comparator.comparing(SearchCursor::tier)
                    .thenComparing(SearchCursor::at, Comparator.reverseOrder())
                    .thenComparing(c -> c.message.value(), Comparator.reverseOrder());

    @Override
    public int compareTo(SearchCursor other) {
        return BEST_FIRST.compare(this, other);
    }
}
