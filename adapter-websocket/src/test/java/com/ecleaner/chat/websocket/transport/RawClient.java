package com.ecleaner.chat.websocket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A WebSocket client that sends exactly the bytes it is told, however wrong. */
final class RawClient implements Closeable {

    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private final Socket socket;
    private final DataInputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.socket.setSoTimeout(10_000);
        this.socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 512));
    }

    /** A TCP connection, nothing said yet. */
    static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** With a receive buffer of that many bytes, if positive: to be slow, keep it small. */
    static RawClient connect(int port, int receiveBuffer) throws IOException {
        var socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawClient(socket);
    }

    /** Upgraded on {@code /ws/}. */
    static RawClient open(int port) throws IOException {
        return open(port, "/ws/");
    }

    static RawClient open(int port, String path, String... headers) throws IOException {
        var client = connect(port);
        client.upgrade(path, headers);
        return client;
    }

    RawClient upgrade(String path, String... headers) throws IOException {
        send(request("GET", path, headers));
        assertThat(status()).isEqualTo(101);
        return this;
    }

    static byte[] request(String method, String path, String... headers) {
        return head(
                method,
                path,
                headers,
                "Host: chat.test",
                "Upgrade: websocket",
                "Connection: keep-alive, Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY);
    }

    /** A request; a header among {@code replacing} takes the place of one of the same name. */
    static byte[] head(String method, String path, String[] replacing, String... headers) {
        var text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        for (var header : headers) {
            String name = header.substring(0, header.indexOf(':') + 1);
            if (Arrays.stream(replacing).noneMatch(r -> r.startsWith(name))) {
                text.append(header).append("\r\n");
            }
        }
        for (var header : replacing) {
            if (!header.endsWith(":")) {
                text.append(header).append("\r\n");
            }
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends, and doesn't mind that the server has had enough already. */
    void sendInSpite(byte[] bytes) {
        try {
            send(bytes);
        } catch (IOException closed) {
            // What comes back is what the test looks at.
        }
    }

    void text(String text) throws IOException {
        send(frame(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A masked frame of minimal length. */
    static byte[] frame(int firstByte, byte[] payload) {
        return frame(firstByte, payload, new byte[] {0x12, 0x34, 0x56, 0x78});
    }

    static byte[] frame(int firstByte, byte[] payload, byte[] mask) {
        var frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        if (payload.length <= 125) {
            frame.write(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            frame.write(0x80 | 126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i & 3]);
        }
        return frame.toByteArray();
    }

    static byte[] closePayload(int code, byte[] reason) {
        var payload = new byte[2 + reason.length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(reason, 0, payload, 2, reason.length);
        return payload;
    }

    /** Reads a response's head. */
    String head() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("connection closed after: " + head);
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    int status() throws IOException {
        return Integer.parseInt(head().substring(9, 12));
    }

    /** A frame of the server. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Received(int firstByte, byte[] payload) {

        int opcode() {
            return firstByte & 0xF;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            assertThat(opcode()).isEqualTo(CLOSE);
            return ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        }
    }

    Received receive() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        assertThat(second).as("a server does not mask").isLessThan(0x80);
        long length =
                switch (second) {
                    case 126 -> in.readUnsignedShort();
                    case 127 -> in.readLong();
                    default -> second;
                };
        var payload = new byte[(int) length];
        in.readFully(payload);
        return new Received(first, payload);
    }

    /** Reads until the close frame and tells its code. */
    int closeCode() throws IOException {
        var frame = receive();
        while (frame.opcode() != CLOSE) {
            frame = receive();
        }
        return frame.closeCode();
    }

    /** Reads to the end: whether the server closes the TCP connection, and not by a reset. */
    boolean ends() throws IOException {
        try {
            return in.read() == -1;
        } catch (SocketException reset) {
            return false;
        }
    }

    /** Ends the connection with a reset: no FIN, no close frame. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
