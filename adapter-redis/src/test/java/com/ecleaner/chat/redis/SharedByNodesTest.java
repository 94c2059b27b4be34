package com.ecleaner.chat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** What two nodes know of each other's users: who is there, what they have sent, their tickets. */
@Timeout(120)
class SharedByNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant AT = Instant.parse("2025-10-25T10:30:00.123Z");

    private final UserId anna = new UserId("anna \"'%s\" " + UUID.randomUUID());
    private Redis one;
    private Redis two;

    @BeforeEach
    void start() {
        one = Redis.open(TestRedis.Shared.REDIS.address());
        two = Redis.open(TestRedis.Shared.REDIS.address());
        await().atMost(PATIENCE).until(() -> one.answers() && two.answers());
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private Presence.Seen seenFromTwo() {
        return two.presence().of(Set.of(anna)).get(anna);
    }

    @Test
    void a_user_is_online_for_the_other_node_until_their_last_connection_went() {
        assertThat(one.presence().arrived(anna, "s1")).isTrue();
        assertThat(one.presence().arrived(anna, "s2")).isFalse();
        await().atMost(PATIENCE).until(() -> two.presence().elsewhere(anna) == 2);
        assertThat(two.presence().arrived(anna, "s3")).isFalse();
        assertThat(two.presence().left(anna, "s3", AT)).isTrue();

        assertThat(one.presence().left(anna, "s1", AT)).isFalse();
        await().atMost(PATIENCE).until(() -> two.presence().elsewhere(anna) == 1);
        assertThat(seenFromTwo().online()).isTrue();

        assertThat(one.presence().left(anna, "s2", AT)).isTrue();
        await().atMost(PATIENCE)
                .until(() -> seenFromTwo().equals(new Presence.Seen(false, Optional.of(AT))));
    }

    @Test
    void nobody_is_known_to_be_there_who_never_came() {
        assertThat(seenFromTwo()).isEqualTo(Presence.Seen.UNKNOWN);
        assertThat(two.presence().elsewhere(anna)).isZero();
    }

    @Test
    void the_users_of_a_node_that_is_gone_are_gone() {
        one.presence().arrived(anna, "s1");
        await().atMost(PATIENCE).until(() -> seenFromTwo().online());

        one.close();

        await().atMost(PATIENCE).until(() -> !seenFromTwo().online());
    }

    @Test
    void who_does_not_come_back_from_a_node_that_is_gone_is_named_by_one_of_the_others_once() {
        UserId john = new UserId("john " + UUID.randomUUID());
        List<UserId> lost = new CopyOnWriteArrayList<>();
        Redis three = Redis.open(TestRedis.Shared.REDIS.address());
        one.presence().whenLost((user, at) -> lost.add(user));
        two.presence().whenLost((user, at) -> lost.add(user));
        await().atMost(PATIENCE).until(three::answers);
        three.presence().arrived(anna, "s1");
        three.presence().arrived(john, "s2");
        await().atMost(PATIENCE)
                .until(() -> seenFromTwo().online() && two.presence().elsewhere(john) == 1);

        one.presence().arrived(john, "s3");
        // As a node does that says goodbye.
        three.presence().left(anna, "s1", AT);
        three.close();

        await().atMost(PATIENCE).until(() -> lost.contains(anna));
        assertThat(lost).containsExactly(anna);
        assertThat(seenFromTwo().online()).isFalse();
    }

    @Test
    void a_ticket_is_taken_once_on_whatever_node_and_however_many_try() throws Exception {
        Identity identity =
                new Identity(new Person(anna, "änna", "Anna 🧽"), Role.ADMIN, AT.plusNanos(456));
        one.tickets().keep("ticket", identity, Duration.ofSeconds(30));

        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            long taken =
                    many
                            .invokeAll(
                                    IntStream.range(0, 20)
                                            .<Callable<Optional<Identity>>>mapToObj(
                                                    i ->
                                                            () ->
                                                                    (i % 2 == 0 ? one : two)
                                                                            .tickets()
                                                                            .take("ticket"))
                                            .toList())
                            .stream()
                            .map(java.util.concurrent.Future::resultNow)
                            .filter(Optional.of(identity)::equals)
                            .count();
            assertThat(taken).isOne();
        }
        assertThat(two.tickets().take("ticket")).isEmpty();
        assertThat(two.tickets().take("x".repeat(100_000))).isEmpty();
    }

    @Test
    void a_ticket_that_was_kept_long_enough_is_gone() {
        one.tickets()
                .keep(
                        "brief",
                        new Identity(Person.nameless(anna), Role.CLIENT, AT),
                        Duration.ofMillis(1));

        await().atMost(PATIENCE).until(() -> one.tickets().take("brief").isEmpty());
    }

    @Test
    void what_a_user_sends_on_one_node_counts_on_the_other() {
        RateLimits here = one.limits(RateLimits.NONE, 1, 5);
        RateLimits there = two.limits(RateLimits.NONE, 1, 5);
        for (int i = 0; i < 8; i++) {
            here.secondsToWait(anna, RateLimits.Kind.MESSAGE);
        }

        await().atMost(PATIENCE).until(() -> here.secondsToWait(anna, RateLimits.Kind.MESSAGE) > 0);
        await().atMost(PATIENCE)
                .until(() -> there.secondsToWait(anna, RateLimits.Kind.MESSAGE) > 0);
        assertThat(there.secondsToWait(anna, RateLimits.Kind.FRAME)).isZero();
        assertThat(there.secondsToWait(new UserId("eve"), RateLimits.Kind.MESSAGE)).isZero();
    }
}
