package com.ecleaner.chat.benchmarks;

import com.ecleaner.chat.benchmarks.load.Seat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be measured. Each starts what it needs; the stage is cleared after it. */
enum Scenario {
    FAN_OUT("fan-out", "one room of 500 connections, one sender, 8 in flight") {
        @Override
        void play(Stage stage) {
            List<Side> sides =
                    stage.sides(
                            with("yardstick", name -> stage.yardstickSide(name, 1, 500)),
                            with("chat", name -> stage.lobby(name, 500)));
            sides.forEach(side -> side.warm(1, 8, stage.warmUp()));
            stage.inTurn(sides, side -> side.loop(stage.results(), id, 1, 8, stage.rounds()));
        }
    },
    PAIRS("pairs", "50 rooms of two, everybody sends, 8 in flight each") {
        @Override
        void play(Stage stage) {
            List<Side> sides =
                    stage.sides(
                            with("yardstick", name -> stage.yardstickSide(name, 50, 2)),
                            with("chat", name -> stage.pairs(name, 50, 1)),
                            with(
                                    "one-commit-each",
                                    name ->
                                            stage.pairs(
                                                    name,
                                                    50,
                                                    1,
                                                    "-Dchat.benchmark.oneCommitPerMessage=true")),
                            with("chat+redis", name -> stage.pairsWithRedis(name, 50)));
            sides.forEach(side -> side.warm(100, 8, stage.warmUp()));
            stage.inTurn(sides, side -> side.loop(stage.results(), id, 100, 8, stage.rounds()));
            sides.forEach(side -> side.later(stage.results(), id, Duration.ofSeconds(4)));
        }
    },
    OPEN_LOOP("open-loop", "2,000 messages a second over 1,000 rooms of two, open loop") {
        @Override
        void play(Stage stage) {
            List<Side> sides =
                    stage.sides(
                            with("yardstick", name -> stage.yardstickSide(name, 1_000, 2)),
                            with("chat", name -> stage.pairs(name, 1_000, 1)));
            sides.forEach(side -> side.warm(200, 1, stage.warmUp()));
            stage.inTurn(sides, side -> side.rate(stage.results(), id, 2_000, stage.rounds()));
            stage.disk(id);
        }
    },
    GROWTH_ROOMS("growth-rooms", "200 in flight, over ever more rooms of two") {
        @Override
        void play(Stage stage) {
            for (int rooms : new int[] {10, 100, 1_000, 10_000}) {
                int pairs = Math.min(rooms, 100);
                List<Side> sides =
                        stage.sides(
                                with(
                                        "chat " + rooms,
                                        name -> stage.pairs(name, pairs, rooms / pairs)));
                int window = 100 / pairs;
                sides.forEach(side -> side.warm(2 * pairs, window, stage.warmUp()));
                stage.inTurn(
                        sides,
                        side -> side.loop(stage.results(), id, 2 * pairs, window, stage.rounds()));
                stage.clear();
            }
        }
    },
    GROWTH_MEMBERS("growth-members", "one room of ever more members, one sender, 8 in flight") {
        @Override
        void play(Stage stage) {
            for (int members : new int[] {2, 10, 100, 1_000}) {
                List<Side> sides =
                        stage.sides(
                                with(
                                        "yardstick " + members,
                                        name -> stage.yardstickSide(name, 1, members)),
                                with("chat " + members, name -> stage.lobby(name, members)));
                sides.forEach(side -> side.warm(1, 8, stage.warmUp()));
                stage.inTurn(sides, side -> side.loop(stage.results(), id, 1, 8, stage.rounds()));
                stage.clear();
            }
        }
    },
    IDLE("idle", "10,000 idle connections, heap of 256 MB") {
        private static final int CONNECTIONS = 10_000;

        // And given back to the system where nothing is in it, as a heap does slowly by itself.
        private static final String[] SMALL_HEAP = {
            "-Xms8m", "-Xmx256m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10"
        };

        @Override
        void play(Stage stage) {
            String database = stage.newDatabase();
            for (int i = 0; i < stage.rounds().count(); i++) {
                stage.residents(
                        "yardstick",
                        stage.yardstick(SMALL_HEAP),
                        false,
                        Stage.seatsAtYardstick("warm", 100, 2),
                        Stage.seatsAtYardstick("idle", CONNECTIONS / 2, 2));
                stage.clear();
                Target chat = stage.chatOn(database, Map.of(), SMALL_HEAP);
                List<Seat> few = new World(chat.port(), "warm").pairs(100, 1);
                List<Seat> many = new World(chat.port(), "idle").pairs(CONNECTIONS / 2, 1);
                stage.residents("chat", chat, true, few, many);
                stage.clear();
            }
        }
    },
    START("start", "serve on a database that is there already") {
        @Override
        void play(Stage stage) {
            String url = stage.newDatabase();
            Target.chat(World.settings(url), Stage.HEAP).close();
            for (int i = 0; i < stage.rounds().count(); i++) {
                try (Target chat = Target.chat(World.settings(url), Stage.HEAP)) {
                    Results results = stage.results();
                    long cpu = Processes.cpuNanos(chat.pid());
                    results.add(id, "chat", "ready ms", chat.readyNanos() / 1e6);
                    results.add(id, "chat", "CPU ms", cpu / 1e6);
                    results.add(
                            id, "chat", "resident MB", Processes.residentBytes(chat.pid()) / 1e6);
                }
            }
        }
    },
    READS("reads", "pages of a room of 1,000,000 messages, a list of 2,000 rooms") {
        private static final int MESSAGES = 1_000_000;
        private static final int ROOMS = 2_000;
        private static final int COUNTED = 100;

        @Override
        void play(Stage stage) {
            Postgres postgres = stage.countingPostgres();
            Map<String, String> settings = World.settings(postgres.create("reads"));
            postgres.ask("reads", "create extension pg_stat_statements");
            Target chat = stage.begin(Target.chat(settings, Stage.HEAP));
            World world = new World(chat.port(), "reads");
            long room = world.room("reader", "deep");
            postgres.ask("reads", Stage.messages(room, MESSAGES));
            world.pairs(1, ROOMS);
            postgres.ask("reads", "analyze");
            String history = "/chat/rooms/" + room + "/messages/?limit=50&before_seq=";
            String list = "/chat/rooms/?limit=50";
            for (int i = 0; i < stage.rounds().count(); i++) {
                stage.reading(
                        id,
                        "page at depth 100",
                        chat,
                        world.asked("reader", history + (MESSAGES - 49)));
                stage.reading(
                        id, "page at depth 1000000", chat, world.asked("reader", history + 51));
                stage.reading(id, "list of " + ROOMS, chat, world.asked(world.clientOf(0), list));
            }
            postgres.ask("reads", "select pg_stat_statements_reset()");
            // Many times: what the server asks for itself meanwhile hardly counts then.
            for (int i = 0; i < COUNTED; i++) {
                world.asked(world.clientOf(0), list).run();
            }
            Function<String, Double> count =
                    sql -> Double.parseDouble(postgres.ask("reads", sql).getFirst()) / COUNTED;
            stage.results()
                    .add(
                            id,
                            "list of " + ROOMS,
                            "statements",
                            count.apply(STATEMENTS + " and query not ilike '%from chat_user%'"));
            stage.results()
                    .add(
                            id,
                            "list of " + ROOMS,
                            "statements with sign-in",
                            count.apply(STATEMENTS));
        }
    };

    /** Of those that ask something; the bracket of a transaction and this one do not count. */
    private static final String STATEMENTS =
            "select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d"
                    + " on d.oid = s.dbid where d.datname = 'reads' and query ilike 'select%'"
                    + " and query not ilike '%pg_stat_statements%'";

    /** One of a scenario's servers, by name, and how it is started. */
    record Casting(String name, Function<String, Side> start) {}

    private static Casting with(String name, Function<String, Side> start) {
        return new Casting(name, start);
    }

    /** As it stands in the results and on the command line. */
    final String id;

    final String meaning;

    Scenario(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    /** Measures it into the stage's results. */
    abstract void play(Stage stage);

    /**
     * The one of that id.
     *
     * @throws IllegalArgumentException where there is none
     */
    static Scenario named(String id) {
        for (Scenario scenario : values()) {
            if (scenario.id.equals(id)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException(
                "no such scenario: "
                        + id
                        + "; there are "
                        + Stream.of(values())
                                .map(scenario -> scenario.id)
                                .collect(Collectors.joining(", ")));
    }
}
