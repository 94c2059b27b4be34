package com.ecleaner.chat.application.signin;

import java.time.Duration;
import java.util.Optional;

/**
 * Keeps identities for a short while under names nobody can guess, each to be taken once.
 * Thread-safe; may block.
 */
public interface Tickets {
    /**
     * Keeps an identity.
     *
     * @param keptFor after this long it is gone; at once where it is not above zero
     * @throws com.ecleaner.chat.domain.Refusal {@code unavailable}
     */
    void keep(String ticket, Identity identity, Duration keptFor);

    /**
     * Takes what was kept; whoever comes second gets nothing, on whatever node.
     *
     * @param ticket as it came from outside
     * @throws com.ecleaner.chat.domain.Refusal {@code unavailable}
     */
    Optional<Identity> take(String ticket);
}
