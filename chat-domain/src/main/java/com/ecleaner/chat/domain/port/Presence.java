package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Who is connected, over all devices and nodes. Lives in memory and forgets: it never touches the
 * record. Thread-safe; does not wait for the network longer than a moment, and rather says
 * "offline" than fails.
 */
public interface Presence {
    /**
     * Whether somebody is connected.
     *
     * @param lastSeen when their last connection went; nothing while online or where nothing is
     *     known
     */
    record Seen(boolean online, Optional<Instant> lastSeen) {
        public static final Seen UNKNOWN = new Seen(false, Optional.empty());
    }

    /** A connection of the user is open. Returns whether it is their first. */
    boolean arrived(UserId user, String session);

    /**
     * It is gone; nothing changes where it never arrived. Returns whether it was their last, as far
     * as this process knows: {@link #of} tells what others do.
     */
    boolean left(UserId user, String session, Instant at);

    /**
     * How many connections of the user other nodes know of; 0 where there are none or no answer.
     */
    default int elsewhere(UserId user) {
        return 0;
    }

    /** What is known of these users: an entry for each. */
    Map<UserId, Seen> of(Set<UserId> users);

    /**
     * Names users who are offline because their process died and took them along: nobody has told
     * so, and they did not come back by another. Each is named in one process.
     *
     * @param listener takes the user and when they were seen last; returns at once
     */
    default void whenLost(BiConsumer<UserId, Instant> listener) {}
}
