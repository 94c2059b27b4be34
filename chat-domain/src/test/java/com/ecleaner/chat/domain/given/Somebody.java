package com.ecleaner.chat.domain.given;

import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

/** Somebody in a test, with the role their token says. */
public record Somebody(Person person, Role role) {
    public UserId id() {
        return person.id();
    }

    public Actor actor() {
        return new Actor(id(), role);
    }

    public Somebody as(Role other) {
        return new Somebody(person, other);
    }

    @Override
    public String toString() {
        return person.firstName();
    }
}
