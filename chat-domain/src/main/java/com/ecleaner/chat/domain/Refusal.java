package com.ecleaner.chat.domain;

import java.util.Locale;
import java.util.Optional;

/**
 * The chat says no, for a reason the asker can act on. Every door (REST, WebSocket, an embedder's
 * call) turns the same refusal into its own answer; {@link Code#wireName()} is the code both wires
 * use.
 *
 * <p>A refusal is an answer rather than a fault, so it carries no stack trace.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, in the words of the wire contract. */
    public enum Code {
        /** A field is wrong; {@link Refusal#field()} names it. */
        INVALID,
        /** The asker may see it and may not do it. */
        FORBIDDEN,
        /** It does not exist, or the asker may not know that it does. */
        NOT_FOUND,
        /** The room can be read, not written. */
        ROOM_CLOSED,
        /** More than the chat takes in one piece. */
        TOO_LARGE,
        /** Too much in too short a time; try again after {@link Refusal#retryAfterSeconds()}. */
        RATE_LIMITED,
        /** A store is away or overloaded; what was asked may or may not have happened. */
        UNAVAILABLE;

        /** {@code room_closed} for {@link #ROOM_CLOSED}, and so on. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Code code;
    private final String field;
    private final double retryAfterSeconds;

    private Refusal(Code code, String field, String detail, double retryAfterSeconds) {
        super(detail, null, false, false);
        this.code = code;
        this.field = field;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** {@code field} is wrong; the message reads "field: why". */
    public static Refusal invalid(String field, String why) {
        return new Refusal(Code.INVALID, field, field + ": " + why, 0);
    }

    public static Refusal forbidden(String why) {
        return new Refusal(Code.FORBIDDEN, "", why, 0);
    }

    /** The same words for what is missing and for what must stay unknown. */
    public static Refusal notFound(String what) {
        return new Refusal(Code.NOT_FOUND, "", "no such " + what, 0);
    }

    public static Refusal roomClosed() {
        return new Refusal(
                Code.ROOM_CLOSED, "", "the room is closed: it can be read, not written", 0);
    }

    public static Refusal tooLarge(String why) {
        return new Refusal(Code.TOO_LARGE, "", why, 0);
    }

    public static Refusal rateLimited(double retryAfterSeconds) {
        return new Refusal(
                Code.RATE_LIMITED, "", "too many messages, slow down", retryAfterSeconds);
    }

    /** As {@link #rateLimited(double)}, for something other than messages. */
    public static Refusal rateLimited(double retryAfterSeconds, String why) {
        return new Refusal(Code.RATE_LIMITED, "", why, retryAfterSeconds);
    }

    public static Refusal unavailable(String why) {
        return new Refusal(Code.UNAVAILABLE, "", why, 0);
    }

    public Code code() {
        return code;
    }

    /** What was asked, in words fit for the asker. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The wrong field's wire name; present with {@link Code#INVALID} only. */
    public Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** Seconds until it is worth asking again; above 0 with {@link Code#RATE_LIMITED} only. */
    public double retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether the same request may succeed later without being changed. */
    public boolean retryable() {
        return code == Code.UNAVAILABLE || code == Code.RATE_LIMITED;
    }
}
