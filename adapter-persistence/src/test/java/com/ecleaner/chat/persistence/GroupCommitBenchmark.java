package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.RoomFilter;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What the record costs, on a PostgreSQL of its own that waits for the disk: durable messages per
 * second by group commit and one by one, pages of a room of a million messages, lists of 200 rooms.
 * Prints Markdown. How to run it is in {@code docs/performance.md}.
 */
public final class GroupCommitBenchmark {
    private static final int ROOMS = 200;
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final Duration ROUND = Duration.ofSeconds(Integer.getInteger("seconds", 3));

    private static int databases;

    private GroupCommitBenchmark() {}

    /** Runs all of it; takes about four minutes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        try (EmbeddedPostgres server =
                EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("full_page_writes", "on")
                        .setServerConfig("shared_buffers", "256MB")
                        .setServerConfig("max_wal_size", "4GB")
                        .start()) {
            print(
                    "%d processors, Java %s, PostgreSQL %s"
                            .formatted(
                                    Runtime.getRuntime().availableProcessors(),
                                    System.getProperty("java.version"),
                                    version(server)));
            commits(server);
            if (!Boolean.getBoolean("commits")) {
                pages(server);
                lists(server);
            }
        }
    }

    // --- commits

    /** Changes under way for each sender: a connection has a few frames in flight. */
    private record Load(int senders, int inFlight) {}

    /** CPU is of this process and of PostgreSQL's, per message. */
    private record Rate(double perSecond, double logCpuMicros, double serverCpuMicros) {}

