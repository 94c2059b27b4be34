package com.ecleaner.chat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.room.RoomId;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Redis goes and comes: nobody waits for it, and everything resumes by itself. */
@Timeout(120)
class RedisAwayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final UserId ANNA = new UserId("anna");
    private static final RoomId ROOM = new RoomId(7);
    private static final Instant AT = Instant.parse("2025-10-25T10:30:00.123Z");
    private static final Identity IDENTITY =
            new Identity(Person.nameless(ANNA), Role.CLIENT, Instant.parse("2040-01-01T00:00:00Z"));

    private TestRedis redis;
    private Redis one;
    private Redis two;

    @BeforeEach
    void start() {
        redis = new TestRedis();
        one = Redis.open(redis.address());
        two = Redis.open(redis.address());
        await().atMost(PATIENCE).until(() -> one.answers() && two.answers());
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private static ChatEvent read(RoomId room, long version) {
        return new RoomEvent.ReadAdvanced(room, version, ANNA, version, 0);
    }

    private void goAway() {
        redis.stop();
        await().atMost(PATIENCE).until(() -> !one.answers() && !two.answers());
    }

    private void comeBack() {
        redis.start();
        await().atMost(PATIENCE).until(() -> one.answers() && two.answers());
    }

    @Test
    void the_own_node_hears_on_while_redis_is_away_and_the_others_again_once_it_is_back()
            throws Exception {
        List<ChatEvent> here = new CopyOnWriteArrayList<>();
        List<ChatEvent> there = new CopyOnWriteArrayList<>();
        one.bus().listen(here::add);
        two.bus().listen(there::add);
        RoomId late = new RoomId(8);
        two.bus().follow(ROOM).toCompletableFuture().get(20, TimeUnit.SECONDS);
        goAway();

        one.bus().publish(read(ROOM, 1));
        await().atMost(PATIENCE).until(() -> here.contains(read(ROOM, 1)));
        assertThat(two.bus().follow(late).toCompletableFuture()).isCompletedExceptionally();

        comeBack();
        // Subscriptions return a moment after Redis: what is lost until then is in the log.
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            one.bus().publish(read(ROOM, 2));
                            one.bus().publish(read(late, 2));
                            return there.contains(read(ROOM, 2)) && there.contains(read(late, 2));
                        });
        assertThat(there).doesNotContain(read(ROOM, 1));
    }

    @Test
    void tickets_are_unavailable_at_once_and_good_again_later() {
        goAway();

        assertThatThrownBy(() -> one.tickets().keep("t", IDENTITY, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.retryable()).isTrue());
        assertThatThrownBy(() -> two.tickets().take("t"))
                .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.retryable()).isTrue());

        comeBack();
        // Connections that died in the outage may be found one by one.
        await().atMost(PATIENCE)
                .ignoreException(Refusal.class)
                .untilAsserted(
                        () -> {
                            one.tickets().keep("t", IDENTITY, Duration.ofSeconds(30));
                            assertThat(two.tickets().take("t")).contains(IDENTITY);
                        });
    }

    @Test
    void presence_is_told_of_again_to_a_redis_that_lost_its_memory() {
        one.presence().arrived(ANNA, "s1");
        await().atMost(PATIENCE).until(() -> two.presence().of(Set.of(ANNA)).get(ANNA).online());
        goAway();
        assertThat(two.presence().of(Set.of(ANNA)).get(ANNA).online()).isFalse();

        comeBack();

        await().atMost(PATIENCE).until(() -> two.presence().of(Set.of(ANNA)).get(ANNA).online());
    }

    @Test
    void when_somebody_was_last_seen_outlives_a_write_that_fails() {
        one.presence().arrived(ANNA, "s1");
        await().atMost(PATIENCE).until(() -> two.presence().of(Set.of(ANNA)).get(ANNA).online());
        redis.stop();
        // The node has not noticed yet, and tries to write it.
        one.presence().left(ANNA, "s1", AT);
        await().atMost(PATIENCE).until(() -> !one.answers() && !two.answers());

        comeBack();

        await().atMost(PATIENCE)
                .until(
                        () ->
                                two.presence()
                                        .of(Set.of(ANNA))
                                        .get(ANNA)
                                        .lastSeen()
                                        .equals(Optional.of(AT)));
    }

    @Test
    void a_node_that_starts_while_redis_is_away_joins_when_it_is_there() throws Exception {
        goAway();
        try (Redis three = Redis.open(redis.address())) {
            List<ChatEvent> heard = new CopyOnWriteArrayList<>();
            three.bus().listen(heard::add);
            var unused = three.bus().follow(ROOM);
            assertThat(three.answers()).isFalse();

            comeBack();

            await().atMost(PATIENCE).until(three::answers);
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                one.bus().publish(read(ROOM, 3));
                                return heard.contains(read(ROOM, 3));
                            });
        }
    }
}
