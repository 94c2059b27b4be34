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

    /**
     * What a token teaches of this user: names that the platform has not given. Where it has none,
     * those of an earlier one stay.
     */
    public User learning(Person token) {
        if (erased || named) {
            return this;
        }
        Person now =
                new Person(
                        id(),
                        token.username().isEmpty() ? person.username() : token.username(),
                        token.firstName().isEmpty() ? person.firstName() : token.firstName());
        return new User(now, role, false, false);
    }

    public UserId id() {
        return person.id();
    }

    /** This user as an actor, where the token says {@code tokenRole}. */
    public Actor acting(Role tokenRole) {
        return new Actor(id(), role.orElse(tokenRole));
    }
}
