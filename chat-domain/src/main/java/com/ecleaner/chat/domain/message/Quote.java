package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.user.Person;

/**
 * The message a reply answers, as the reply shows it.
 *
 * @param excerpt the beginning of what it says now, of a file without words its name; empty once it
 *     is deleted
 */
public record Quote(MessageId id, long seq, Person sender, String excerpt) {
    public static final int MAX_EXCERPT = 140;

    public Quote {
        excerpt = Text.excerpt(excerpt, MAX_EXCERPT);
    }

    public static Quote of(Message message) {
        return of(message, message.sender());
    }

    /** The same with the names that its sender has by now. */
    public static Quote of(Message message, Person sender) {
        String says =
                message.content().isEmpty()
                        ? message.attachment().map(Attachment::name).orElse("")
                        : message.content();
        return new Quote(message.id(), message.seq(), sender, says);
    }
}
