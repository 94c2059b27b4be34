package com.ecleaner.chat.domain.user;

import com.ecleaner.chat.domain.Text;

/**
 * A user as others see them: a message's sender, a participant, someone typing.
 *
 * @param username up to 150 characters, empty once erased; made harmless rather than refused
 * @param firstName up to 150 characters, may be empty; made harmless rather than refused
 */
public record Person(UserId id, String username, String firstName) {
    public static final int MAX_NAME = 150;

    public Person {
        username = Text.harmless(username, MAX_NAME);
        firstName = Text.harmless(firstName, MAX_NAME);
    }

    /** Somebody of whom only the id is known, or left. */
    public static Person nameless(UserId id) {
        return new Person(id, "", "");
    }
}
