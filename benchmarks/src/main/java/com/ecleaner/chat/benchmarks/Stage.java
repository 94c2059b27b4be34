package com.ecleaner.chat.benchmarks;

import com.ecleaner.chat.benchmarks.Side.Rounds;
import com.ecleaner.chat.benchmarks.load.Seat;
import com.ecleaner.chat.benchmarks.load.Swarm;
import com.ecleaner.chat.benchmarks.load.Template;

import org.jspecify.annotations.Nullable;

import redis.embedded.RedisServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where scenarios are played: starts servers and opens connections, and stops what was started when
 * a scenario is over. Not thread-safe.
 */
final class Stage implements AutoCloseable {
    /** What every server under load may use. */
    static final String HEAP = "-Xmx1g";

    /** What the names of the servers' databases begin with. */
    static final String DATABASES = "bench_";

    private static final Duration SHORT_WARM_UP = Duration.ofSeconds(5);

    private final Results results;
    private final Rounds rounds;
    private final Duration warmUp;
    private final List<String> serverOptions;
    private final List<String> chosen;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private int databases;
    private @Nullable Postgres postgres;

    /**
     * @param serverOptions further options for the JVM of every chat
     * @param chosen the only sides to play; all where none is named
     */
    Stage(
            Results results,
            Rounds rounds,
            Duration warmUp,
            List<String> serverOptions,
            List<String> chosen) {
        this.results = results;
        this.rounds = rounds;
        this.warmUp = warmUp;
        this.serverOptions = serverOptions;
        this.chosen = chosen;
    }

    Results results() {
        return results;
    }

    Rounds rounds() {
        return rounds;
    }

    Duration warmUp() {
        return warmUp;
    }

    /** The PostgreSQL of the whole run. */
    Postgres postgres() {
        if (postgres == null) {
            postgres = Postgres.start("");
        }
        return postgres;
    }

    /** A PostgreSQL for this scenario alone, which counts its statements. */
    Postgres countingPostgres() {
        return begin(Postgres.start("pg_stat_statements"));
    }

    String newDatabase() {
        return postgres().create(DATABASES + ++databases);
    }

    /** Starts those of a scenario's sides that are to be played. */
    List<Side> sides(Scenario.Casting... all) {
        return Stream.of(all)
                .filter(one -> chosen.isEmpty() || chosen.contains(one.name()))
                .map(one -> one.start().apply(one.name()))
                .toList();
    }

    /** Each side once, then each side again, so that whatever disturbs disturbs all. */
    void inTurn(List<Side> sides, Consumer<Side> measure) {
        for (int i = 0; i < rounds.count(); i++) {
            sides.forEach(measure);
        }
    }

    Target yardstick(String... options) {
        return begin(Target.yardstick(options));
    }

    Target chat(Map<String, String> more, String... options) {
        return chatOn(newDatabase(), more, options);
    }

    /** A chat on a database that may be there already. */
    Target chatOn(String database, Map<String, String> more, String... options) {
        Map<String, String> settings = new HashMap<>(World.settings(database));
        settings.putAll(more);
        List<String> all = new ArrayList<>(serverOptions);
        all.addAll(List.of(options));
        return begin(Target.chat(settings, all.toArray(String[]::new)));
    }

    /** A yardstick with so many rooms, each with so many members connected. */
    Side yardstickSide(String name, int rooms, int members) {
        Target server = yardstick(HEAP);
        return side(
                name,
                server,
                false,
                seatsAtYardstick("room", rooms, members),
                OptionalLong.empty());
    }

    /** A chat with one general room. */
    Side lobby(String name, int members) {
        Target server = chat(Map.of(), HEAP);
        return side(
                name,
                server,
                true,
                new World(server.port(), "lobby").lobby("lobby", members),
                OptionalLong.empty());
    }

    /** A chat with people in pairs, each pair with so many rooms. */
    Side pairs(String name, int pairs, int rooms, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(HEAP);
        Target server = chat(Map.of(), all.toArray(String[]::new));
        return side(
                name,
                server,
                true,
                new World(server.port(), "pairs").pairs(pairs, rooms),
                OptionalLong.empty());
    }

    /** The same with a Redis of its own. */
    Side pairsWithRedis(String name, int pairs) {
        int port = freePort();
        RedisServer redis = redis(port);
        Target server = chat(Map.of("CHAT_REDIS_URL", "redis://127.0.0.1:" + port), HEAP);
        return side(
                name,
                server,
                true,
                new World(server.port(), "pairs").pairs(pairs, 1),
                OptionalLong.of(pidOf(redis)));
    }

    private Side side(
            String name, Target server, boolean stores, List<Seat> seats, OptionalLong redis) {
        Swarm swarm = begin(new Swarm(server.port(), stores));
        swarm.open(seats);
        return new Side(
                name,
                server,
                swarm,
                stores
                        ? Optional.of(
                                new Side.Store(postgres(), postgres().pid(), DATABASES + databases))
                        : Optional.empty(),
                redis);
    }

