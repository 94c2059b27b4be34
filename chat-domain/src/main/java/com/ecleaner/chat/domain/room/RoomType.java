package com.ecleaner.chat.domain.room;

import java.util.Locale;
import java.util.Optional;

/** The three kinds of rooms of the seed's ChatRoom model. */
public enum RoomType {
    /** A job's client and assigned cleaner. */
    JOB,
    /** Somebody who needs help, and the admins. */
    SUPPORT,
    /** Whoever comes. */
    GENERAL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that wire name, or nothing where there is none. */
    public static Optional<RoomType> named(String wireName) {
        for (RoomType type : values()) {
            if (type.wireName().equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
