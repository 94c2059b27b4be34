package com.ecleaner.chat.system;

import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * What a crowd costs the whole server, PostgreSQL included: {@code idle} connections, a {@code
 * storm} of connections that come back at once, a {@code slow} reader among fast ones. Arguments:
 * which, and how many connections. The server is a process of its own; see docs/performance.md.
 */
public final class CrowdBenchmark {
    private static final String SECRET = "a secret of the benchmarks, and of nobody else";
    private static final int ROOMS = 100;
    private static final int CONNECTING = 64;

    private final ChatProcess server;
    private final int port;
    private final Platform platform;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private CrowdBenchmark(Path folder, String heap) throws IOException {
        Map<String, String> settings = Map.of("CHAT_JWT_SECRET", SECRET, "CHAT_RATE_LIMIT", "off");
        server =
                ChatProcess.start(
                        "serve", folder.resolve("data"), settings, List.of("-Xmx" + heap));
        String ready = server.linesUntil("http://").getLast();
        port = Integer.parseInt(ready.replaceAll(".*:(\\d+).*", "$1"));
        platform =
                new Platform(
                        port,
                        TokenIssuer.of(
                                Settings.from(Map.of("CHAT_JWT_SECRET", SECRET)),
                                InstantSource.system()));
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        String which = args.length > 0 ? args[0] : "idle";
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        Path folder = Files.createTempDirectory("crowd");
        CrowdBenchmark crowd = new CrowdBenchmark(folder, which.equals("idle") ? "256m" : "512m");
        try {
            switch (which) {
                case "idle" -> crowd.idle(count > 0 ? count : 10_000);
                case "storm" -> crowd.storm(count > 0 ? count : 5_000);
                case "slow" -> crowd.slow(count > 0 ? count : 500);
                default -> throw new IllegalArgumentException("idle, storm or slow");
            }
        } finally {
            crowd.threads.shutdownNow();
            crowd.server.terminate();
        }
    }

    // --- connections

    /** One user's connection and what it has seen. */
    private static final class Member {
        final Line line;
        final AtomicInteger messages = new AtomicInteger();
        volatile int closed;

        Member(Line line) {
            this.line = line;
        }
    }

    private String token(int user) {
        return platform.token("u" + user, Role.CLIENT);
    }

    private static boolean is(String frame, String type) {
        return frame.startsWith("{\"type\":\"" + type + "\"");
    }

