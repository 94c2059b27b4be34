package com.ecleaner.chat.domain.room;

import com.ecleaner.chat.domain.user.Role;

/** How somebody is in a room. */
public enum Membership {
    /** Not at all, or no more. */
    NONE,
    /** By having written there as an admin: for as long as they are one. */
    AS_ADMIN,
    /**
     * On their own account: a job's client and cleaner, who opened a support room, who joined a
     * general one.
     */
    OWN;

    /** In whatever way. */
    public boolean isIn() {
        return this != NONE;
    }

    /** Whether somebody who has that role now is a participant by this. */
    public boolean counts(Role now) {
        return this == OWN || (this == AS_ADMIN && now == Role.ADMIN);
    }
}
