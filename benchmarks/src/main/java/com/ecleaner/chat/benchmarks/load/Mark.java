package com.ecleaner.chat.benchmarks.load;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * What a message says of itself.
 *
 * @param sender the number of the connection that sent it
 * @param nanos when it was sent, or should have been, by {@link System#nanoTime}; never negative
 */
record Mark(int sender, long nanos) {
    /** As it stands in a message; also a name that no other message has. */
    String text() {
        return Template.SIGN + Integer.toString(sender) + '.' + nanos;
    }

    /** The first mark between two indices; {@code null} where there is none. */
    static @Nullable Mark in(ByteBuf text, int from, int to) {
        int at = text.indexOf(from, to, (byte) Template.SIGN);
        if (at < 0) {
            return null;
        }
        long sender = 0;
        int next = at + 1;
        while (next < to && text.getByte(next) != '.') {
            sender = 10 * sender + text.getByte(next++) - '0';
        }
        long nanos = 0;
        for (next++; next < to; next++) {
            int digit = text.getByte(next) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            nanos = 10 * nanos + digit;
        }
        return new Mark((int) sender, nanos);
    }
}
