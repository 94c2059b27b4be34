package com.ecleaner.chat.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Fields in a row: numbers in as few bytes as they need, texts in UTF-8 after their length. */
final class BytesOut {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    byte[] bytes() {
        return bytes.toByteArray();
    }

    BytesOut octet(int value) {
        bytes.write(value);
        return this;
    }

    BytesOut flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    /** Eight bytes. */
    BytesOut fixed(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            octet((int) (value >>> shift));
        }
        return this;
    }

    /** One to ten bytes, seven bits in each; small numbers are short, negative ones long. */
    BytesOut number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            octet((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return octet((int) rest);
    }

    BytesOut text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    BytesOut instant(Instant value) {
        return number(value.getEpochSecond()).number(value.getNano());
    }

    <T> BytesOut optional(Optional<T> value, BiConsumer<BytesOut, T> write) {
        flag(value.isPresent());
        value.ifPresent(v -> write.accept(this, v));
        return this;
    }
}
