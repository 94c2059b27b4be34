package com.ecleaner.chat.bootstrap.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.bootstrap.settings.RateLimit;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.port.RateLimits.Kind;
import com.ecleaner.chat.domain.port.RateLimitsContract;
import com.ecleaner.chat.domain.user.UserId;

import io.github.bucket4j.TimeMeter;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class TokenBucketsTest extends RateLimitsContract {
    private final AtomicLong nanos = new AtomicLong();
    private final TokenBuckets limits =
            new TokenBuckets(
                    new RateLimit(2, 5),
                    new TimeMeter() {
                        @Override
                        public long currentTimeNanos() {
                            return nanos.get();
                        }

                        @Override
                        public boolean isWallClockBased() {
                            return false;
                        }
                    });
    private final UserId anna = new UserId("anna");

    @Override
    protected RateLimits limits(int perSecond, int burst) {
        return new TokenBuckets(new RateLimit(perSecond, burst));
    }

    @Test
    void a_burst_passes_and_what_comes_after_is_told_how_long_to_wait() {
        for (int i = 0; i < 5; i++) {
            assertThat(limits.secondsToWait(anna, Kind.MESSAGE)).isZero();
        }
        assertThat(limits.secondsToWait(anna, Kind.MESSAGE)).isEqualTo(0.5);
    }

    @Test
    void asking_in_vain_takes_nothing_and_time_gives_back() {
        for (int i = 0; i < 20; i++) {
            limits.secondsToWait(anna, Kind.MESSAGE);
        }
        nanos.addAndGet(1_000_000_000L);
        assertThat(limits.secondsToWait(anna, Kind.MESSAGE)).isZero();
        assertThat(limits.secondsToWait(anna, Kind.MESSAGE)).isZero();
        assertThat(limits.secondsToWait(anna, Kind.MESSAGE)).isPositive();
    }
}
