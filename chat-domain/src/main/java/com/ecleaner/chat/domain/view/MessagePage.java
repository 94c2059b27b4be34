package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.message.Message;

import java.util.List;

/** A run of a room's messages, ascending by seq, and whether the log goes on at either end. */
public record MessagePage(List<Message> messages, boolean moreBefore, boolean moreAfter) {
    /**
     * The page that holds these messages of a log that ends at {@code lastSeq}: numbers have no
     * holes.
     */
    public static MessagePage of(List<Message> messages, Position position, long lastSeq) {
        if (!messages.isEmpty()) {
            return new MessagePage(
                    List.copyOf(messages),
                    messages.getFirst().seq() > 1,
                    messages.getLast().seq() < lastSeq);
        }
        return switch (position) {
            case Position.Latest latest -> new MessagePage(List.of(), false, false);
            case Position.Before before -> new MessagePage(List.of(), false, lastSeq > 0);
            case Position.After after -> new MessagePage(List.of(), lastSeq > 0, false);
            case Position.Around around -> new MessagePage(List.of(), lastSeq > 0, false);
        };
    }
}
