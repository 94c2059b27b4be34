package com.ecleaner.chat.benchmarks;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What the chat is to reach, as a figure that holds on any machine: mostly a ratio within one run.
 *
 * @param what the aim in words
 * @param aim the bound in words
 * @param reached finds the figure among the results; empty where its scenario was not played
 */
record Aim(String what, String aim, Function<Results, OptionalDouble> reached) {
    private static final String RATE = "messages/s";
    private static final String CPU = "all µs/message";

    /** All of them, in the order of the scenarios. */
    static List<Aim> all() {
        return List.of(
                new Aim(
                        "fan-out to 500: server CPU per delivery / the yardstick's",
                        "≤ 1.0",
                        r -> r.ratio("fan-out", "chat", "yardstick", "server µs/delivery")),
                new Aim(
                        "50 rooms of two, durable: messages per second / the yardstick's echoes",
                        "≥ 0.4",
                        r -> r.ratio("pairs", "chat", "yardstick", RATE)),
                new Aim(
                        "the same: CPU of server and PostgreSQL per message / the yardstick's",
                        "≤ 3",
                        r -> r.ratio("pairs", "chat", "yardstick", CPU)),
                new Aim(
                        "the same: messages per second / with one commit for each",
                        "≥ 8",
                        r -> r.ratio("pairs", "chat", "one-commit-each", RATE)),
                new Aim(
                        "2,000/s over 1,000 rooms: p99.9 / (5 × p50 + one fsync)",
                        "≤ 1",
                        Aim::tail),
                new Aim(
                        "page of history at depth 1,000,000 / at depth 100",
                        "≤ 1.2",
                        r -> {
                            OptionalDouble deep = r.median("reads", "page at depth 1000000", "ms");
                            OptionalDouble near = r.median("reads", "page at depth 100", "ms");
                            return over(deep, near);
                        }),
                new Aim(
                        "list of 50 out of 2,000 rooms: statements",
                        "≤ 3",
                        r -> r.median("reads", "list of 2000", "statements")),
                new Aim(
                        "10,000 rooms / 10 rooms: CPU per message",
                        "flat",
                        r ->
                                over(
                                        r.median("growth-rooms", "chat 10000", CPU),
                                        r.median("growth-rooms", "chat 10", CPU))),
                new Aim(
                        "1,000 members / 2 members: server CPU per delivery",
                        "flat",
                        r ->
                                over(
                                        r.median(
                                                "growth-members",
                                                "chat 1000",
                                                "server µs/delivery"),
                                        r.median(
                                                "growth-members", "chat 2", "server µs/delivery"))),
                new Aim(
                        "10,000 idle connections: resident memory of each / the yardstick's",
                        "≤ 2.5",
                        r -> r.ratio("idle", "chat", "yardstick", "kB/connection")));
    }

    private static OptionalDouble tail(Results results) {
        OptionalDouble tail = results.median("open-loop", "chat", "p99.9 ms");
        OptionalDouble middle = results.median("open-loop", "chat", "p50 ms");
        OptionalDouble disk = results.median("open-loop", "disk", "fsync ms");
        return middle.isPresent() && disk.isPresent()
                ? over(tail, OptionalDouble.of(5 * middle.getAsDouble() + disk.getAsDouble()))
                : OptionalDouble.empty();
    }

    private static OptionalDouble over(OptionalDouble over, OptionalDouble under) {
        return over.isPresent() && under.isPresent()
                ? OptionalDouble.of(over.getAsDouble() / under.getAsDouble())
                : OptionalDouble.empty();
    }
}
