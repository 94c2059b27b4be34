package com.ecleaner.chat.redis;

import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The way to Redis, and whether it is open. It is asked a few times a second whether it answers;
 * while it does not, nobody else asks it anything, so that nobody waits. Thread-safe.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

    /** How long a command may take before it has failed. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** How long anybody is kept waiting for an answer. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Room channels of one connection: losing it means asking for all of these again. */
    private static final int CHANNELS_PER_CONNECTION = 5_000;

    private static final int SUBSCRIBING_CONNECTIONS = 100;
    private static final int CONNECTIONS = 8;

    private final RedissonClient client;
    private final boolean cluster;
    private final ScheduledExecutorService upkeep =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("redis-upkeep").factory());
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("redis-link").factory());
    private final List<Runnable> whenUp = new CopyOnWriteArrayList<>();
    private final AtomicBoolean up = new AtomicBoolean();
    private volatile @Nullable Boolean sharded;
    private volatile boolean told;
    private volatile String fault = "no answer";

    /** Opens the way, whether Redis answers or not; {@link #isUp} tells. */
    RedisLink(List<URI> nodes) {
        cluster = nodes.size() > 1;
        client = Redisson.create(config(nodes));
        look();
        var unused =
                looking.scheduleWithFixedDelay(
                        this::look,
                        LOOK_EVERY.toMillis(),
                        LOOK_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private static Config config(List<URI> nodes) {
        Config config = new Config();
        config.setCodec(ByteArrayCodec.INSTANCE);
        config.setLazyInitialization(true);
        config.setThreads(2);
        config.setNettyThreads(2);
        config.setTcpKeepAlive(true);
        config.setTcpNoDelay(true);
        URI first = nodes.getFirst();
        BaseConfig<?> base;
        if (nodes.size() > 1) {
            var servers = config.useClusterServers();
            nodes.forEach(node -> servers.addNodeAddress(address(node)));
            base =
                    servers.setMasterConnectionMinimumIdleSize(1)
                            .setMasterConnectionPoolSize(CONNECTIONS)
                            .setSlaveConnectionMinimumIdleSize(1)
                            .setSlaveConnectionPoolSize(CONNECTIONS)
                            .setSubscriptionConnectionMinimumIdleSize(1)
                            .setSubscriptionConnectionPoolSize(SUBSCRIBING_CONNECTIONS)
                            .setScanInterval(1_000)
                            .setReadMode(org.redisson.config.ReadMode.MASTER)
                            .setSubscriptionMode(org.redisson.config.SubscriptionMode.MASTER);
        } else {
            base =
                    config.useSingleServer()
                            .setAddress(address(first))
                            .setDatabase(database(first))
                            .setConnectionMinimumIdleSize(2)
                            .setConnectionPoolSize(CONNECTIONS)
                            .setSubscriptionConnectionMinimumIdleSize(1)
                            .setSubscriptionConnectionPoolSize(SUBSCRIBING_CONNECTIONS);
        }
        base.setTimeout((int) ANSWER.toMillis())
                .setConnectTimeout((int) ANSWER.toMillis())
                .setSubscriptionTimeout((int) ANSWER.toMillis())
                .setRetryAttempts(0)
                .setReconnectionDelay(
                        new EqualJitterDelay(Duration.ofMillis(50), Duration.ofMillis(500)))
                // A half-open connection is found by asking, not by waiting for TCP.
                .setPingConnectionInterval(1_000)
                .setSubscriptionsPerConnection(CHANNELS_PER_CONNECTION);
        String userInfo = first.getRawUserInfo();
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            String user = decoded(colon < 0 ? "" : userInfo.substring(0, colon));
            if (!user.isEmpty()) {
                config.setUsername(user);
            }
            config.setPassword(decoded(userInfo.substring(colon + 1)));
        }
        return config;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String address(URI node) {
        int port = node.getPort() < 0 ? 6379 : node.getPort();
        return node.getScheme() + "://" + node.getHost() + ":" + port;
    }

    private static int database(URI node) {
        String path = node.getPath() == null ? "" : node.getPath().replace("/", "");
        return path.isEmpty() ? 0 : Integer.parseInt(path);
    }

    RedissonClient client() {
        return client;
    }

    /** Whether it answered when it was last asked. */
    boolean isUp() {
        return up.get();
    }

    /** Somebody waited in vain: nobody else shall, until it answers again. */
    void suspect() {
        up.set(false);
    }

    /** Runs the work on the upkeep thread each time Redis has come back, and when it first came. */
    void whenUp(Runnable work) {
        whenUp.add(work);
        if (isUp()) {
            upkeep(work);
        }
    }

    /** A thread for what nobody waits for. */
    ScheduledExecutorService upkeep() {
        return upkeep;
    }

    private void upkeep(Runnable work) {
        if (!upkeep.isShutdown()) {
            upkeep.execute(
                    () -> {
                        try {
                            work.run();
                        } catch (RuntimeException e) {
                            log.warn("upkeep failed: {}", e.toString());
                        }
                    });
        }
    }

    /**
     * Asks for something and waits {@link #PATIENCE} at most.
     *
     * @throws RedisAway where no answer came in time, or none is to be expected
     */
    <T extends @Nullable Object> T ask(Function<RedissonClient, CompletionStage<T>> question)
            throws RedisAway {
        if (!isUp()) {
            throw new RedisAway(null);
        }
        try {
            return question.apply(client)
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisAway(e);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            suspect();
            throw new RedisAway(e);
        }
    }

    /**
     * Whether a channel lives on one shard of a cluster, so that its traffic stays there; from
     * Redis 7 on. Known once Redis has answered.
     */
    boolean isSharded() {
        return Boolean.TRUE.equals(sharded);
    }

    private void look() {
        try {
            client.getBucket("chat:link", ByteArrayCodec.INSTANCE)
                    .isExistsAsync()
                    .toCompletableFuture()
                    .get(2 * LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            if (sharded == null) {
                sharded = cluster && Integer.parseInt(serverVersion().replaceAll("\\..*", "")) >= 7;
            }
            if (up.compareAndSet(false, true)) {
                if (told) {
                    log.info("Redis answers again");
                    told = false;
                }
                whenUp.forEach(this::upkeep);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            up.set(false);
            if (!told) {
                told = true;
                log.warn("Redis does not answer: {}", reason(e));
            }
            fault = reason(e);
        }
    }

    /** Why it did not answer when it was last asked. */
    String fault() {
        return fault;
    }

    /** The server's version. */
    String serverVersion() {
        Map<String, String> info =
                (cluster
                                ? client.getRedisNodes(RedisNodes.CLUSTER)
                                        .getMasters()
                                        .iterator()
                                        .next()
                                : client.getRedisNodes(RedisNodes.SINGLE).getInstance())
                        .info(org.redisson.api.redisnode.RedisNode.InfoSection.SERVER);
        return info.getOrDefault("redis_version", "0");
    }

    static String reason(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        up.set(false);
        looking.shutdownNow();
        upkeep.shutdownNow();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    /** Redis did not answer in time. */
    static final class RedisAway extends Exception {
        private static final long serialVersionUID = 1L;

        RedisAway(@Nullable Throwable cause) {
            super("Redis does not answer", cause, false, false);
        }
    }
}
