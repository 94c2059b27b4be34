package com.ecleaner.chat.domain.room;

/**
 * The one definition of unread: the messages of others, not deleted, after the user's mark.
 *
 * <p>Messages are numbered without holes, so those after the mark are {@code lastSeq −
 * lastReadSeq}; {@code skipped} of them are one's own or deleted.
 */
public final class Unread {
    private Unread() {}

    public static long count(long lastSeq, long lastReadSeq, long skipped) {
        return lastSeq - lastReadSeq - skipped;
    }
}
