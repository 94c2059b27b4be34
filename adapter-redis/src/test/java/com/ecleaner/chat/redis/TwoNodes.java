package com.ecleaner.chat.redis;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** Two nodes that share one Redis with all tests of this JVM. */
final class TwoNodes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Redis one = Redis.open(TestRedis.Shared.REDIS.address());
    final Redis two = Redis.open(TestRedis.Shared.REDIS.address());

    TwoNodes() {
        await().atMost(PATIENCE).until(() -> one.answers() && two.answers());
    }

    @Override
    public void close() {
        one.close();
        two.close();
    }
}
