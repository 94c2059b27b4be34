package com.ecleaner.chat.websocket.transport;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Reads what a client sends before Tyrus does, because Tyrus trusts frame headers: it allocates
 * what a header declares, buffers up to its limit before it refuses, and takes frames that are
 * unmasked or of non-minimal length.
 *
 * <p>Every byte of a header is judged as it arrives (RFC 6455, section 5), however the bytes are
 * cut into reads, so nothing of a refused frame is kept. What passes is handed on unmasked, in
 * whole small frames: a data frame in pieces of at most {@link #PIECE} bytes, as fragments of its
 * message (section 5.4 allows this where no extension is negotiated). So neither this class nor
 * Tyrus ever holds more than a piece, and text that is not UTF-8 is found at the piece that has it.
 *
 * <p>One per connection, used by one thread at a time.
 */
final class FrameGuard {

    /** The largest payload handed on at once, in bytes: what Tyrus keeps per connection. */
    static final int PIECE = 2048;

    /** Control frames: this many at once, then one per interval. */
    static final int CONTROL_BURST = 100;

    static final long CONTROL_INTERVAL_NANOS = 100_000_000;

    /** Fragments without a byte in them, per message. */
    static final int MAX_EMPTY_FRAGMENTS = 64;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int MAX_7_BIT = 125;
    private static final int MAX_16_BIT = 0xFFFF;
    private static final int NO_CODE = 1005;

    private enum Expected {
        FIRST_BYTE,
        SECOND_BYTE,
        LENGTH,
        MASK,
        PAYLOAD
    }

    private final int maxMessageBytes;
    private final int maxFragments;
    private final boolean binaryAllowed;
    private final LongSupplier nanoTime;

    private Expected expected = Expected.FIRST_BYTE;
    private boolean fin;
    private int opcode;
    private int headerBytesLeft;
    private boolean longForm;
    private long length;
    private int mask;
    private int payloadDone;
    private byte @Nullable [] control;

    /** Of the message under way; its opcode is {@link #CONTINUATION} when there is none. */
    private int messageOpcode = CONTINUATION;

    private boolean messageHandedOn;
    private int messageBytes;
    private int fragments;
    private int emptyFragments;

    private long controlPaidUntil;
    private int closeCode;
    private @Nullable FrameViolation violation;

    FrameGuard(WebSocketSettings settings, LongSupplier nanoTime) {
        this.maxMessageBytes = settings.maxMessageBytes();
        this.maxFragments = settings.maxFragments();
        this.binaryAllowed = settings.binaryAllowed();
        this.nanoTime = nanoTime;
        this.controlPaidUntil = nanoTime.getAsLong();
    }

    /**
     * The next whole frame for Tyrus.
     *
     * @param in what was read; consumed as far as the frame reaches
     * @return the frame, unmasked, or null if more must be read first
     * @throws FrameViolation if the peer broke the rules; then again at every call
     */
    @Nullable ByteBuffer next(ByteBuffer in) throws FrameViolation {
        if (violation != null) {
            throw violation;
        }
        try {
            while (closeCode == 0) {
                if (expected == Expected.PAYLOAD) {
                    var frame = opcode >= CLOSE ? controlPayload(in) : dataPayload(in);
                    if (frame != null) {
                        return frame;
                    }
                    if (expected == Expected.PAYLOAD) {
                        return null;
                    }
                } else if (in.hasRemaining()) {
                    headerByte(in.get() & 0xFF);
                } else {
                    return null;
                }
            }
            in.position(in.limit());
            return null;
        } catch (FrameViolation v) {
            violation = v;
            throw v;
        }
    }

    /** Whether the peer's close frame was handed on; what comes after it is dropped. */
    boolean closeSeen() {
        return closeCode != 0;
    }

    /** The code of the peer's close frame, 1005 if it has none, 0 if it has not come. */
    int closeCode() {
        return closeCode;
    }

    private void headerByte(int b) throws FrameViolation {
        switch (expected) {
            case FIRST_BYTE -> firstByte(b);
            case SECOND_BYTE -> secondByte(b);
            case LENGTH -> lengthByte(b);
            case MASK -> maskByte(b);
            case PAYLOAD -> throw new IllegalStateException();
        }
    }

    private void firstByte(int b) throws FrameViolation {
        fin = (b & FIN) != 0;
        opcode = b & OPCODE;
        if ((b & RESERVED) != 0) {
            throw broken("reserved bits set");
        }
        switch (opcode) {
            case CLOSE, PING, PONG -> {
                if (!fin) {
                    throw broken("fragmented control frame");
                }
                payForControlFrame();
            }
            case CONTINUATION -> {
                if (messageOpcode == CONTINUATION) {
                    throw broken("continuation of nothing");
                }
                countFragment();
            }
            case TEXT, BINARY -> {
                if (messageOpcode != CONTINUATION) {
                    throw broken("message inside a fragmented message");
                }
                if (opcode == BINARY && !binaryAllowed) {
                    throw new FrameViolation(Closing.NOT_TEXT, "text only");
                }
                messageOpcode = opcode;
                countFragment();
            }
            default -> throw broken("reserved opcode");
        }
        expected = Expected.SECOND_BYTE;
    }

    private void secondByte(int b) throws FrameViolation {
        if ((b & MASKED) == 0) {
            throw broken("frame not masked");
        }
        int shortLength = b & ~MASKED;
        if (opcode >= CLOSE && shortLength > MAX_7_BIT) {
            throw broken("control frame too long");
        }
        if (opcode == CLOSE && shortLength == 1) {
            throw broken("half a close code");
        }
        if (shortLength <= MAX_7_BIT) {
            length = shortLength;
            lengthKnown();
        } else {
            length = 0;
            longForm = shortLength == 127;
            headerBytesLeft = longForm ? 8 : 2;
            expected = Expected.LENGTH;
        }
    }

    private void lengthByte(int b) throws FrameViolation {
        if (longForm && headerBytesLeft == 8 && b >= 0x80) {
            throw broken("length with its top bit set");
        }
        length = (length << 8) | b;
        if (--headerBytesLeft == 0) {
            if (length <= (longForm ? MAX_16_BIT : MAX_7_BIT)) {
                throw broken("length not minimal");
            }
            lengthKnown();
        }
    }

    private void lengthKnown() throws FrameViolation {
        if (opcode < CLOSE) {
            if (length > maxMessageBytes - messageBytes) {
                throw tooLarge();
            }
            messageBytes += (int) length;
            if (length == 0 && !fin && ++emptyFragments > MAX_EMPTY_FRAGMENTS) {
                throw tooLarge();
            }
        }
        mask = 0;
        headerBytesLeft = 4;
        expected = Expected.MASK;
    }

    private void maskByte(int b) {
        mask = (mask << 8) | b;
        if (--headerBytesLeft == 0) {
            payloadDone = 0;
            expected = Expected.PAYLOAD;
        }
    }

    private @Nullable ByteBuffer controlPayload(ByteBuffer in) throws FrameViolation {
        if (control == null) {
            control = new byte[2 + (int) length];
            control[0] = (byte) (FIN | opcode);
            control[1] = (byte) length;
        }
        unmask(in, control, 2 + payloadDone, Math.min(in.remaining(), (int) length - payloadDone));
        if (payloadDone < length) {
            return null;
        }
        var frame = control;
        control = null;
        expected = Expected.FIRST_BYTE;
        if (opcode == CLOSE) {
            closeCode = checkedCloseCode(frame);
        }
        return ByteBuffer.wrap(frame);
    }

    private @Nullable ByteBuffer dataPayload(ByteBuffer in) {
        int size = Math.min(Math.min(in.remaining(), PIECE), (int) length - payloadDone);
        if (size == 0 && payloadDone < length) {
            return null;
        }
        boolean frameEnds = payloadDone + size == length;
        boolean messageEnds = frameEnds && fin;
        if (frameEnds) {
            expected = Expected.FIRST_BYTE;
        }
        if (size == 0 && !messageEnds) {
            return null;
        }
        int header = size <= MAX_7_BIT ? 2 : 4;
        var frame = new byte[header + size];
        frame[0] =
                (byte) ((messageEnds ? FIN : 0) | (messageHandedOn ? CONTINUATION : messageOpcode));
        if (header == 2) {
            frame[1] = (byte) size;
        } else {
            frame[1] = 126;
            frame[2] = (byte) (size >>> 8);
            frame[3] = (byte) size;
        }
        unmask(in, frame, header, size);
        messageHandedOn = true;
        if (messageEnds) {
            endMessage();
        }
        return ByteBuffer.wrap(frame);
    }

    private void endMessage() {
        messageOpcode = CONTINUATION;
        messageHandedOn = false;
        messageBytes = 0;
        fragments = 0;
        emptyFragments = 0;
    }

    private void unmask(ByteBuffer in, byte[] to, int at, int size) {
        in.get(to, at, size);
        for (int i = 0; i < size; i++) {
            to[at + i] ^= (byte) (mask >>> (24 - 8 * ((payloadDone + i) & 3)));
        }
        payloadDone += size;
    }

    private void countFragment() throws FrameViolation {
        if (++fragments > maxFragments) {
            throw tooLarge();
        }
    }

    /** Each control frame costs an interval; nobody may be more than a burst in debt. */
    private void payForControlFrame() throws FrameViolation {
        long now = nanoTime.getAsLong();
        if (controlPaidUntil - now < 0) {
            controlPaidUntil = now;
        }
        controlPaidUntil += CONTROL_INTERVAL_NANOS;
        if (controlPaidUntil - now > CONTROL_BURST * CONTROL_INTERVAL_NANOS) {
            throw new FrameViolation(Closing.TOO_MANY_FRAMES);
        }
    }

    private static int checkedCloseCode(byte[] frame) throws FrameViolation {
        if (frame.length == 2) {
            return NO_CODE;
        }
        int code = ((frame[2] & 0xFF) << 8) | (frame[3] & 0xFF);
        boolean valid =
                (code >= 1000 && code <= 1003)
                        || (code >= 1007 && code <= 1011)
                        || (code >= 3000 && code <= 4999);
        if (!valid) {
            throw broken("close code not allowed");
        }
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOfRange(frame, 4, frame.length)));
        } catch (CharacterCodingException e) {
            throw new FrameViolation(Closing.NOT_UTF8, "close reason not UTF-8");
        }
        return code;
    }

    private static FrameViolation broken(String rule) {
        return new FrameViolation(Closing.BROKEN_RULE, rule);
    }

    private static FrameViolation tooLarge() {
        return new FrameViolation(Closing.TOO_LARGE, "message too large");
    }
}
