package com.ecleaner.chat.bootstrap.limits;

import com.ecleaner.chat.bootstrap.settings.RateLimit;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.user.UserId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Two token buckets per user: one for messages, one for all that their connections send, which is
 * {@value #FRAMES_PER_MESSAGE} times as large, as reading and typing come along with every message.
 * Thread-safe.
 *
 * <p>A bucket that was not touched long enough to be full again is forgotten.
 */
public final class BucketLimits implements RateLimits {
    private static final int FRAMES_PER_MESSAGE = 5;

    private record Buckets(Bucket messages, Bucket frames) {}

    private final RateLimit limit;
    private final TimeMeter time;
    private final Cache<UserId, Buckets> users;

    /** Limits of {@code limit} for each user, counted from now. */
    public BucketLimits(RateLimit limit) {
        this(limit, TimeMeter.SYSTEM_NANOTIME);
    }

    BucketLimits(RateLimit limit, TimeMeter time) {
        this.limit = limit;
        this.time = time;
        Duration full = Duration.ofSeconds(1 + limit.burst() / limit.perSecond());
        this.users =
                Caffeine.newBuilder()
                        .ticker(time::currentTimeNanos)
                        .expireAfterAccess(full)
                        .build();
    }

    @Override
    public double secondsToWait(UserId user, Kind kind) {
        Buckets buckets = users.get(user, u -> new Buckets(bucket(1), bucket(FRAMES_PER_MESSAGE)));
        ConsumptionProbe probe =
                switch (kind) {
                    case MESSAGE -> buckets.messages().tryConsumeAndReturnRemaining(1);
                    case FRAME -> buckets.frames().tryConsumeAndReturnRemaining(1);
                };
        return probe.isConsumed()
                ? 0
                : (double) probe.getNanosToWaitForRefill() / TimeUnit.SECONDS.toNanos(1);
    }

    private Bucket bucket(int times) {
        return Bucket.builder()
                .addLimit(
                        Bandwidth.builder()
                                .capacity((long) limit.burst() * times)
                                .refillGreedy(
                                        (long) limit.perSecond() * times, Duration.ofSeconds(1))
                                .build())
                .withCustomTimePrecision(time)
                .build();
    }
}
