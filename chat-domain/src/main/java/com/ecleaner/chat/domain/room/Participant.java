package com.ecleaner.chat.domain.room;

import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;

/**
 * One user's row in a room. It stays when the user leaves, so that what they read stays read.
 *
 * @param role what they are in this room: client, cleaner or admin
 * @param lastReadSeq the read mark: everything up to this number was read; 0 for nothing
 * @param skipped how many messages behind the mark are the user's own or deleted, each counted once
 * @param present whether they are in the room now
 * @param version the room's version when this row last changed
 */
public record Participant(
        UserId user,
        Role role,
        Instant joinedAt,
        long lastReadSeq,
        long skipped,
        boolean present,
        long version) {

    public static Participant joining(UserId user, Role role, Instant at, long mark, long version) {
        return new Participant(user, role, at, mark, 0, true, version);
    }

    /**
     * How this user is in the room of that key. Who is an admin there has come by writing, unless
     * the room is one they opened, or one that anybody may join.
     */
    public Membership membership(RoomKey room) {
        if (!present) {
            return Membership.NONE;
        }
        boolean asAdmin =
                role == Role.ADMIN
                        && switch (room) {
                            case RoomKey.OfJob job -> true;
                            case RoomKey.OfSupport support -> !support.opener().equals(user);
                            case RoomKey.OfAll all -> false;
                        };
        return asAdmin ? Membership.AS_ADMIN : Membership.OWN;
    }

    /** The messages this user has yet to read in a room whose newest message is {@code lastSeq}. */
    public long unread(long lastSeq) {
        return present ? Unread.count(lastSeq, lastReadSeq, skipped) : 0;
    }

    public Participant withMark(long seq, long skippedNow, long at) {
        return new Participant(user, role, joinedAt, seq, skippedNow, present, at);
    }

    public Participant withSkipped(long skippedNow) {
        return new Participant(user, role, joinedAt, lastReadSeq, skippedNow, present, version);
    }

    public Participant leaving(long at) {
        return new Participant(user, role, joinedAt, lastReadSeq, skipped, false, at);
    }

    public Participant returning(Role as, Instant when, long mark, long skippedNow, long at) {
        return new Participant(user, as, when, mark, skippedNow, true, at);
    }
}