    /** Does it for each number, a bounded number of them at a time, and waits for all. */
    private <T> List<T> each(int count, IntFunction<T> work) throws Exception {
        Semaphore places = new Semaphore(CONNECTING);
        List<java.util.concurrent.Future<T>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            places.acquire();
            all.add(
                    threads.submit(
                            () -> {
                                try {
                                    return work.apply(number);
                                } finally {
                                    places.release();
                                }
                            }));
        }
        List<T> done = new ArrayList<>();
        for (var one : all) {
            done.add(one.get());
        }
        return done;
    }

    /** Connected, and in its general room. */
    private Member join(int user, String room) {
        try {
            Member member = new Member(Line.open(port, token(user)));
            CountDownLatch in = new CountDownLatch(1);
            member.line.read(
                    frame -> {
                        if (is(frame, "room")) {
                            in.countDown();
                        } else if (is(frame, "chat_message")) {
                            member.messages.incrementAndGet();
                        }
                    },
                    code -> member.closed = code);
            member.line.send(
                    "{\"type\":\"open_room\",\"room_type\":\"general\",\"name\":\"" + room + "\"}");
            if (!in.await(60, TimeUnit.SECONDS)) {
                throw new IOException("user " + user + " did not get in: " + member.closed);
            }
            return member;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void until(String what, java.util.function.BooleanSupplier reached)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within three minutes: " + what);
            }
            Thread.sleep(20);
        }
    }

    // --- idle

    private void idle(int count) throws Exception {
        List<Member> first = each(200, i -> join(1_000_000 + i, "warm"));
        for (Member member : first) {
            member.line.close();
        }
        Thread.sleep(3_000);
        ChatProcess.Memory before = server.memory();
        List<Member> members = each(count, i -> join(i, "room " + i % ROOMS));
        Thread.sleep(3_000);
        ChatProcess.Memory after = server.memory();
        members.forEach(member -> member.messages.set(0));
        for (int room = 0; room < ROOMS; room++) {
            long id = roomOf(room, "room " + room);
            members.get(room)
                    .line
                    .send(
                            "{\"type\":\"message\",\"room\":"
                                    + id
                                    + ",\"message\":\"hello\",\"client_id\":\"h"
                                    + room
                                    + "\"}");
        }
        until("all have it", () -> members.stream().allMatch(m -> m.messages.get() == 1));
        long dropped = members.stream().filter(m -> m.closed != 0).count();
        ChatProcess.Memory end = server.memory();
        System.out.printf(
                "idle: %,d connections, each in one of %d rooms: RSS %,d kB before, %,d kB after,"
                        + " %.1f kB per connection; after a message to each room %,d kB, peak %,d"
                        + " kB; every message arrived, dropped: %d%n",
                count,
                ROOMS,
                before.now(),
                after.now(),
                (after.now() - before.now()) / (double) count,
                end.now(),
                end.peak(),
                dropped);
    }

    private long roomOf(int user, String name) {
        JsonNode rooms = platform.get("/chat/rooms/", token(user)).body().get("results");
        for (JsonNode room : rooms) {
            if (name.equals(room.get("name").asText())) {
                return room.get("id").asLong();
            }
        }
        throw new IllegalStateException("no room " + name);
    }

    // --- storm

    private void storm(int count) throws Exception {
        int jobs = count / 2;
        List<Long> rooms =
                each(jobs, job -> platform.book("s" + job, "u" + 2 * job, "u" + (2 * job + 1)));
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(token(i));
        }
        List<Member> members = each(count, i -> connect(tokens.get(i), null, () -> {}, () -> {}));
        ChatProcess.Memory calm = server.memory();
        for (Member member : members) {
            member.line.cut();
        }
        long cutAt = System.nanoTime();
        // What they miss: a message in every fifth room.
        each(
                jobs / 5,
                i ->
                        platform.post(
                                "/chat/rooms/" + rooms.get(i * 5) + "/send_message/",
                                tokens.get(i * 10),
                                Platform.JSON.createObjectNode().put("message", "missed")));
        Random jitter = new Random(1);
        AtomicInteger level = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        AtomicInteger repeated = new AtomicInteger();
        AtomicLong last = new AtomicLong();
        List<Member> back = new ArrayList<>();
        ConcurrentLinkedQueue<Member> open = new ConcurrentLinkedQueue<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int user = i;
            long pause = 500L + jitter.nextInt(500);
            var unused =
                    threads.submit(
                            () -> {
                                Thread.sleep(pause);
                                for (int wait = 1_000; ; wait = Math.min(2 * wait, 16_000)) {
                                    attempts.incrementAndGet();
                                    try {
                                        open.add(
                                                connect(
                                                        tokens.get(user),
                                                        rooms.get(user / 2),
                                                        () -> {
                                                            last.set(System.nanoTime());
                                                            level.incrementAndGet();
                                                        },
                                                        repeated::incrementAndGet));
                                        return null;
                                    } catch (RuntimeException refused) {
                                        Thread.sleep(wait / 2 + jitter.nextInt(wait / 2));
                                    }
                                }
                            });
        }
        until("all are level", () -> level.get() >= count);
        back.addAll(open);
        long missed = back.stream().mapToLong(m -> m.messages.get()).sum();
        ChatProcess.Memory end = server.memory();
        System.out.printf(
                "storm: %,d connections cut at once; %.1f s later they had been told to come back"
                    + " within 0.5-1 s; all level %.1f s after the first came, %,d connection"
                    + " attempts, %,d syncs asked again, %d of %d missed messages told by sync; RSS"
                    + " before %,d kB, after %,d kB, peak %,d kB (-Xmx512m)%n",
                count,
                (start - cutAt) / 1e9,
                (last.get() - start) / 1e9 - 0.5,
                attempts.get(),
                repeated.get(),
                missed,
                2 * (jobs / 5),
                calm.now(),
                end.now(),
                end.peak());
        for (Member member : back) {
            member.line.close();
        }
    }

    /** Connected and welcomed; level again where it names the room it holds. */
    private Member connect(String token, Long room, Runnable level, Runnable again) {
        try {
            Member member = new Member(Line.open(port, token));
            String welcome = member.line.receive();
            if (!is(welcome, "welcome")) {
                throw new IllegalStateException(welcome);
            }
            String sync =
                    "{\"type\":\"sync\",\"rooms\":{\"" + room + "\":{\"seq\":0,\"version\":1}}}";
            if (room != null) {
                member.line.send(sync);
            }
            member.line.read(
                    frame -> {
                        if (is(frame, "chat_message")) {
                            member.messages.incrementAndGet();
                        } else if (is(frame, "synced")) {
                            level.run();
                        } else if (is(frame, "error")) {
                            again.run();
                            askAgain(member.line, sync);
                        }
                    },
                    code -> member.closed = code);
            return member;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As clients do where the server could not answer in time. */
    private void askAgain(Line line, String sync) {
        var unused =
                threads.submit(
                        () -> {
                            Thread.sleep(ThreadLocalRandom.current().nextInt(500, 1_500));
                            line.send(sync);
                            return null;
                        });
    }

    // --- slow

    private void slow(int count) throws Exception {
        Map<String, Long> sentAt = new ConcurrentHashMap<>();
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        List<Member> members = each(count, i -> join(i, "lobby"));
        long room = roomOf(0, "lobby");
        Line sender = members.get(0).line;
        // One listener in twenty measures; all of them read.
        for (int i = 1; i < count; i += 20) {
            Line line = Line.open(port, token(i));
            line.receive();
            line.read(
                    frame -> {
                        if (is(frame, "chat_message")) {
                            int at = frame.indexOf("\"client_id\":\"") + 13;
                            Long sent = sentAt.get(frame.substring(at, frame.indexOf('"', at)));
                            if (sent != null) {
                                latencies.add(System.nanoTime() - sent);
                            }
                        }
                    },
                    code -> {});
        }
        String text = "x".repeat(3_900);
        AtomicInteger number = new AtomicInteger();
        List<double[]> with = new ArrayList<>();
        List<double[]> without = new ArrayList<>();
        long rssBefore = 0;
        long rssSlow = 0;
        for (int round = 0; round < 7; round++) {
            for (boolean slowOne : new boolean[] {false, true}) {
                Line slow = slowOne ? Line.open(port, token(0), 4_096) : null;
                latencies.clear();
                long rss = server.memory().now();
                for (int i = 0; i < 100; i++) {
                    String id = "s" + number.incrementAndGet();
                    sentAt.put(id, System.nanoTime());
                    sender.send(
                            "{\"type\":\"message\",\"room\":"
                                    + room
                                    + ",\"message\":\""
                                    + text
                                    + "\",\"client_id\":\""
                                    + id
                                    + "\"}");
                    Thread.sleep(50);
                }
                int expected = 100 * ((count - 2) / 20 + 1);
                until("all arrived", () -> latencies.size() >= expected);
                if (round > 0) {
                    (slowOne ? with : without).add(quantiles(latencies));
                }
                if (slowOne) {
                    rssBefore = rss;
                    rssSlow = server.memory().now();
                    slow.cut();
                }
            }
        }
        double[] slowMedian = median(with);
        double[] fastMedian = median(without);
        System.out.printf(
                "slow: %d fast readers, 20 messages of 4 kB a second: p50 %.1f ms without, %.1f ms"
                    + " with one who does not read (ratio %.2f); p99 %.1f, %.1f ms (ratio %.2f);"
                    + " RSS %,d kB before, %,d kB with it, medians of %d rounds%n",
                count,
                fastMedian[0],
                slowMedian[0],
                slowMedian[0] / fastMedian[0],
                fastMedian[1],
                slowMedian[1],
                slowMedian[1] / fastMedian[1],
                rssBefore,
                rssSlow,
                with.size());
        overflow(room, sender, text, number);
    }

    /** The slow one passes its bound, is closed, comes back and is level by sync. */
    private void overflow(long room, Line sender, String text, AtomicInteger number)
            throws Exception {
        Line slow = Line.open(port, token(1), 4_096);
        slow.receive();
        long before = server.memory().now();
        long peak = before;
        for (int i = 0; i < 2_500; i++) {
            sender.send(
                    "{\"type\":\"message\",\"room\":"
                            + room
                            + ",\"message\":\""
                            + text
                            + "\",\"client_id\":\"o"
                            + number.incrementAndGet()
                            + "\"}");
            Thread.sleep(2);
            if (i % 100 == 0) {
                peak = Math.max(peak, server.memory().now());
            }
        }
        int read = 0;
        int code = 0;
        try {
            while (true) {
                slow.receive();
                read++;
            }
        } catch (Line.Closed closed) {
            code = closed.code;
        } catch (IOException reset) {
            code = 1006;
        }
        System.out.printf(
                "slow: after %,d frames that it read late it was closed with %d; RSS %,d kB before,"
                        + " at most %,d kB%n",
                read, code, before, peak);
    }

    private static double[] quantiles(Iterable<Long> nanos) {
        List<Long> sorted = new ArrayList<>();
        nanos.forEach(sorted::add);
        sorted.sort(null);
        return new double[] {
            sorted.get(sorted.size() / 2) / 1e6, sorted.get(sorted.size() * 99 / 100) / 1e6
        };
    }

    private static double[] median(List<double[]> rounds) {
        double[] median = new double[2];
        for (int i = 0; i < 2; i++) {
            int column = i;
            double[] sorted = rounds.stream().mapToDouble(r -> r[column]).sorted().toArray();
            median[i] = sorted[sorted.length / 2];
            Arrays.sort(sorted);
        }
        return median;
    }
}
