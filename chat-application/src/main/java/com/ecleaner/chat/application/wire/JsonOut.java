package com.ecleaner.chat.application.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * Writes one JSON text (RFC 8259), in UTF-8, into a growing array. Commas come by themselves; that
 * objects and arrays are closed, and names stand where they belong, is the caller's business.
 *
 * <p>Any string gives well-formed output: control characters, quotes and U+2028/2029 (line ends to
 * JavaScript) are escaped, a surrogate without its other half becomes U+FFFD. Not thread-safe.
 */
public final class JsonOut {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SMALLEST =
            Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);

    /** 9999-12-31T23:59:59.999Z, the last instant whose year has four digits. */
    private static final long LAST_FOUR_DIGIT_MILLIS = 253_402_300_799_999L;

    private static final long DAY_MILLIS = 86_400_000L;

    private byte[] bytes;
    private int size;
    private boolean comma;

    /** Empty, with room for 512 bytes before it grows. */
    public JsonOut() {
        this(512);
    }

    /**
     * Empty.
     *
     * @param capacity bytes to hold before growing, 16 and up
     */
    public JsonOut(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** Opens an object; {@link #end()} closes it. */
    public JsonOut object() {
        return open('{');
    }

    /** Closes an object. */
    public JsonOut end() {
        return close('}');
    }

    /** Opens an array; {@link #endArray()} closes it. */
    public JsonOut array() {
        return open('[');
    }

    /** Closes an array. */
    public JsonOut endArray() {
        return close(']');
    }

    /** A member's name; its value has to follow. */
    public JsonOut name(String name) {
        separate();
        string(name);
        put(':');
        comma = false;
        return this;
    }

    /** A string. */
    public JsonOut value(String text) {
        separate();
        string(text);
        return this;
    }

    /** A whole number. */
    public JsonOut value(long number) {
        separate();
        number(number);
        return this;
    }

    /** A number; those that JSON cannot say become {@code null}. */
    public JsonOut value(double number) {
        return Double.isFinite(number)
                ? raw(Double.toString(number).getBytes(StandardCharsets.US_ASCII))
                : nullValue();
    }

    /** A boolean. */
    public JsonOut value(boolean truth) {
        return raw(truth ? TRUE : FALSE);
    }

    /** A time as ISO 8601 in UTC, to the millisecond: {@code "2025-10-25T10:30:00.123Z"}. */
    public JsonOut value(Instant time) {
        long millis = time.toEpochMilli();
        if (millis < 0 || millis > LAST_FOUR_DIGIT_MILLIS) {
            return value(time.truncatedTo(ChronoUnit.MILLIS).toString());
        }
        separate();
        time(millis);
        return this;
    }

    /** {@code null}. */
    public JsonOut nullValue() {
        return raw(NULL);
    }

    /** A value that is JSON already, in UTF-8; taken as it is. */
    public JsonOut raw(byte[] json) {
        separate();
        ensure(json.length);
        System.arraycopy(json, 0, bytes, size, json.length);
        size += json.length;
        return this;
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /**
     * What was written, without a copy: the first {@link #size()} bytes. Write no more after it.
     */
    public byte[] bytes() {
        return bytes;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes it all to a stream, without a copy. */
    public void writeTo(OutputStream stream) throws IOException {
        stream.write(bytes, 0, size);
    }

    /** What was written, as text. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private JsonOut open(char bracket) {
        separate();
        put(bracket);
        comma = false;
        return this;
    }

    private JsonOut close(char bracket) {
        put(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
        comma = true;
    }

    private void put(char ascii) {
        ensure(1);
        bytes[size++] = (byte) ascii;
    }

    private void string(String text) {
        int length = text.length();
        ensure(length + 2);
        byte[] to = bytes;
        int at = size;
        to[at++] = '"';
        int i = 0;
        // Nearly all of nearly every string: one byte for a char, nothing to escape.
        while (i < length) {
            char c = text.charAt(i);
            if (c >= 0x7f || c < 0x20 || c == '"' || c == '\\') {
                break;
            }
            to[at++] = (byte) c;
            i++;
        }
        size = at;
        if (i < length) {
            others(text, i);
        }
        put('"');
    }

    private void others(String text, int from) {
        int length = text.length();
        for (int i = from; i < length; i++) {
            ensure(6);
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' || c == 0x2028 || c == 0x2029) {
                escaped(c);
            } else if (c < 0x80) {
                bytes[size++] = (byte) c;
            } else if (c < 0x800) {
                bytes[size++] = (byte) (0xc0 | (c >> 6));
                bytes[size++] = (byte) (0x80 | (c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                threeBytes(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < length
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                fourBytes(Character.toCodePoint(c, text.charAt(i)));
            } else {
                threeBytes('\ufffd');
            }
        }
    }

    private void threeBytes(char c) {
        bytes[size++] = (byte) (0xe0 | (c >> 12));
        bytes[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        bytes[size++] = (byte) (0x80 | (c & 0x3f));
    }

    private void fourBytes(int codePoint) {
        bytes[size++] = (byte) (0xf0 | (codePoint >> 18));
        bytes[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
        bytes[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
        bytes[size++] = (byte) (0x80 | (codePoint & 0x3f));
    }

    private void escaped(char c) {
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\n' -> bytes[size++] = 'n';
            case '\r' -> bytes[size++] = 'r';
            case '\t' -> bytes[size++] = 't';
            default -> {
                bytes[size++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    bytes[size++] = HEX[(c >> shift) & 0xf];
                }
            }
        }
    }

    private void number(long number) {
        if (number == Long.MIN_VALUE) {
            ensure(SMALLEST.length);
            System.arraycopy(SMALLEST, 0, bytes, size, SMALLEST.length);
            size += SMALLEST.length;
            return;
        }
        ensure(20);
        long rest = number;
        if (rest < 0) {
            bytes[size++] = '-';
            rest = -rest;
        }
        int digits = 1;
        for (long r = rest / 10; r > 0; r /= 10) {
            digits++;
        }
        digits(rest, digits);
    }

    /** The last {@code count} digits of a number that is not negative; there must be room. */
    private void digits(long number, int count) {
        long rest = number;
        for (int at = size + count - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += count;
    }

    /** Days to a civil date as Howard Hinnant's "chrono-compatible low-level date algorithms". */
    private void time(long millis) {
        ensure(26);
        long shifted = millis / DAY_MILLIS + 719_468;
        long era = shifted / 146_097;
        long dayOfEra = shifted % 146_097;
        long yearOfEra =
                (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long rest = millis % DAY_MILLIS;
        put('"');
        digits(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
        put('-');
        digits(month, 2);
        put('-');
        digits(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
        put('T');
        digits(rest / 3_600_000, 2);
        put(':');
        digits(rest / 60_000 % 60, 2);
        put(':');
        digits(rest / 1_000 % 60, 2);
        put('.');
        digits(rest % 1_000, 3);
        put('Z');
        put('"');
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
