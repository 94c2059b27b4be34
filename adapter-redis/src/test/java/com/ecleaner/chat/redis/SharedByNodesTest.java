package com.ecleaner.chat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.client.codec.StringCodec;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** What two nodes know of each other's users: who is there, and what they have sent. */
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
        // Those of other tests' nodes may be found meanwhile.
        assertThat(lost).filteredOn(Set.of(anna, john)::contains).containsExactly(anna);
        assertThat(seenFromTwo().online()).isFalse();
    }

    @Test
    void what_a_node_that_is_gone_said_of_its_users_is_taken_away() {
        UserId john = new UserId("john " + UUID.randomUUID());
        Redis three = Redis.open(TestRedis.Shared.REDIS.address());
        try (RedisLink link = new RedisLink(TestRedis.Shared.REDIS.address())) {
            await().atMost(PATIENCE).until(() -> three.answers() && link.isUp());
            three.presence().arrived(anna, "s1");
            three.presence().arrived(john, "s2");
            one.presence().arrived(john, "s3");
            // The others know by then that this node lives.
            await().atMost(PATIENCE)
                    .until(() -> seenFromTwo().online() && two.presence().elsewhere(john) == 2);
            assertThat(said(link, anna)).hasSize(1);

            three.close();

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(said(link, anna)).containsExactly("seen");
                                assertThat(said(link, john)).hasSize(1);
                            });
            assertThat(seenFromTwo().lastSeen()).isPresent();
            assertThat(two.presence().elsewhere(john)).isOne();
        }
    }

    private static Set<String> said(RedisLink link, UserId user) {
        return link.client()
                .<String, String>getMap("chat:user:" + user, StringCodec.INSTANCE)
                .readAllKeySet();
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
