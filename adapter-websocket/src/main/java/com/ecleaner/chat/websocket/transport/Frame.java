package com.ecleaner.chat.websocket.transport;

import java.nio.charset.StandardCharsets;

/**
 * A whole frame as it goes over the wire, header included: encoded once, however many connections
 * get it. Immutable and safe to share between threads.
 *
 * <p>Fit for every connection because no extension is ever negotiated and a server's frames are not
 * masked.
 */
public final class Frame {

    private static final int FIN = 0x80;
    private static final int MAX_7_BIT = 125;
    private static final int MAX_16_BIT = 0xFFFF;

    private static final byte PONG = (byte) (FIN | 0xA);

    static final Frame PING = new Frame(FIN | 0x9, new byte[0], 0);

    private final byte[] wire;

    private Frame(int firstByte, byte[] payload, int length) {
        int header = length <= MAX_7_BIT ? 2 : length <= MAX_16_BIT ? 4 : 10;
        wire = new byte[header + length];
        wire[0] = (byte) firstByte;
        switch (header) {
            case 2 -> wire[1] = (byte) length;
            case 4 -> {
                wire[1] = 126;
                wire[2] = (byte) (length >>> 8);
                wire[3] = (byte) length;
            }
            default -> {
                wire[1] = 127;
                for (int i = 0; i < 4; i++) {
                    wire[6 + i] = (byte) (length >>> (24 - 8 * i));
                }
            }
        }
        System.arraycopy(payload, 0, wire, header, length);
    }

    private Frame(byte[] wire) {
        this.wire = wire;
    }

    /** A text frame; the payload must be UTF-8, which is not checked again. */
    public static Frame text(byte[] utf8) {
        return text(utf8, utf8.length);
    }

    /** A text frame of the first {@code length} bytes, which must be UTF-8. */
    public static Frame text(byte[] utf8, int length) {
        return new Frame(FIN | 0x1, utf8, length);
    }

    /** A text frame. */
    public static Frame text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A binary frame. */
    public static Frame binary(byte[] payload) {
        return new Frame(FIN | 0x2, payload, payload.length);
    }

    /** What somebody else already encoded: Tyrus's own pongs and close frames. */
    static Frame encoded(byte[] wire) {
        return new Frame(wire);
    }

    /** What it takes on the wire and in a queue, in bytes. */
    public int size() {
        return wire.length;
    }

    boolean isPong() {
        return wire[0] == PONG;
    }

    byte[] wire() {
        return wire;
    }
}
