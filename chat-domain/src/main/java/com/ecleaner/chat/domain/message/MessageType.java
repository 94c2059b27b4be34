package com.ecleaner.chat.domain.message;

import java.util.Locale;
import java.util.Optional;

/** What a message is. */
public enum MessageType {
    TEXT,
    IMAGE,
    FILE,
    /** The platform speaks. */
    SYSTEM,
    /** The platform tells of a change of the job. */
    JOB_UPDATE;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an attachment is what it is about. */
    public boolean needsAttachment() {
        return this == IMAGE || this == FILE;
    }

    /** Whether it comes from the platform only. */
    public boolean isPlatforms() {
        return this == SYSTEM || this == JOB_UPDATE;
    }

    /** The type of that wire name, or nothing where there is none. */
    public static Optional<MessageType> named(String wireName) {
        for (MessageType type : values()) {
            if (type.wireName().equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
