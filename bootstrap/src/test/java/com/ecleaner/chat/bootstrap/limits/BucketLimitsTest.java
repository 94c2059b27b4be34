package com.ecleaner.chat.bootstrap.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.ecleaner.chat.bootstrap.settings.RateLimit;
import com.ecleaner.chat.domain.port.RateLimits.Kind;
import com.ecleaner.chat.domain.user.UserId;

import io.github.bucket4j.TimeMeter;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

final class BucketLimitsTest {
    private static final UserId ANNA = new UserId("25");
    private static final UserId JOHN = new UserId("26");

    private final HandMoved time = new HandMoved();
    private final BucketLimits limits = new BucketLimits(new RateLimit(2, 5), time);

    @Test
    void a_burst_passes_and_then_so_much_a_second() {
        assertThat(taken(ANNA, Kind.MESSAGE)).isEqualTo(5);

        time.move(1.0);
        assertThat(taken(ANNA, Kind.MESSAGE)).isEqualTo(2);

        time.move(1000);
        assertThat(taken(ANNA, Kind.MESSAGE)).isEqualTo(5);
    }

    @Test
    void whoever_is_refused_is_told_how_long_to_wait() {
        taken(ANNA, Kind.MESSAGE);
        double wait = limits.secondsToWait(ANNA, Kind.MESSAGE);

        assertThat(wait).isCloseTo(0.5, within(0.01));
        time.move(wait);
        assertThat(limits.secondsToWait(ANNA, Kind.MESSAGE)).isZero();
    }

    @Test
    void one_users_storm_is_nobody_elses() {
        taken(ANNA, Kind.MESSAGE);

        assertThat(limits.secondsToWait(JOHN, Kind.MESSAGE)).isZero();
    }

    @Test
    void frames_have_a_larger_bucket_of_their_own() {
        taken(ANNA, Kind.MESSAGE);

        assertThat(taken(ANNA, Kind.FRAME)).isEqualTo(25);
    }

    private int taken(UserId user, Kind kind) {
        int taken = 0;
        while (limits.secondsToWait(user, kind) == 0) {
            taken++;
        }
        return taken;
    }

    private static final class HandMoved implements TimeMeter {
        private long nanos;

        void move(double seconds) {
            nanos += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
