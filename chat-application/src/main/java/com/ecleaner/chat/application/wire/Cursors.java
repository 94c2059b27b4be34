package com.ecleaner.chat.application.wire;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.SearchCursor;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;

/**
 * Page marks as opaque text: whoever lists rooms by one door may go on by another. Thread-safe.
 *
 * <p>They are not signed: a made-up one only moves within the list one may see anyway.
 */
public final class Cursors {
    private static final int BYTES = 2 * Long.BYTES;

    /** The start of the year 10,000: beyond what a store is asked for. */
    private static final long END_MILLIS = 253_402_300_800_000L;

    private Cursors() {}

    /** A mark in a list that is ordered by one number, 1 and up. */
    public static String text(long number) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The mark that {@link #text(long)} wrote.
     *
     * @throws Refusal {@code invalid}, naming {@code cursor}, for anything else
     */
    public static long number(String text) {
        // 8 bytes are 11 characters.
        if (text.length() == 11) {
            try {
                long number = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)).getLong();
                if (number > 0 && text(number).equals(text)) {
                    return number;
                }
            } catch (IllegalArgumentException e) {
                // No base64: refused below like everything else that is no mark of ours.
            }
        }
        throw none();
    }

    /** A mark among the results of a search: a tier's place counts, the best is 0. */
    @SuppressWarnings("EnumOrdinal")
    public static String text(SearchCursor cursor) {
        byte[] bytes =
                ByteBuffer.allocate(1 + 2 * Long.BYTES)
                        .put((byte) cursor.tier().ordinal())
                        .putLong(cursor.at().toEpochMilli())
                        .putLong(cursor.message().value())
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The mark that {@link #text(SearchCursor)} wrote.
     *
     * @throws Refusal {@code invalid}, naming {@code cursor}, for anything else
     */
    @SuppressWarnings("EnumOrdinal")
    public static SearchCursor search(String text) {
        // 17 bytes are 23 characters.
        if (text.length() == 23) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
                int tier = bytes.get();
                long millis = bytes.getLong();
                long message = bytes.getLong();
                if (tier >= 0
                        && tier < Terms.Tier.values().length
                        && millis >= 0
                        && millis < END_MILLIS
                        && message > 0) {
                    SearchCursor cursor =
                            new SearchCursor(
                                    Terms.Tier.values()[tier],
                                    Instant.ofEpochMilli(millis),
                                    new MessageId(message));
                    if (text(cursor).equals(text)) {
                        return cursor;
                    }
                }
            } catch (IllegalArgumentException e) {
                // No base64: refused below like everything else that is no mark of ours.
            }
        }
        throw none();
    }

    /** A mark in the list of rooms, as text for an address or a frame. */
    public static String text(RoomCursor cursor) {
        byte[] bytes =
                ByteBuffer.allocate(BYTES)
                        .putLong(cursor.updatedAt().toEpochMilli())
                        .putLong(cursor.room().value())
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The mark that {@link #text(RoomCursor)} wrote.
     *
     * @throws Refusal {@code invalid}, naming {@code cursor}, for anything else
     */
    public static RoomCursor room(String text) {
        // 16 bytes are 22 characters; the last one's spare bits must be as the encoder left them.
        if (text.length() == 22) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
                long millis = bytes.getLong();
                long room = bytes.getLong();
                if (millis >= 0 && millis < END_MILLIS && room > 0) {
                    RoomCursor cursor =
                            new RoomCursor(Instant.ofEpochMilli(millis), new RoomId(room));
                    if (text(cursor).equals(text)) {
                        return cursor;
                    }
                }
            } catch (IllegalArgumentException e) {
                // No base64: refused below like everything else that is no mark of ours.
            }
        }
        throw none();
    }

    private static Refusal none() {
        return Refusal.invalid("cursor", "is none of this chat's");
    }
}
