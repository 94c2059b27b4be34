package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.Refusal;

/**
 * What a connection holds of a room when it asks to be brought level.
 *
 * @param seq the highest message it holds, 0 for none
 * @param version the highest version it was told; {@link #MESSAGES_ALONE} where it wants no other
 *     changes
 */
public record Held(long seq, long version) {
    /** Above every version there can be. */
    public static final long MESSAGES_ALONE = Long.MAX_VALUE;

    public Held {
        if (seq < 0 || version < 0) {
            throw Refusal.invalid("rooms", "numbers must be 0 or above");
        }
    }
}
