package com.ecleaner.chat.benchmarks;

import com.ecleaner.chat.benchmarks.load.Swarm;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One server of a scenario with all that belongs to it, measured round by round. Not thread-safe.
 *
 * @param name as it stands in the results
 * @param store its database, if it has one
 * @param redis its Redis's process, if it has one
 */
record Side(String name, Target server, Swarm swarm, Optional<Store> store, OptionalLong redis) {
    private static final Duration WARMING = Duration.ofSeconds(3);

    /** One database of a PostgreSQL that has others too. */
    record Store(Postgres postgres, long pid, String database) {
        long cpuNanos() {
            return Processes.cpuNanos(pid, database, Stage.DATABASES);
        }

        /** How many messages search finds by its index. */
        long indexed() {
            return Long.parseLong(
                    postgres.ask(
                                    database,
                                    "select coalesce(sum(n_tup_ins), 0)::bigint"
                                            + " from pg_stat_user_tables"
                                            + " where relname = 'message_words'")
                            .getFirst());
        }
    }

    private record Sample(
            long nanos, long server, long postgres, long redis, long messages, long deliveries) {}

    /** Measures a closed loop: begins to look after a while, and stops the load afterwards. */
    void loop(Results results, String scenario, int senders, int window, Rounds rounds) {
        long before = Processes.allocatedBytes(server.pid());
        long from = swarm.messages();
        swarm.loop(senders, window);
        rest(rounds.ramp());
        swarm.latencies();
        Sample begin = sample();
        rest(rounds.length());
        Sample end = sample();
        Histogram latencies = swarm.latencies();
        long allocated = Processes.allocatedBytes(server.pid());
        long until = swarm.messages();
        swarm.settle();
        results.add(
                scenario, name, "bytes/message", (double) (allocated - before) / (until - from));
        tell(results, scenario, begin, end, latencies);
    }

    /** Measures what comes of a rate that does not wait for answers. */
    void rate(Results results, String scenario, int perSecond, Rounds rounds) {
        swarm.send(perSecond, rounds.ramp());
        swarm.settle();
        swarm.latencies();
        Sample begin = sample();
        swarm.send(perSecond, rounds.length());
        swarm.settle();
        tell(results, scenario, begin, sample(), swarm.latencies());
    }

    /**
     * Lets it run, unmeasured, until compilers have nothing left to gain: until CPU per message
     * falls by less than a twentieth, twice in a row.
     *
     * @param atMost after this long, it is warm enough
     */
    void warm(int senders, int window, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        swarm.loop(senders, window);
        double before = Double.MAX_VALUE;
        for (int steady = 0; steady < 2 && System.nanoTime() < end; ) {
            long cpu = Processes.cpuNanos(server.pid());
            long messages = swarm.messages();
            rest(WARMING);
            double now =
                    (double) (Processes.cpuNanos(server.pid()) - cpu)
                            / Math.max(1, swarm.messages() - messages);
            steady = now > 0.95 * before ? steady + 1 : 0;
            before = Math.min(before, now);
        }
        swarm.settle();
    }

    /**
     * Measures what the store does for a message after its commit: its words are moved to their
     * index little by little, mostly when the load is over, so the rounds do not show it.
     *
     * @param atMost looks so long while nobody says anything
     */
    void later(Results results, String scenario, Duration atMost) {
        store.ifPresent(
                there -> {
                    // What the database says of itself is a second old.
                    rest(Duration.ofSeconds(2));
                    long before = there.indexed();
                    long cpu = there.cpuNanos();
                    rest(atMost);
                    double used = (there.cpuNanos() - cpu) / 1e3;
                    long moved = there.indexed() - before;
                    if (moved > 0) {
                        results.add(
                                scenario,
                                name,
                                "search: PostgreSQL µs/message later",
                                used / moved);
                    }
                });
    }

    private Sample sample() {
        return new Sample(
                System.nanoTime(),
                Processes.cpuNanos(server.pid()),
                store.map(Store::cpuNanos).orElse(0L),
                redis.isPresent() ? Processes.cpuNanos(redis.getAsLong()) : 0,
                swarm.messages(),
                swarm.deliveries());
    }

    private void tell(
            Results results, String scenario, Sample begin, Sample end, Histogram latencies) {
        double messages = end.messages() - begin.messages();
        double deliveries = end.deliveries() - begin.deliveries();
        double server = (end.server() - begin.server()) / 1e3;
        double stores = (end.postgres() - begin.postgres() + end.redis() - begin.redis()) / 1e3;
        results.add(scenario, name, "messages/s", messages / ((end.nanos() - begin.nanos()) / 1e9));
        results.add(scenario, name, "server µs/message", server / messages);
        if (store.isPresent()) {
            results.add(
                    scenario,
                    name,
                    "PostgreSQL µs/message",
                    (end.postgres() - begin.postgres()) / 1e3 / messages);
        }
        if (redis.isPresent()) {
            results.add(
                    scenario,
                    name,
                    "Redis µs/message",
                    (end.redis() - begin.redis()) / 1e3 / messages);
        }
        results.add(scenario, name, "all µs/message", (server + stores) / messages);
        results.add(scenario, name, "server µs/delivery", server / deliveries);
        results.add(scenario, name, "p50 ms", latencies.getValueAtPercentile(50) / 1e6);
        results.add(scenario, name, "p99 ms", latencies.getValueAtPercentile(99) / 1e6);
        results.add(scenario, name, "p99.9 ms", latencies.getValueAtPercentile(99.9) / 1e6);
    }

    private static void rest(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * How it is measured.
     *
     * @param count how often each side has its turn
     * @param ramp how long the load runs before it is looked at
     * @param length how long it is looked at
     */
    record Rounds(int count, Duration ramp, Duration length) {}
}
