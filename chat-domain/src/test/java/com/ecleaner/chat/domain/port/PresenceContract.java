package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What everybody who keeps presence promises, seen from where people are and from elsewhere. */
@Timeout(60)
public abstract class PresenceContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant AT = Instant.parse("2025-10-25T10:30:00.123Z");

    /** Names of their own, so that tests may share whatever carries presence. */
    private final UserId anna = new UserId("anna \"'%s\" " + UUID.randomUUID());

    private final UserId john = new UserId("john " + UUID.randomUUID());
    private Presence presence;
    private Presence elsewhere;

    /** The presence under test; whoever extends this closes it after each test. */
    protected abstract Presence presence();

    /** The same people as another process sees them, where there are others. */
    protected abstract Presence elsewhere(Presence presence);

    @BeforeEach
    void start() {
        presence = presence();
        elsewhere = elsewhere(presence);
    }

    private static Presence.Seen seen(Presence by, UserId user) {
        return by.of(Set.of(user)).get(user);
    }

    /** Waits until everything that was told of before is known everywhere. */
    private void settle() {
        UserId last = new UserId("last " + UUID.randomUUID());
        presence.arrived(last, "last");
        await().atMost(PATIENCE).until(() -> seen(elsewhere, last).online());
    }

    @Test
    void nobody_is_known_who_never_came_and_everybody_who_is_asked_about_is_in_the_answer() {
        presence.arrived(john, "s1");

        assertThat(presence.of(Set.of(anna, john)))
                .hasSize(2)
                .containsEntry(anna, Presence.Seen.UNKNOWN)
                .containsEntry(john, new Presence.Seen(true, Optional.empty()));
        assertThat(presence.of(Set.of())).isEmpty();
        assertThat(presence.elsewhere(anna)).isZero();
    }

    @Test
    void a_user_is_online_from_their_first_connection_to_their_last() {
        assertThat(presence.arrived(anna, "s1")).isTrue();
        assertThat(presence.arrived(anna, "s2")).isFalse();
        settle();
        assertThat(seen(elsewhere, anna).online()).isTrue();

        assertThat(presence.left(anna, "s1", AT.minusSeconds(5))).isFalse();
        settle();
        assertThat(seen(presence, anna).online()).isTrue();
        assertThat(seen(elsewhere, anna).online()).isTrue();

        assertThat(presence.left(anna, "s2", AT)).isTrue();
        settle();
        assertThat(seen(presence, anna)).isEqualTo(new Presence.Seen(false, Optional.of(AT)));
        assertThat(seen(elsewhere, anna)).isEqualTo(new Presence.Seen(false, Optional.of(AT)));
    }

    @Test
    void a_connection_that_goes_without_having_arrived_changes_nothing() {
        presence.arrived(anna, "s1");
        settle();

        assertThat(presence.left(anna, "never arrived", AT)).isFalse();
        assertThat(presence.left(john, "never arrived", AT)).isFalse();
        settle();

        assertThat(seen(presence, anna).online()).isTrue();
        assertThat(seen(elsewhere, anna).online()).isTrue();
        assertThat(seen(presence, john)).isEqualTo(Presence.Seen.UNKNOWN);
        assertThat(seen(elsewhere, john)).isEqualTo(Presence.Seen.UNKNOWN);
    }

    @Test
    void a_connection_comes_and_goes_once_however_often_that_is_told() {
        presence.arrived(anna, "s1");
        presence.arrived(anna, "s2");
        presence.arrived(anna, "s2");
        presence.left(anna, "s2", AT);
        presence.left(anna, "s2", AT);
        settle();
        assertThat(seen(elsewhere, anna).online()).isTrue();

        assertThat(presence.left(anna, "s1", AT)).isTrue();
        settle();
        assertThat(seen(elsewhere, anna).online()).isFalse();
    }

    @Test
    void whoever_comes_back_is_online_again_and_goes_with_the_later_time() {
        presence.arrived(anna, "s1");
        presence.left(anna, "s1", AT.minusSeconds(60));
        settle();
        assertThat(presence.arrived(anna, "s2")).isTrue();
        settle();
        assertThat(seen(elsewhere, anna)).isEqualTo(new Presence.Seen(true, Optional.empty()));

        presence.left(anna, "s2", AT);
        settle();
        assertThat(seen(elsewhere, anna)).isEqualTo(new Presence.Seen(false, Optional.of(AT)));
    }
}
