package com.ecleaner.chat.bootstrap.limits;

import com.ecleaner.chat.bootstrap.settings.RateLimit;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.user.UserId;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

import java.time.Duration;

/**
 * A token bucket for each user and kind. Buckets of users who ask nothing for a while are
 * forgotten; they would be full again. Thread-safe.
 */
public final class TokenBuckets implements RateLimits {
    /** A message is one frame of several: marks, typing and questions go along with it. */
    private static final int FRAMES_PER_MESSAGE = 10;

    private static final int MAX_BUCKETS = 1_000_000;

    private final LoadingCache<UserId, Bucket> messages;
    private final LoadingCache<UserId, Bucket> frames;

    /** Buckets of that size, refilled at that rate; frames have ten times as much. */
    public TokenBuckets(RateLimit limit) {
        this(limit, TimeMeter.SYSTEM_NANOTIME);
    }

    TokenBuckets(RateLimit limit, TimeMeter time) {
        messages = buckets(limit.perSecond(), limit.burst(), time);
        frames =
                buckets(
                        (long) limit.perSecond() * FRAMES_PER_MESSAGE,
                        (long) limit.burst() * FRAMES_PER_MESSAGE,
                        time);
    }

    @Override
    public double secondsToWait(UserId user, Kind kind) {
        Bucket bucket =
                switch (kind) {
                    case MESSAGE -> messages.get(user);
                    case FRAME -> frames.get(user);
                };
        long nanos = bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
        return nanos / 1e9;
    }

    private static LoadingCache<UserId, Bucket> buckets(
            long perSecond, long burst, TimeMeter time) {
        Bandwidth bandwidth =
                Bandwidth.builder()
                        .capacity(burst)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build();
        Duration full = Duration.ofSeconds(burst / perSecond + 1);
        return Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .expireAfterAccess(full)
                .build(
                        user ->
                                Bucket.builder()
                                        .addLimit(bandwidth)
                                        .withCustomTimePrecision(time)
                                        .build());
    }
}
