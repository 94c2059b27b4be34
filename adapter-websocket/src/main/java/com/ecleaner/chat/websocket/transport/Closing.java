package com.ecleaner.chat.websocket.transport;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Why a connection is closed: the code of the close frame and a reason for people who debug.
 *
 * @param code 1000–1014 or 3000–4999 (RFC 6455, section 7.4)
 * @param reason at most 123 bytes of UTF-8; a longer one is cut
 */
public record Closing(int code, String reason) {

    /** What a close frame's reason may take: 125 bytes of a control frame without the code. */
    private static final int MAX_REASON_BYTES = 123;

    /** The node is draining: reconnect at once, elsewhere. */
    public static final Closing GOING_AWAY = new Closing(1001, "the node is draining");

    /** A fault of ours while a message was handled. */
    public static final Closing FAULT = new Closing(1011, "internal error");

    /** An Origin that is not allowed. */
    public static final Closing FOREIGN_ORIGIN = new Closing(4403, "origin not allowed");

    /** Nothing came for two heartbeats. */
    public static final Closing NO_PONG = new Closing(4408, "no pong");

    /** The queue of what waits to be sent passed its bound. */
    public static final Closing SLOW_CONSUMER = new Closing(4413, "slow consumer");

    /** Too many control frames. */
    public static final Closing TOO_MANY_FRAMES = new Closing(4429, "too many frames");

    /** A frame breaks RFC 6455. */
    static final int BROKEN_RULE = 1002;

    /** A binary message, where text alone is heard. */
    static final int NOT_TEXT = 1003;

    /** Text, or a close frame's reason, that is no UTF-8. */
    static final int NOT_UTF8 = 1007;

    /** A message, or the number of its fragments, is beyond its bound. */
    static final int TOO_LARGE = 1009;

    /** Every code that a stack closes a connection with by itself. */
    public static IntStream codes() {
        return IntStream.concat(
                IntStream.of(BROKEN_RULE, NOT_TEXT, NOT_UTF8, TOO_LARGE),
                Stream.of(
                                GOING_AWAY,
                                FAULT,
                                FOREIGN_ORIGIN,
                                NO_PONG,
                                SLOW_CONSUMER,
                                TOO_MANY_FRAMES)
                        .mapToInt(Closing::code));
    }

    /** Cuts the reason to what a close frame can carry. */
    public Closing {
        if (code < 1000 || code > 4999) {
            throw new IllegalArgumentException("no close code: " + code);
        }
        while (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            reason = reason.substring(0, reason.offsetByCodePoints(reason.length(), -1));
        }
    }
}
