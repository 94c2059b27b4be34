package com.ecleaner.chat.websocket.transport;

import java.util.Optional;

/**
 * Decides on a handshake before anybody hears of it. A refused connection is accepted and closed at
 * once with the given code, because browsers can't read a handshake's status. Called on network
 * threads: must not block.
 */
@FunctionalInterface
public interface HandshakeGate {

    /** Why this handshake is refused, or empty if it is not. */
    Optional<Closing> refusal(Handshake handshake);
}
