package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Refusal;

/** A message's id, unique over all rooms; it says nothing of order, {@code seq} does. */
public record MessageId(long value) {
    public MessageId {
        if (value < 1) {
            throw Refusal.invalid("message_id", "must be a positive number");
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
