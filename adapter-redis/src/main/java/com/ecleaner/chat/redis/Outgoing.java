package com.ecleaner.chat.redis;

import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is on its way to Redis. What comes while a batch is under way goes together into the next
 * one, in order: an idle node publishes at once, a busy one in batches by itself. Bounded in count
 * and bytes, and never waited for: what finds no place, or no Redis, is dropped and counted. Old
 * events are worth nothing, the others have read them from the log by then. Thread-safe.
 */
final class Outgoing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Outgoing.class);

    private static final int MAX_WAITING = 20_000;
    private static final long MAX_BYTES = 16L << 20;
    private static final int BATCH = 500;
    private static final int BATCH_ANSWER_MILLIS = 1_000;

    /** Handed over once, changed and compared by nobody. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Parcel(String channel, byte[] bytes) {}

    private final RedisLink link;
    private final BlockingQueue<Parcel> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong bytesWaiting = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    Outgoing(RedisLink link) {
        this.link = link;
        thread = Thread.ofPlatform().daemon().name("redis-publish").start(this::run);
    }

    void send(String channel, byte[] bytes) {
        if (!link.isUp()
                || bytesWaiting.get() > MAX_BYTES
                || !waiting.offer(new Parcel(channel, bytes))) {
            dropped.incrementAndGet();
            return;
        }
        bytesWaiting.addAndGet(bytes.length);
    }

    /** How many Redis took since the start. */
    long published() {
        return published.get();
    }

    /** How many found no place or no Redis since the start. */
    long dropped() {
        return dropped.get();
    }

    private void run() {
        List<Parcel> parcels = new ArrayList<>(BATCH);
        while (!closed) {
            try {
                parcels.clear();
                parcels.add(waiting.take());
                waiting.drainTo(parcels, BATCH - 1);
                parcels.forEach(parcel -> bytesWaiting.addAndGet(-parcel.bytes().length));
                publish(parcels);
            } catch (InterruptedException e) {
                // Closed, or a stray interrupt: the loop's condition tells.
            } catch (RuntimeException e) {
                log.warn("events were not published: {}", RedisLink.reason(e));
                dropped.addAndGet(parcels.size());
            }
        }
    }

    private void publish(List<Parcel> parcels) throws InterruptedException {
        if (!link.isUp()) {
            dropped.addAndGet(parcels.size());
            return;
        }
        RBatch batch =
                link.client()
                        .createBatch(
                                BatchOptions.defaults()
                                        .retryAttempts(0)
                                        .responseTimeout(
                                                BATCH_ANSWER_MILLIS, TimeUnit.MILLISECONDS));
        boolean sharded = link.isSharded();
        for (Parcel parcel : parcels) {
            RFuture<Long> unused =
                    sharded
                            ? batch.getShardedTopic(parcel.channel(), ByteArrayCodec.INSTANCE)
                                    .publishAsync(parcel.bytes())
                            : batch.getTopic(parcel.channel(), ByteArrayCodec.INSTANCE)
                                    .publishAsync(parcel.bytes());
        }
        try {
            var unused =
                    batch.executeAsync()
                            .toCompletableFuture()
                            .get(BATCH_ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            published.addAndGet(parcels.size());
        } catch (ExecutionException | TimeoutException e) {
            link.suspect();
            dropped.addAndGet(parcels.size());
            log.debug("events were not published", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
