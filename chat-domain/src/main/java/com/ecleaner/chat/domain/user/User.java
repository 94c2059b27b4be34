package com.ecleaner.chat.domain.user;

import java.util.Optional;

/**
 * What the chat knows about a user.
 *
 * @param role what the platform says the user is; nothing where it has not said, then the token's
 *     role counts
 * @param named whether the platform gave the names; then no token changes them
 * @param erased whether the person asked to be forgotten: names are empty for good, tokens are
 *     refused
 */
public record User(Person person, Optional<Role> role, boolean named, boolean erased) {
    public User {
        if (erased) {
            person = Person.nameless(person.id());
            role = Optional.empty();
        }
    }

    public UserId id() {
        return person.id();
    }

    /** This user as an actor, where the token says {@code tokenRole}. */
    public Actor acting(Role tokenRole) {
        return new Actor(id(), role.orElse(tokenRole));
    }
}
