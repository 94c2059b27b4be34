package com.ecleaner.chat.websocket.transport;

/** Receives new connections. */
@FunctionalInterface
public interface SocketAcceptor {

    /**
     * A connection was opened. Called on its network thread and must not block; may send and close
     * at once. To refuse somebody, close here with a code that says why.
     *
     * @return who hears of it from now on
     */
    SocketListener opened(Socket socket, Handshake handshake);
}
