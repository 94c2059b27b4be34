package com.ecleaner.chat.bootstrap.metrics;

import com.ecleaner.chat.application.live.Ending;
import com.ecleaner.chat.application.live.Hub;
import com.ecleaner.chat.persistence.CommitWatch;
import com.ecleaner.chat.persistence.Database;
import com.ecleaner.chat.redis.Redis;
import com.ecleaner.chat.rest.RequestWatch;
import com.ecleaner.chat.websocket.ChatSockets;
import com.ecleaner.chat.websocket.SocketCounts;
import com.ecleaner.chat.websocket.transport.Closing;
import com.ecleaner.chat.websocket.transport.Traffic;
import com.ecleaner.chat.websocket.transport.WebSocketStack;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * All figures of this process. Each part is named once, when it is there; what they mean is in
 * docs/operating.md. Thread-safe.
 */
public final class Meters implements AutoCloseable {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    /** With the JVM's own figures. */
    public Meters() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Everything in Prometheus' text format 0.0.4; asks the database whether it is there. */
    public String scrape() {
        return registry.scrape();
    }

    /** The record: its commits, its pool, and whether it answers. */
    public void of(Database database) {
        Counter messages =
                Counter.builder("chat.messages.committed")
                        .description("Messages that became durable")
                        .register(registry);
        DistributionSummary batches =
                DistributionSummary.builder("chat.commit.changes")
                        .description("Changes in one commit of the log")
                        .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500)
                        .register(registry);
        Timer commits =
                Timer.builder("chat.commit")
                        .description("From the begin of a commit to its confirmation")
                        .serviceLevelObjectives(
                                millis(1),
                                millis(2),
                                millis(5),
                                millis(10),
                                millis(20),
                                millis(50),
                                millis(100),
                                millis(250),
                                millis(1_000))
                        .register(registry);
        CommitWatch watch =
                (changes, posted, took) -> {
                    messages.increment(posted);
                    batches.record(changes);
                    commits.record(took);
                };
        database.watchedBy(watch, new MicrometerMetricsTrackerFactory(registry));
        up("postgresql", database::answers);
        gauge(
                "chat.search.words.waiting",
                "Messages whose words are not in the index yet, counted every 10 s",
                database,
                Database::searchWordsWaiting);
    }

    /** What nodes share through Redis. */
    public void of(Redis redis) {
        up("redis", redis::answers);
        counter("chat.bus.published", "Events Redis took for other nodes", redis, Redis::published);
        counter(
                "chat.bus.dropped",
                "Events other nodes were not told of; they read them from the record",
                redis,
                Redis::dropped);
        counter(
                "chat.bus.not.understood",
                "Events of other nodes that mean nothing here: a newer release, or damage",
                redis,
                Redis::notUnderstood);
        gauge("chat.bus.rooms", "Rooms whose channel is listened to", redis, Redis::followedRooms);
    }

    /** The live connections. */
    public void of(Hub hub, WebSocketStack sockets, ChatSockets chat) {
        gauge("chat.connections", "Open WebSockets", sockets, WebSocketStack::connections);
        gauge("chat.sessions", "Signed-in connections", hub, Hub::size);
        gauge("chat.rooms.followed", "Rooms somebody here follows", hub, Hub::followedRooms);
        gauge(
                "chat.queue.bytes",
                "What waits to be sent on all connections",
                sockets,
                WebSocketStack::pendingBytes);
        counter("chat.streams.healed", "Holes filled from the record", hub, Hub::healed);
        counter(
                "chat.deliveries",
                "What connections were told of changes",
                chat.counts(),
                SocketCounts::deliveries);
        frames("in", sockets.traffic(), Traffic::in);
        frames("out", sockets.traffic(), Traffic::out);
        for (int code : closeCodes()) {
            FunctionCounter.builder(
                            "chat.connections.closed", sockets.traffic(), t -> t.closed(code))
                    .description("Connections this side closed; 4413 are slow consumers")
                    .tag("code", Integer.toString(code))
                    .register(registry);
        }
        for (String code : SocketCounts.codes()) {
            FunctionCounter.builder("chat.frames.refused", chat.counts(), c -> c.refused(code))
                    .description("Frames answered with an error")
                    .tag("code", code)
                    .register(registry);
        }
    }

    /** The codes this side closes connections with, each once. */
    private static int[] closeCodes() {
        return IntStream.concat(
                        Closing.codes(), Arrays.stream(Ending.values()).mapToInt(Ending::code))
                .distinct()
                .sorted()
                .toArray();
    }

    /** Whether this node says goodbye to everybody. */
    public void ofDraining(BooleanSupplier draining) {
        Gauge.builder("chat.draining", draining, d -> d.getAsBoolean() ? 1 : 0)
                .description("1 while the node sends its connections elsewhere")
                .strongReference(true)
                .register(registry);
    }

    /** Counts and times requests. */
    public RequestWatch requests() {
        return (method, route, status, took) ->
                Timer.builder("chat.requests")
                        .description("REST requests that were answered")
                        .tag("method", method)
                        .tag("route", route)
                        .tag("status", Integer.toString(status))
                        .register(registry)
                        .record(took);
    }

    private void up(String what, BooleanSupplier answers) {
        Gauge.builder("chat.up", answers, a -> a.getAsBoolean() ? 1 : 0)
                .description("1 where a service answers")
                .tag("service", what)
                .strongReference(true)
                .register(registry);
    }

    private void frames(String direction, Traffic traffic, ToDoubleFunction<Traffic> count) {
        FunctionCounter.builder("chat.frames", traffic, count)
                .description("WebSocket frames")
                .tag("direction", direction)
                .register(registry);
    }

    private <T> void counter(String name, String words, T of, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, of, count).description(words).register(registry);
    }

    private <T> void gauge(String name, String words, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(words).register(registry);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
