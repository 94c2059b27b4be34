package com.ecleaner.chat.application.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What every keeper of tickets promises, by whatever process one is kept and taken. */
@Timeout(60)
public abstract class TicketsContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Identity ANNA =
            new Identity(
                    new Person(new UserId("anna \"'%s\""), "änna", "Anna 🧽"),
                    Role.ADMIN,
                    Instant.parse("2040-10-25T10:30:00.123000456Z"));

    /** A name of its own, so that tests may share whatever keeps tickets. */
    private final String ticket = UUID.randomUUID().toString();

    private Tickets one;
    private Tickets other;

    /** The tickets under test; whoever extends this closes them after each test. */
    protected abstract Tickets tickets();

    /** The same tickets as another process has them, where there are others. */
    protected abstract Tickets elsewhere(Tickets tickets);

    @BeforeEach
    void start() {
        one = tickets();
        other = elsewhere(one);
    }

    @Test
    void a_ticket_brings_back_all_that_was_kept_and_that_once() {
        one.keep(ticket, ANNA, LONG);

        assertThat(other.take(ticket)).contains(ANNA);
        assertThat(other.take(ticket)).isEmpty();
        assertThat(one.take(ticket)).isEmpty();
    }

    @Test
    void however_many_try_one_gets_it() throws Exception {
        one.keep(ticket, ANNA, LONG);

        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            long taken =
                    many
                            .invokeAll(
                                    IntStream.range(0, 20)
                                            .<Callable<Optional<Identity>>>mapToObj(
                                                    i ->
                                                            () ->
                                                                    (i % 2 == 0 ? one : other)
                                                                            .take(ticket))
                                            .toList())
                            .stream()
                            .map(Future::resultNow)
                            .filter(Optional.of(ANNA)::equals)
                            .count();
            assertThat(taken).isOne();
        }
    }

    @Test
    void what_nobody_kept_is_not_there_whatever_it_looks_like() {
        one.keep(ticket, ANNA, LONG);

        assertThat(one.take("")).isEmpty();
        assertThat(one.take(ticket + " ")).isEmpty();
        assertThat(one.take("x".repeat(100_000))).isEmpty();
        assertThat(one.take(ticket)).contains(ANNA);
    }

    @Test
    void a_ticket_that_was_kept_long_enough_is_gone() {
        one.keep(ticket, ANNA, Duration.ofMillis(1));

        await().atMost(PATIENCE).until(() -> other.take(ticket).isEmpty());
    }
}
