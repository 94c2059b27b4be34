package com.ecleaner.chat.application.signin;

import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.user.User;

import java.util.Optional;

/**
 * Lets people in: a token says who comes, and what the platform wrote about them wins over it.
 * Thread-safe.
 */
public final class Doorkeeper {
    private final SignIn signIn;
    private final Users users;

    public Doorkeeper(SignIn signIn, Users users) {
        this.signIn = signIn;
        this.users = users;
    }

    /**
     * Who comes with that token; nobody where it does not hold or its user was erased, never saying
     * which. Blocks on the store.
     *
     * @throws com.ecleaner.chat.domain.Refusal {@code unavailable}
     */
    public Optional<Visitor> admit(String token) {
        return signIn.verify(token).flatMap(this::admit);
    }

    private Optional<Visitor> admit(Identity identity) {
        User user = users.seen(identity.person());
        return user.erased()
                ? Optional.empty()
                : Optional.of(
                        new Visitor(
                                user.person(), user.acting(identity.role()), identity.expiresAt()));
    }
}
