package com.ecleaner.chat.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A text frame with a gap for a mark: who sends, and when. Whatever the server makes of the frame,
 * the mark has to come back in it, after the first {@value #SIGN} of the frame.
 *
 * @param before the frame's text up to the mark
 * @param after its text after the mark
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and written into each frame as it is
public record Template(byte[] before, byte[] after) {
    /** Begins a mark; nothing before it in any frame may contain it. */
    static final char SIGN = '~';

    /** Of a text that contains {@code $} once, in the place of the mark. */
    public static Template of(String text) {
        int gap = text.indexOf('$');
        if (gap < 0 || text.indexOf('$', gap + 1) >= 0 || text.indexOf(SIGN) >= 0) {
            throw new IllegalArgumentException("one $ and no " + SIGN + ": " + text);
        }
        return new Template(
                text.substring(0, gap).getBytes(UTF_8), text.substring(gap + 1).getBytes(UTF_8));
    }

    /** The frame, masked with zeros, which a server has to undo like any other mask. */
    ByteBuf frame(ByteBufAllocator memory, Mark mark) {
        byte[] sign = mark.text().getBytes(UTF_8);
        int length = before.length + sign.length + after.length;
        ByteBuf frame = memory.buffer(length + 8);
        frame.writeByte(0x81);
        if (length < 126) {
            frame.writeByte(0x80 | length);
        } else {
            frame.writeByte(0x80 | 126).writeShort(length);
        }
        return frame.writeInt(0).writeBytes(before).writeBytes(sign).writeBytes(after);
    }
}
