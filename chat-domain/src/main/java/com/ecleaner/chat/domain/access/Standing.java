package com.ecleaner.chat.domain.access;

import com.ecleaner.chat.domain.user.Actor;

/** How an actor stands to a room. */
public enum Standing {
    /** A participant: the job's client or assigned cleaner, a support room's opener, who joined. */
    IN,
    /** Neither participant nor privileged; an unassigned cleaner is this from that moment. */
    OUT,
    /** An admin, participant or not. */
    ADMIN,
    /** The platform itself. */
    PLATFORM;

    /**
     * How {@code actor} stands to a room.
     *
     * @param present whether they are a participant of it now
     */
    public static Standing of(Actor actor, boolean present) {
        return switch (actor.role()) {
            case ADMIN -> ADMIN;
            case SERVICE -> PLATFORM;
            case CLIENT, CLEANER -> present ? IN : OUT;
        };
    }
}
