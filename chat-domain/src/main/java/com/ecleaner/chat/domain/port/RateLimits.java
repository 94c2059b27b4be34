package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.user.UserId;

/** How much one user may ask of the chat in a time. Thread-safe; must not block. */
public interface RateLimits {
    /** What is being asked for. */
    enum Kind {
        /** A change of a room: a message, an edit, a deletion. */
        MESSAGE,
        /** Anything a connection sends. */
        FRAME
    }

    /** Lets everything through. */
    RateLimits NONE = (user, kind) -> 0;

    /**
     * Takes one from what the user has left of {@code kind}.
     *
     * @return 0 where it was there to take, otherwise nothing was taken and this many seconds have
     *     to pass
     */
    double secondsToWait(UserId user, Kind kind);
}
