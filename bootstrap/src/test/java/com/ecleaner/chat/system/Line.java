package com.ecleaner.chat.system;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A WebSocket as cheap as can be, for thousands of them in one process: a blocking socket and a
 * virtual thread. Answers pings; hands on texts.
 */
final class Line implements Closeable {
    private static final int TEXT = 0x81;
    private static final int PONG = 0x8A;
    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    private Line(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 30_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1024));
        out = socket.getOutputStream();
    }

    /** Upgraded on {@code /ws/}; nothing is read yet. */
    static Line open(int port, String token) throws IOException {
        return open(port, token, 0);
    }

    /** The same with a receive buffer of so many bytes: to be slow, keep it small. */
    static Line open(int port, String token, int receiveBuffer) throws IOException {
        Line line = new Line(port, receiveBuffer);
        line.out.write(
                ("GET /ws/?token="
                                + token
                                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        int matched = 0;
        byte[] end = {'\r', '\n', '\r', '\n'};
        while (matched < end.length) {
            int b = line.in.readUnsignedByte();
            matched = b == end[matched] ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return line;
    }

    /** Reads the next text; -1 as its first byte's place for a close is told by an exception. */
    String receive() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0xF;
            int second = in.readUnsignedByte();
            int length =
                    switch (second) {
                        case 126 -> in.readUnsignedShort();
                        case 127 -> (int) in.readLong();
                        default -> second;
                    };
            byte[] payload = new byte[length];
            in.readFully(payload);
            switch (opcode) {
                case 1 -> {
                    return new String(payload, StandardCharsets.UTF_8);
                }
                case 8 ->
                        throw new Closed(
                                length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF);
                case 9 -> write(PONG, payload);
                default -> {}
            }
        }
    }

    /** The server closed. */
    static final class Closed extends IOException {
        private static final long serialVersionUID = 1L;
        final int code;

        Closed(int code) {
            super("closed " + code);
            this.code = code;
        }
    }

    /** Reads on a thread of its own until the end, which it tells: a close code, or 1006. */
    void read(Consumer<String> texts, Consumer<Integer> end) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                while (true) {
                                    texts.accept(receive());
                                }
                            } catch (Closed closed) {
                                end.accept(closed.code);
                            } catch (IOException broken) {
                                end.accept(1006);
                            }
                        });
    }

    void send(String text) throws IOException {
        write(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(int first, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        // The mask of zeros is a mask.
        frame.putInt(0).put(payload);
        synchronized (out) {
            out.write(frame.array(), 0, frame.position());
        }
    }

    /** Ends it with a reset, as a line that breaks. */
    void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
