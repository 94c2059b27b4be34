package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.port.RateLimits.Kind;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.UUID;

/** What all limits promise; how long one has to wait is each one's own affair. */
@Timeout(60)
public abstract class RateLimitsContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A name of its own, so that tests may share whatever counts. */
    private final UserId anna = new UserId("anna " + UUID.randomUUID());

    /** Limits under test on messages; whoever extends this closes them after each test. */
    protected abstract RateLimits limits(int perSecond, int burst);

    private void exhaust(RateLimits limits) {
        await().atMost(PATIENCE).until(() -> limits.secondsToWait(anna, Kind.MESSAGE) > 0);
    }

    @Test
    void a_burst_passes_and_whoever_goes_on_has_to_wait() {
        RateLimits limits = limits(1, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(limits.secondsToWait(anna, Kind.MESSAGE)).isZero();
        }
        exhaust(limits);
    }

    @Test
    void users_and_kinds_do_not_share() {
        RateLimits limits = limits(1, 5);
        exhaust(limits);

        assertThat(limits.secondsToWait(anna, Kind.FRAME)).isZero();
        assertThat(limits.secondsToWait(new UserId("john " + UUID.randomUUID()), Kind.MESSAGE))
                .isZero();
    }
}
