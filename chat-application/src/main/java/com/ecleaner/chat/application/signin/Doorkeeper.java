package com.ecleaner.chat.application.signin;

import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.user.User;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Lets people in: a token or a ticket says who comes, and what the platform wrote about them wins
 * over it. Thread-safe; blocks on the store.
 */
public final class Doorkeeper {
    private static final Duration TICKET_LIFE = Duration.ofSeconds(30);

    private static final int TICKET_BYTES = 32;

    private final SignIn signIn;
    private final Tickets tickets;
    private final Users users;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public Doorkeeper(SignIn signIn, Tickets tickets, Users users, InstantSource clock) {
        this.signIn = signIn;
        this.tickets = tickets;
        this.users = users;
        this.clock = clock;
    }

    /** What lets somebody in once. */
    public record Ticket(String secret, Duration life) {}

    /**
     * Who comes with that token; nobody where it does not hold or its user was erased, never saying
     * which.
     *
     * @throws com.ecleaner.chat.domain.Refusal {@code unavailable}
     */
    public Optional<Visitor> admit(String token) {
        return signIn.verify(token).flatMap(this::admit);
    }

    /**
     * Who comes with that ticket; nobody where it is unknown, too old or was used, or what it was
     * issued for has expired. Otherwise as a token.
     */
    public Optional<Visitor> admitTicket(String ticket) {
        return tickets.take(ticket)
                .filter(identity -> clock.instant().isBefore(identity.expiresAt()))
                .flatMap(this::admit);
    }

    /** What counts now for somebody who was let in; nothing where they were erased since. */
    public Optional<Visitor> current(Visitor visitor) {
        return admit(new Identity(visitor.person(), visitor.actor().role(), visitor.expiresAt()));
    }

    /**
     * A ticket for whoever is in already: good once, for half a minute, and never longer than what
     * they came with.
     *
     * @throws com.ecleaner.chat.domain.Refusal {@code unavailable}
     */
    public Ticket ticket(Visitor visitor) {
        byte[] secret = new byte[TICKET_BYTES];
        random.nextBytes(secret);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Duration left = Duration.between(clock.instant(), visitor.expiresAt());
        Duration life = left.compareTo(TICKET_LIFE) < 0 ? left : TICKET_LIFE;
        tickets.keep(
                ticket,
                new Identity(visitor.person(), visitor.actor().role(), visitor.expiresAt()),
                life);
        return new Ticket(ticket, life);
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
