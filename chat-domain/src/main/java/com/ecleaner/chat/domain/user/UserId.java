package com.ecleaner.chat.domain.user;

import com.ecleaner.chat.domain.Text;

/**
 * A user's id. It belongs to the platform and is opaque: 1–64 characters without controls.
 *
 * @param value compared letter by letter; {@code 26} the number and {@code "26"} the text are one
 *     id
 */
public record UserId(String value) implements Comparable<UserId> {
    public UserId {
        Text.line("user_id", value, 1, 64);
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
