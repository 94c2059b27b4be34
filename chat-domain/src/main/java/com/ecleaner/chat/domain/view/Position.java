package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.Refusal;

/** Where in a room's log a page of history lies. Numbers are {@code seq}, 0 and up. */
public sealed interface Position {
    /** The numbers of a page, both ends included; none where {@code fromSeq > toSeq}. */
    record Run(long fromSeq, long toSeq) {}

    /**
     * Which messages the page holds in a log that ends at {@code lastSeq}. Numbers have no holes,
     * so a store has only to read that run.
     *
     * @param limit 1 and up
     */
    default Run run(int limit, long lastSeq) {
        return switch (this) {
            case Latest latest -> endingAt(lastSeq, limit);
            case Before before -> endingAt(Math.min(before.seq - 1, lastSeq), limit);
            case After after ->
                    after.seq >= lastSeq
                            ? new Run(1, 0)
                            : new Run(after.seq + 1, Math.min(lastSeq, after.seq + limit));
            case Around around -> {
                long middle = Math.clamp(around.seq, Math.min(1, lastSeq), lastSeq);
                yield new Run(
                        Math.max(1, middle - limit / 2),
                        Math.min(lastSeq, middle + (limit - 1) / 2));
            }
        };
    }

    private static Run endingAt(long lastSeq, int limit) {
        return new Run(Math.max(1, lastSeq - limit + 1), lastSeq);
    }

    /** The newest messages. */
    record Latest() implements Position {}

    /** Those right before {@code seq}. */
    record Before(long seq) implements Position {
        public Before {
            check("before_seq", seq);
        }
    }

    /** Those right after {@code seq}. */
    record After(long seq) implements Position {
        public After {
            check("after_seq", seq);
        }
    }

    /**
     * As many before {@code seq} as after it, and itself; fewer near the ends. Beyond the end
     * counts as the end, 0 as the first.
     */
    record Around(long seq) implements Position {
        public Around {
            check("around_seq", seq);
        }
    }

    private static void check(String field, long seq) {
        if (seq < 0) {
            throw Refusal.invalid(field, "must be 0 or above");
        }
    }
}
