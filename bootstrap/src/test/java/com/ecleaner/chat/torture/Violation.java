package com.ecleaner.chat.torture;

import java.util.List;

/**
 * A broken promise.
 *
 * @param what in words
 * @param story the facts that show it, no more than needed
 */
record Violation(Kind kind, String what, List<Fact> story) {
    /** Which promise. */
    enum Kind {
        /** G1: an acknowledged message is not kept, or one that was told is gone. */
        LOST,
        /** G2: one client_id became two messages. */
        DUPLICATE,
        /** G1: a message, or a content, that nobody sent. */
        PHANTOM,
        /** G3: a number is missing. */
        HOLE,
        /** G3: two readers were told different messages by one number, or in another order. */
        ORDER,
        /** G3: a version or a mark went back. */
        WENT_BACK,
        /** G4: what is unread is not what the definition says. */
        UNREAD,
        /** G5: a user was told what was written after they were out. */
        AFTER_LOSS,
        /** G6: after quiet time a device holds something else than the record. */
        NOT_LEVEL
    }

    String told(long start) {
        StringBuilder text = new StringBuilder(kind + ": " + what);
        story.forEach(fact -> text.append("\n    ").append(fact.line(start)));
        return text.toString();
    }
}
