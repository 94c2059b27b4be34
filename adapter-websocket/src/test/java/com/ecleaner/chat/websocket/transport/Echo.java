package com.ecleaner.chat.websocket.transport;

/** Sends back what it gets. */
final class Echo implements SocketListener {

    private final Socket socket;

    Echo(Socket socket, Handshake handshake) {
        this.socket = socket;
    }

    @Override
    public void text(String message) {
        socket.send(Frame.text(message));
    }

    @Override
    public void binary(byte[] message) {
        socket.send(Frame.binary(message));
    }

    @Override
    public void closed(int code) {}
}