    private static void commits(EmbeddedPostgres server) throws InterruptedException {
        List<Load> loads =
                List.of(new Load(1, 1), new Load(8, 1), new Load(64, 1), new Load(64, 8));
        print(
                "| senders × in flight | one by one, messages/s | group commit, messages/s"
                        + " | ratio | CPU per message, log + PostgreSQL: one by one | group |");
        print("| --- | --- | --- | --- | --- | --- |");
        try (Store single = store(server, 1);
                Store group = store(server, 500)) {
            Posting one = new Posting(single);
            Posting many = new Posting(group);
            one.run(new Load(64, 8), ROUND);
            many.run(new Load(64, 8), ROUND);
            for (Load load : loads) {
                List<Rate> singles = new ArrayList<>();
                List<Rate> groups = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    singles.add(one.run(load, ROUND));
                    groups.add(many.run(load, ROUND));
                }
                double slow = median(singles.stream().map(Rate::perSecond).toList());
                double fast = median(groups.stream().map(Rate::perSecond).toList());
                print(
                        "| %d × %d | %,.0f | %,.0f | %.1f | %s | %s |"
                                .formatted(
                                        load.senders(),
                                        load.inFlight(),
                                        slow,
                                        fast,
                                        fast / slow,
                                        cpu(singles),
                                        cpu(groups)));
            }
            print(
                    "\nRecount afterwards: %d differences\n"
                            .formatted(
                                    Recount.differences(single).size()
                                            + Recount.differences(group).size()));
        }
    }

    private static String cpu(List<Rate> rates) {
        return "%.0f + %.0f µs"
                .formatted(
                        median(rates.stream().map(Rate::logCpuMicros).toList()),
                        median(rates.stream().map(Rate::serverCpuMicros).toList()));
    }

    /** People who post into rooms of two. */
    private static final class Posting {
        private final Store store;
        private final List<Talk> rooms = new ArrayList<>();
        private final List<Somebody> people;
        private long names;

        Posting(Store store) {
            this.store = store;
            Given given = new Given(store.ports());
            people = List.of(given.client("anna"), given.cleaner("john"));
            for (int i = 0; i < ROOMS; i++) {
                rooms.add(given.job("j" + i).client(people.get(0)).cleaner(people.get(1)).booked());
            }
        }

        Rate run(Load load, Duration length) throws InterruptedException {
            LongAdder done = new LongAdder();
            LongAdder failed = new LongAdder();
            long before = cpuNanos();
            long serverBefore = serverCpuNanos(store);
            long start = System.nanoTime();
            long end = start + length.toNanos();
            long firstName = names;
            names += 1L << 32;
            List<Thread> senders = new ArrayList<>();
            for (int s = 0; s < load.senders(); s++) {
                int sender = s;
                senders.add(
                        Thread.startVirtualThread(
                                () -> send(load, sender, end, firstName, done, failed)));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (failed.sum() > 0) {
                throw new IllegalStateException(failed.sum() + " messages were refused");
            }
            double sent = done.sum();
            return new Rate(
                    sent / seconds,
                    (cpuNanos() - before) / 1e3 / sent,
                    (serverCpuNanos(store) - serverBefore) / 1e3 / sent);
        }

        private void send(
                Load load, int sender, long end, long firstName, LongAdder done, LongAdder failed) {
            Semaphore window = new Semaphore(load.inFlight());
            Somebody who = people.get(sender % 2);
            for (int i = 0; System.nanoTime() < end; i++) {
                window.acquireUninterruptibly();
                Talk talk = rooms.get((sender * 31 + i * 7) % ROOMS);
                String name = sender + "-" + (firstName + i);
                Draft draft =
                        Draft.text("I am on my way, be there in " + i + " minutes")
                                .with(new ClientId(name));
                var unused =
                        store.ports()
                                .log()
                                .append(
                                        new RoomChange.Post(
                                                talk.id(), who.actor(), draft, Instant.now()))
                                .whenComplete(
                                        (outcome, fault) -> {
                                            (fault == null ? done : failed).increment();
                                            window.release();
                                        });
            }
            window.acquireUninterruptibly(load.inFlight());
        }
    }

    // --- reading

    private static void pages(EmbeddedPostgres server) {
        int messages = 1_000_000;
        try (Store store = store(server, 500)) {
            Given given = new Given(store.ports());
            Somebody anna = given.client("anna");
            Somebody john = given.cleaner("john");
            Talk talk = given.job("5").client(anna).cleaner(john).booked();
            Bulk.messages(store, talk.id(), messages, anna.id(), john.id());
            store.execute("vacuum analyze");
            double last = micros(() -> talk.history(anna, new Position.Latest(), 50));
            double middle = micros(() -> talk.history(anna, new Position.Around(messages / 2), 50));
            double first = micros(() -> talk.history(anna, new Position.After(0), 50));
            print("| 50 of 1,000,000 messages | last | middle | first | worst / best |");
            print("| --- | --- | --- | --- | --- |");
            print(
                    "| median | %.0f µs | %.0f µs | %.0f µs | %.2f |\n"
                            .formatted(
                                    last,
                                    middle,
                                    first,
                                    Math.max(last, Math.max(middle, first))
                                            / Math.min(last, Math.min(middle, first))));
        }
    }

    private static void lists(EmbeddedPostgres server) {
        try (Store store = store(server, 500)) {
            Given given = new Given(store.ports());
            Somebody john = given.cleaner("john");
            Somebody few = given.client("few");
            Somebody many = given.client("many");
            fill(store, given, few, john, 2);
            fill(store, given, many, john, 200);
            store.execute("vacuum analyze");
            double two = micros(() -> list(store, few));
            double page = micros(() -> list(store, many));
            double levelsOfTwo = micros(() -> store.ports().rooms().levels(few.id()));
            double levels = micros(() -> store.ports().rooms().levels(many.id()));
            double total = micros(() -> store.ports().rooms().totalUnread(many.actor()));
            print("| rooms of 1,000 messages | 2 rooms | 200 rooms |");
            print("| --- | --- | --- |");
            print("| list, 50 a page | %.0f µs | %.0f µs |".formatted(two, page));
            print(
                    "| the same for each room shown | %.0f µs | %.0f µs |"
                            .formatted(two / 2, page / 50));
            print("| levels of all rooms | %.0f µs | %.0f µs |".formatted(levelsOfTwo, levels));
            print("| total unread | | %.0f µs |".formatted(total));
        }
    }

    private static int list(Store store, Somebody who) {
        return store.ports()
                .rooms()
                .list(who.actor(), RoomFilter.OWN, Optional.empty(), 50)
                .rooms()
                .size();
    }

    private static void fill(Store store, Given given, Somebody who, Somebody john, int rooms) {
        for (int i = 0; i < rooms; i++) {
            Talk talk = given.job(who + " " + i).client(who).cleaner(john).booked();
            Bulk.messages(store, talk.id(), 1_000, who.id(), john.id());
        }
    }

    // --- measuring

    private static double micros(Runnable reading) {
        for (int i = 0; i < 300; i++) {
            reading.run();
        }
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long start = System.nanoTime();
            reading.run();
            times.add((System.nanoTime() - start) / 1e3);
        }
        return median(times);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Of all processes of the server; those that ended since are not counted. */
    private static long serverCpuNanos(Store store) {
        String file = store.ask("select pg_read_file('postmaster.pid')").getFirst();
        ProcessHandle postmaster =
                ProcessHandle.of(Long.parseLong(file.lines().findFirst().orElseThrow()))
                        .orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToLong(Duration::toNanos)
                .sum();
    }

    private static Store store(EmbeddedPostgres server, int batch) {
        String name = "bench_" + ++databases;
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        PostgresRoomLog.Settings log = PostgresRoomLog.Settings.DEFAULT;
        Database.Settings settings =
                new Database.Settings(
                        server.getJdbcUrl("postgres", name),
                        "postgres",
                        "postgres",
                        20,
                        Duration.ofSeconds(10),
                        new PostgresRoomLog.Settings(
                                Integer.getInteger("lanes", log.lanes()),
                                batch,
                                log.waiting(),
                                log.heldRooms(),
                                log.lockTimeout()));
        Database.migrate(settings);
        return Store.over(settings);
    }

    private static String version(EmbeddedPostgres server) {
        try (var connection = server.getPostgresDatabase().getConnection()) {
            return connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
