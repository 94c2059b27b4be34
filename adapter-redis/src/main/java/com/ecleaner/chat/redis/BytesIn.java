package com.ecleaner.chat.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Reads what {@link BytesOut} wrote; fails with a RuntimeException where it does not fit. */
final class BytesIn {
    private final ByteBuffer bytes;

    BytesIn(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    int octet() {
        return bytes.get() & 0xFF;
    }

    boolean flag() {
        return octet() != 0;
    }

    long fixed() {
        return bytes.getLong();
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int part = octet();
            value |= (long) (part & 0x7F) << shift;
            if (part < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number without end");
    }

    String text() {
        int length = Math.toIntExact(number());
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException("a text beyond the end");
        }
        byte[] utf8 = new byte[length];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    Instant instant() {
        return Instant.ofEpochSecond(number(), number());
    }

    <T> Optional<T> optional(Function<BytesIn, T> read) {
        return flag() ? Optional.of(read.apply(this)) : Optional.empty();
    }
}
