package com.ecleaner.chat.domain.access;

import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.user.Actor;

/** How an actor stands to a room. */
public enum Standing {
    /** A participant: the job's client or assigned cleaner, a support room's opener, who joined. */
    IN,
    /**
     * Neither participant nor privileged; an unassigned cleaner is this from that moment, and who
     * was in a room as an admin and is none any more.
     */
    OUT,
    /** An admin, participant or not. */
    ADMIN,
    /** The platform itself. */
    PLATFORM;

    /**
     * How {@code actor} stands to a room.
     *
     * @param membership how they are in it now
     */
    public static Standing of(Actor actor, Membership membership) {
        return switch (actor.role()) {
            case ADMIN -> ADMIN;
            case SERVICE -> PLATFORM;
            case CLIENT, CLEANER -> membership.counts(actor.role()) ? IN : OUT;
        };
    }
}