    /**
     * What a connection adds to a server's memory: each sends one message and has it back, then all
     * are left alone. Garbage is collected before each look: a heap that the warm-up left large
     * would hide what the connections take.
     *
     * @param few opened and used before the first look, so that all code is there
     */
    void residents(String name, Target server, boolean welcomes, List<Seat> few, List<Seat> many) {
        Swarm first = begin(new Swarm(server.port(), welcomes));
        first.open(few);
        first.loop(few.size(), 1);
        LockSupport.parkNanos(Math.min(warmUp.toNanos(), SHORT_WARM_UP.toNanos()));
        first.settle();
        double before = used(server);
        Swarm all = begin(new Swarm(server.port(), welcomes));
        all.open(many);
        all.once();
        all.settle();
        double after = used(server);
        String scenario = Scenario.IDLE.id;
        results.add(scenario, name, "resident kB before", before / 1e3);
        results.add(scenario, name, "resident kB with all", after / 1e3);
        results.add(scenario, name, "kB/connection", (after - before) / 1e3 / many.size());
    }

    private static double used(Target server) {
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        Processes.collect(server.pid());
        // The heap is given back beside everything else, a part at a time.
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        return Processes.residentBytes(server.pid());
    }

    /** What a request takes that is made again and again, warm: time, and CPU of the server. */
    void reading(String scenario, String side, Target server, Runnable request) {
        int times = 300;
        for (int i = 0; i < times; i++) {
            request.run();
        }
        List<Double> millis = new ArrayList<>();
        long cpu = Processes.cpuNanos(server.pid());
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            request.run();
            millis.add((System.nanoTime() - begin) / 1e6);
        }
        double used = Processes.cpuNanos(server.pid()) - cpu;
        results.add(scenario, side, "ms", Results.Value.of(millis).median());
        results.add(scenario, side, "server µs/request", used / 1e3 / times);
    }

    /** How long this machine's disk takes to keep a page, beside everything else that goes on. */
    void disk(String scenario) {
        try {
            Path file = Files.createTempFile("benchmark", ".fsync");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                for (int i = 0; i < 200; i++) {
                    long begin = System.nanoTime();
                    channel.write(ByteBuffer.allocate(8_192));
                    channel.force(false);
                    results.add(scenario, "disk", "fsync ms", (System.nanoTime() - begin) / 1e6);
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills an empty room faster than by talking. */
    static String messages(long room, int count) {
        return """
        insert into message (id, room_id, seq, version, sender_id, client_id, message_type,
            content, created_at)
        select 10000000000 + i, %1$d, i, i + 1, case when i %% 2 = 1 then 'reader' else
            'reader-other' end, 'bulk-' || i, 'text', '%3$s',
            timestamptz '2025-01-01T00:00:00Z' + i * interval '1 second'
        from generate_series(1, %2$d) as i;
        update room set last_seq = %2$d, version = %2$d + 1 where id = %1$d;
        update participant set skipped = %2$d / 2 where room_id = %1$d\
        """
                .formatted(room, count, World.SAYING);
    }

    /** What they send on the yardstick is as long as what the chat sends out. */
    static List<Seat> seatsAtYardstick(String name, int rooms, int members) {
        Template echo =
                Template.of(
                        """
                        {"type":"chat_message","room":1234,"version":12345,"message":{"id":123456,\
                        "sender":{"id":"pairs-client-12","username":"pairs-client-12","first_name":\
                        "Anna"},"content":"%s","timestamp":"2025-10-25T10:30:00.123Z",\
                        "message_type":"text","is_read":false,"room":1234,"seq":12344,"client_id":\
                        "$","reply_to":null,"attachment":null,"data":null,"edited_at":null,\
                        "deleted_at":null}}\
                        """
                                .formatted(World.SAYING));
        List<Seat> seats = new ArrayList<>();
        for (int room = 0; room < rooms; room++) {
            for (int i = 0; i < members; i++) {
                seats.add(new Seat(Yardstick.room(name + room), List.of(echo)));
            }
        }
        return seats;
    }

    /** Registers something that is stopped when the scenario is over. */
    <T extends AutoCloseable> T begin(T part) {
        started.push(part);
        return part;
    }

    /** Stops everything but PostgreSQL. */
    void clear() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        if (postgres != null) {
            // The next ones find the files of its log to be used again, not to be made.
            postgres.ask("postgres", "checkpoint");
        }
    }

    @Override
    public void close() {
        clear();
        if (postgres != null) {
            postgres.close();
            postgres = null;
        }
    }

    private RedisServer redis(int port) {
        try {
            RedisServer redis = RedisServer.newRedisServer().port(port).build();
            redis.start();
            begin(redis::stop);
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The child that listens on Redis's behalf: the library does not say which. */
    private static long pidOf(RedisServer redis) {
        String port = redis.ports().getFirst().toString();
        return ProcessHandle.current()
                .children()
                .filter(child -> commandLine(child.pid()).contains("redis"))
                .filter(child -> commandLine(child.pid()).contains(port))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElseThrow();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
