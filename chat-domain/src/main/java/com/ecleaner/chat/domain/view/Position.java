package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.Refusal;

/** Where in a room's log a page of history lies. Numbers are {@code seq}, 0 and up. */
public sealed interface Position {
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

    /** As many before {@code seq} as after it, and itself. */
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
