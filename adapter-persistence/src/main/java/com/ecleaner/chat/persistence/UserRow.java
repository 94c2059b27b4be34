package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** A row of {@code chat_user}. */
@Entity(name = "UserRow")
@Table(name = "chat_user")
class UserRow {
    @Id
    @Column(columnDefinition = "text")
    String id = "";

    @Column(columnDefinition = "text", nullable = false)
    String username = "";

    @Column(name = "first_name", columnDefinition = "text", nullable = false)
    String firstName = "";

    /** Of both names, for searching. */
    @Column(columnDefinition = "text", nullable = false)
    String words = "";

    @Column(columnDefinition = "text")
    @Nullable String role;

    @Column(nullable = false)
    boolean named;

    @Column(name = "erased_at")
    @Nullable Instant erasedAt;

    /** For Hibernate. */
    protected UserRow() {}

    /** Gives them these names. */
    void name(Person person) {
        username = person.username();
        firstName = person.firstName();
        words = Terms.wordsOf(person);
    }

    User user() {
        return new User(
                new Person(new UserId(id), username, firstName),
                Optional.ofNullable(role).flatMap(Role::named),
                named,
                erasedAt != null);
    }
}
