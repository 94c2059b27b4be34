package com.ecleaner.chat.websocket.transport;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** The frames of one connection: mostly right, sometimes almost right, seldom noise. */
final class Fuzz {

    private final Random random;
    private boolean inMessage;

    Fuzz(Random random) {
        this.random = random;
    }

    byte[] stream(int frames) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < frames; i++) {
            bytes.writeBytes(frame());
        }
        return bytes.toByteArray();
    }

    byte[] frame() {
        return switch (random.nextInt(100)) {
            case 0 -> noise(1 + random.nextInt(40));
            case 1 -> cut(plausible());
            case 2, 3 -> flipped(plausible());
            case 4, 5 -> oddLength();
            default -> plausible();
        };
    }

    private byte[] plausible() {
        int opcode = opcode();
        boolean control = opcode >= 8;
        boolean fin = control || random.nextInt(3) > 0;
        if (!control) {
            inMessage = !fin;
        }
        int length =
                switch (random.nextInt(12)) {
                    case 0 -> 0;
                    case 1 -> control ? 125 : 126 + random.nextInt(8_000);
                    case 2 -> control ? 3 : random.nextInt(80_000);
                    default -> random.nextInt(60);
                };
        byte[] payload = random.nextInt(100) == 0 ? noise(length) : ascii(length);
        if (opcode == 8 && length >= 2) {
            int code = random.nextBoolean() ? 1000 : random.nextInt(65536);
            payload[0] = (byte) (code >>> 8);
            payload[1] = (byte) code;
        }
        return RawClient.frame((fin ? 0x80 : 0) | opcode, payload, noise(4));
    }

    /** That fits into the sequence, except now and then. */
    private int opcode() {
        return switch (random.nextInt(100)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> 2;
            case 3 -> 8;
            case 4, 5 -> 9;
            case 6, 7 -> 10;
            default -> inMessage ? 0 : 1;
        };
    }

    private byte[] oddLength() {
        var header = new ByteArrayOutputStream();
        header.write(random.nextInt(10) == 0 ? random.nextInt(256) : inMessage ? 0x80 : 0x81);
        if (random.nextBoolean()) {
            header.write(0x80 | 126);
            header.writeBytes(random.nextBoolean() ? new byte[2] : noise(2));
        } else {
            header.write(0x80 | 127);
            header.writeBytes(random.nextBoolean() ? new byte[8] : noise(8));
        }
        return header.toByteArray();
    }

    private byte[] flipped(byte[] frame) {
        int bit = random.nextInt(Math.min(frame.length, 14) * 8);
        frame[bit / 8] ^= (byte) (1 << (bit % 8));
        return frame;
    }

    private byte[] cut(byte[] frame) {
        return Arrays.copyOf(frame, random.nextInt(frame.length));
    }

    private byte[] ascii(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (' ' + random.nextInt(90));
        }
        return bytes;
    }

    private byte[] noise(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
