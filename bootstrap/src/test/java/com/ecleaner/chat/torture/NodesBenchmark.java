package com.ecleaner.chat.torture;

import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.system.Platform;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What it costs to be several nodes. Not among the tests of a build; run it with {@code mvn -q -pl
 * bootstrap -am test -Dquick -Dtest=NodesBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * -Dchat.nodes=latency,cpu,redis,access}. Ratios within one run are worth something; the machine's
 * own speed is not.
 */
final class NodesBenchmark {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void measured(@TempDir Path folder) throws Exception {
        for (String what : System.getProperty("chat.nodes", "latency").split(",", -1)) {
            switch (what) {
                case "latency" -> latency(folder.resolve("latency"));
                case "cpu" -> {
                    for (int round = 0; round < 2; round++) {
                        cpu(folder.resolve("one-" + round), 1);
                        cpu(folder.resolve("three-" + round), 3);
                    }
                }
                case "redis" -> redis(folder.resolve("redis"));
                case "access" -> access(folder.resolve("access"));
                default -> throw new IllegalArgumentException(what);
            }
        }
    }

    private static void tell(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static void sleep(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** One connection, as cheap as can be: hands on texts. */
    private static final class Ear implements WebSocket.Listener {
        private final Consumer<JsonNode> frames;
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        private Ear(Consumer<JsonNode> frames) {
            this.frames = frames;
        }

        static Ear at(Node node, String token, Consumer<JsonNode> frames) {
            Ear ear = new Ear(frames);
            ear.socket =
                    HTTP.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create(
                                            "ws://127.0.0.1:"
                                                    + node.port()
                                                    + "/ws/?token="
                                                    + token),
                                    ear)
                            .join();
            return ear;
        }

        void say(long room, String name) {
            socket.sendText(
                            "{\"type\":\"message\",\"room\":"
                                    + room
                                    + ",\"message\":\"Shall I bring the ladder?\",\"client_id\":\""
                                    + name
                                    + "\"}",
                            true)
                    .join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    frames.accept(Platform.JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    /** When each message reached somebody, by its client_id. */
    private static final class Arrivals {
        private final Map<String, Long> at = new ConcurrentHashMap<>();

        void take(JsonNode frame) {
            if (frame.path("type").asText().equals("chat_message")) {
                at.put(frame.at("/message/client_id").asText(), System.nanoTime());
            }
        }

        void await(int count) {
            for (int i = 0; at.size() < count && i < 3_000; i++) {
                sleep(10);
            }
        }

        String since(Map<String, Long> sent) {
            long[] nanos =
                    at.entrySet().stream()
                            .filter(e -> sent.containsKey(e.getKey()))
                            .mapToLong(e -> e.getValue() - sent.get(e.getKey()))
                            .sorted()
                            .toArray();
            return String.format(
                    Locale.ROOT,
                    "%d messages, median %.2f ms, p95 %.2f ms, p99 %.2f ms",
                    nanos.length,
                    nanos[nanos.length / 2] / 1e6,
                    nanos[nanos.length * 95 / 100] / 1e6,
                    nanos[nanos.length * 99 / 100] / 1e6);
        }
    }

    /** From sending to arriving: on the sender's node and on another, the same messages. */
    private static void latency(Path folder) throws Exception {
        try (Fleet fleet = new Fleet(folder, 2)) {
            Node one = fleet.nodes().get(0);
            Node two = fleet.nodes().get(1);
            Platform platform = fleet.patient(one);
            long room = platform.book("5", "anna", "john");
            Arrivals same = new Arrivals();
            Arrivals other = new Arrivals();
            Ear anna = Ear.at(one, platform.token("anna", Role.CLIENT), f -> {});
            Ear.at(one, platform.token("john", Role.CLEANER), same::take);
            Ear.at(two, platform.token("john", Role.CLEANER), other::take);
            sleep(500);
            for (String phase : List.of("warming up", "measured")) {
                Map<String, Long> sent = new ConcurrentHashMap<>();
                same.at.clear();
                other.at.clear();
                int count = 2_000;
                for (int i = 0; i < count; i++) {
                    sent.put(phase + i, System.nanoTime());
                    anna.say(room, phase + i);
                    sleep(5);
                }
                same.await(count);
                other.await(count);
                tell("%s, same node:  %s", phase, same.since(sent));
                tell("%s, other node: %s", phase, other.since(sent));
            }
        }
    }

    private static double cpuSeconds(Stream<ProcessHandle> processes) {
        return processes.mapToDouble(NodesBenchmark::cpuSeconds).sum();
    }

    private static double cpuSeconds(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        } catch (IOException ended) {
            return 0;
        }
    }

    private static double postgresSeconds(Fleet fleet) throws IOException {
        ProcessHandle postmaster = fleet.postgres().postmaster();
        return cpuSeconds(Stream.concat(Stream.of(postmaster), postmaster.descendants()));
    }

    /** The same load on one node and on three: 40 rooms of two, each on whatever node. */
    private static void cpu(Path folder, int nodes) throws Exception {
        try (Fleet fleet = new Fleet(folder, nodes)) {
            Platform platform = fleet.patient(fleet.nodes().getFirst());
            List<Ear> speakers = new ArrayList<>();
            List<Long> rooms = new ArrayList<>();
            AtomicLong heard = new AtomicLong();
            for (int i = 0; i < 40; i++) {
                rooms.add(platform.book("j" + i, "c" + i, "k" + i));
                Node first = fleet.nodes().get(i % nodes);
                Node second = fleet.nodes().get((i + 1) % nodes);
                speakers.add(Ear.at(first, platform.token("c" + i, Role.CLIENT), f -> {}));
                Ear.at(
                        second,
                        platform.token("k" + i, Role.CLEANER),
                        f -> {
                            if (f.path("type").asText().equals("chat_message")) {
                                heard.incrementAndGet();
                            }
                        });
            }
            for (String phase : List.of("warming up", "measured")) {
                int count = 6_000;
                long before = heard.get();
                double cpu = cpuSeconds(fleet.nodes().stream().map(Node::handle));
                double database = postgresSeconds(fleet);
                double redis = cpuSeconds(fleet.redis().handle());
                long begun = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    speakers.get(i % 40).say(rooms.get(i % 40), phase + i);
                    long due = begun + i * 2_500_000L;
                    long left = due - System.nanoTime();
                    if (left > 0) {
                        LockSupport.parkNanos(left);
                    }
                }
                while (heard.get() < before + count) {
                    sleep(10);
                }
                tell(
                        "%s, %d node(s): %d messages in %.1f s; CPU per message: nodes %.0f µs,"
                                + " PostgreSQL %.0f µs, Redis %.0f µs",
                        phase,
                        nodes,
                        count,
                        (System.nanoTime() - begun) / 1e9,
                        1e6 * (cpuSeconds(fleet.nodes().stream().map(Node::handle)) - cpu) / count,
                        1e6 * (postgresSeconds(fleet) - database) / count,
                        1e6 * (cpuSeconds(fleet.redis().handle()) - redis) / count);
            }
        }
    }

    private static long info(Fleet fleet, String section, String name) throws IOException {
        return fleet.redis()
                .ask("INFO " + section)
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(
                        line ->
                                Long.parseLong(
                                        line.replaceFirst("^[^:]*:(calls=)?", "")
                                                .replaceFirst("[^0-9].*$", "")))
                .findFirst()
                .orElse(0);
    }

    private record Traffic(long commands, long publishes, long in, long out) {
        static Traffic now(Fleet fleet) throws IOException {
            return new Traffic(
                    info(fleet, "stats", "total_commands_processed:"),
                    info(fleet, "commandstats", "cmdstat_publish:"),
                    info(fleet, "stats", "total_net_input_bytes:"),
                    info(fleet, "stats", "total_net_output_bytes:"));
        }

        Traffic minus(Traffic other) {
            return new Traffic(
                    commands - other.commands,
                    publishes - other.publishes,
                    in - other.in,
                    out - other.out);
        }
    }

    /** One room with members on two nodes, and more and more nodes that have none. */
    private static void redis(Path folder) throws Exception {
        for (int nodes : new int[] {1, 2, 4, 8}) {
            try (Fleet fleet = new Fleet(folder.resolve("n" + nodes), nodes)) {
                Node one = fleet.nodes().getFirst();
                Node two = fleet.nodes().get(Math.min(1, nodes - 1));
                Platform platform = fleet.patient(one);
                long room = platform.book("5", "anna", "john");
                Arrivals arrivals = new Arrivals();
                Ear anna = Ear.at(one, platform.token("anna", Role.CLIENT), f -> {});
                Ear.at(two, platform.token("john", Role.CLEANER), arrivals::take);
                sleep(3_000);
                int count = 500;
                Traffic start = Traffic.now(fleet);
                sleep(count * 8L);
                Traffic idle = Traffic.now(fleet).minus(start);
                start = Traffic.now(fleet);
                long begun = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    anna.say(room, "m" + i);
                    sleep(5);
                }
                arrivals.await(count);
                long millis = (System.nanoTime() - begun) / 1_000_000;
                sleep(Math.max(0, count * 8L - millis));
                Traffic busy = Traffic.now(fleet).minus(start);
                Traffic more = busy.minus(idle);
                tell(
                        "%d node(s): per message %.2f commands (%.2f publish), %.0f bytes in, %.0f"
                                + " bytes out; idle, per node and second: %.1f commands",
                        nodes,
                        1.0 * more.commands() / count,
                        1.0 * more.publishes() / count,
                        1.0 * more.in() / count,
                        1.0 * more.out() / count,
                        1.0 * idle.commands() / (count * 8 / 1_000.0) / nodes);
            }
        }
    }

    /** Who loses a room on one node is told on the other; with Redis there, and with Redis gone. */
    private static void access(Path folder) throws Exception {
        try (Fleet fleet = new Fleet(folder, 2)) {
            Node one = fleet.nodes().get(0);
            Node two = fleet.nodes().get(1);
            Platform platform = fleet.patient(one);
            List<JsonNode> frames = Collections.synchronizedList(new ArrayList<>());
            List<Long> arrivals = Collections.synchronizedList(new ArrayList<>());
            long[] rooms = new long[1];
            rooms[0] = platform.book("5", "anna", "john");
            Ear anna = Ear.at(one, platform.token("anna", Role.CLIENT), f -> {});
            Ear.at(
                    two,
                    platform.token("john", Role.CLEANER),
                    f -> {
                        arrivals.add(System.nanoTime());
                        frames.add(f);
                    });
            for (String state : List.of("Redis there", "Redis gone")) {
                if (state.equals("Redis gone")) {
                    fleet.nodes().forEach(node -> node.toRedis().cut());
                    sleep(2_000);
                }
                List<Double> millis = new ArrayList<>();
                int late = 0;
                int leaked = 0;
                for (int i = 0; i < 100; i++) {
                    platform.book("5", "anna", "john");
                    awaitFrame(frames, 0, "room", 5_000);
                    frames.clear();
                    arrivals.clear();
                    sleep(i * 7 % 400);
                    platform.book("5", "anna", null);
                    long lost = System.nanoTime();
                    for (int k = 0; k < 3; k++) {
                        anna.say(rooms[0], state + " secret " + i + " " + k);
                    }
                    int at = awaitFrame(frames, 0, "room_left", 10_000);
                    if (at < 0) {
                        late++;
                        continue;
                    }
                    millis.add(Math.max(0, arrivals.get(at) - lost) / 1e6);
                    sleep(50);
                    for (JsonNode frame : List.copyOf(frames)) {
                        if (frame.path("type").asText().equals("chat_message")
                                && frame.toString().contains("secret " + i + " ")) {
                            leaked++;
                        }
                    }
                }
                double[] sorted =
                        millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
                long within = state.equals("Redis there") ? 1_000 : 2_000;
                tell(
                        "%s: told %d of 100 within %d ms, never %d; median %.0f ms, longest %.0f"
                                + " ms; written later and told all the same: %d",
                        state,
                        Arrays.stream(sorted).filter(m -> m <= within).count(),
                        within,
                        late,
                        sorted[sorted.length / 2],
                        sorted[sorted.length - 1],
                        leaked);
            }
        }
    }

    private static int awaitFrame(List<JsonNode> frames, int from, String type, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            List<JsonNode> now = List.copyOf(frames);
            for (int i = from; i < now.size(); i++) {
                if (now.get(i).path("type").asText().equals(type)) {
                    return i;
                }
            }
            sleep(2);
        }
        return -1;
    }
}
