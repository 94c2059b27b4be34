package com.ecleaner.chat.domain.user;

import java.util.Locale;
import java.util.Optional;

/** What somebody is on the marketplace. */
public enum Role {
    CLIENT,
    CLEANER,
    ADMIN,
    /** The platform itself: it maintains users and jobs and posts on its own behalf. */
    SERVICE;

    /** The name both wires and the tokens use: {@code cleaner}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that wire name, or nothing where there is no such role. */
    public static Optional<Role> named(String wireName) {
        for (Role role : values()) {
            if (role.wireName().equals(wireName)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
