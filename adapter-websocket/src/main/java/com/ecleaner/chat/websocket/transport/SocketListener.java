package com.ecleaner.chat.websocket.transport;

/**
 * What a connection hears. All calls of one connection come from one network thread, one after the
 * other: they must hand off what takes time and must not block. A call that throws closes the
 * connection with {@link Closing#FAULT}.
 */
public interface SocketListener {

    /** A whole text message, in the order sent. Never called after {@link #closed}. */
    void text(String message);

    /**
     * A whole binary message. Only with {@link WebSocketSettings#binaryAllowed}: otherwise the
     * connection is closed with 1003 before a byte of it is kept.
     */
    default void binary(byte[] message) {}

    /**
     * Closing began; called once, and last.
     *
     * @param code that of our close frame or of the peer's, 1005 if the peer's has none, 1006 if
     *     the connection was lost
     */
    void closed(int code);
}
