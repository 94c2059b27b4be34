package com.ecleaner.chat.benchmarks;

import com.ecleaner.chat.benchmarks.load.Seat;

import java.util.List;
import java.util.Map;

/** What can be measured. Each starts what it needs; the stage is cleared after it. */
enum Scenario {
    FAN_OUT("fan-out", "one room of 500 connections, one sender, 8 in flight") {
        @Override
        void play(Stage stage) {
            List<Side> sides =
                    List.of(stage.yardstickSide("yardstick", 1, 500), stage.lobby("chat", 500));
            sides.forEach(side -> side.warm(1, 8, stage.warmUp()));
            stage.inTurn(sides, side -> side.loop(stage.results(), id, 1, 8, stage.rounds()));
        }
    },
    PAIRS("pairs", "50 rooms of two, everybody sends, 8 in flight each") {
        @Override
        void play(Stage stage) {
            List<Side> sides =
                    List.of(
                            stage.yardstickSide("yardstick", 50, 2),
                            stage.pairs("chat", 50, 1),
                            stage.pairs(
                                    "one-commit-each",
                                    50,
                                    1,
                                    "-Dchat.benchmark.oneCommitPerMessage=true"),
                            stage.pairsWithRedis("chat+redis", 50));
            sides.forEach(side -> side.warm(100, 8, stage.warmUp()));
            stage.inTurn(sides, side -> side.loop(stage.results(), id, 100, 8, stage.rounds()));
        }
    },
    OPEN_LOOP("open-loop", "2,000 messages a second over 1,000 rooms of two, open loop") {
        @Override
        void play(Stage stage) {
            List<Side> sides =
                    List.of(
                            stage.yardstickSide("yardstick", 1_000, 2),
                            stage.pairs("chat", 1_000, 1));
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
                Side side = stage.pairs("chat, " + rooms, pairs, rooms / pairs);
                side.warm(2 * pairs, 100 / pairs, stage.warmUp());
                stage.inTurn(
                        List.of(side),
                        chat ->
                                chat.loop(
                                        stage.results(),
                                        id,
                                        2 * pairs,
                                        100 / pairs,
                                        stage.rounds()));
                stage.clear();
            }
        }
    },
    GROWTH_MEMBERS("growth-members", "one room of ever more members, one sender, 8 in flight") {
        @Override
        void play(Stage stage) {
            for (int members : new int[] {2, 10, 100, 1_000}) {
                List<Side> sides =
                        List.of(
                                stage.yardstickSide("yardstick, " + members, 1, members),
                                stage.lobby("chat, " + members, members));
                sides.forEach(side -> side.warm(1, 8, stage.warmUp()));
                stage.inTurn(sides, side -> side.loop(stage.results(), id, 1, 8, stage.rounds()));
                stage.clear();
            }
        }
    },
    IDLE("idle", "10,000 idle connections, heap of 256 MB") {
        private static final int CONNECTIONS = 10_000;
        private static final String SMALL_HEAP = "-Xmx256m";

        @Override
        void play(Stage stage) {
            stage.residents(
                    "yardstick",
                    stage.yardstick(SMALL_HEAP),
                    false,
                    Stage.seatsAtYardstick("warm", 100, 2),
                    Stage.seatsAtYardstick("idle", CONNECTIONS / 2, 2));
            stage.clear();
            Target chat = stage.chat(Map.of(), SMALL_HEAP);
            List<Seat> few = new World(chat.port(), "warm").pairs(100, 1);
            List<Seat> many = new World(chat.port(), "idle").pairs(CONNECTIONS / 2, 1);
            stage.residents("chat", chat, true, few, many);
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
                        id, "page at depth 100", () -> world.get("reader", history + MESSAGES));
                stage.reading(
                        id, "page at depth 1,000,000", () -> world.get("reader", history + 51));
                stage.reading(id, "list of " + ROOMS, () -> world.get(world.clientOf(0), list));
            }
            postgres.ask("reads", "select pg_stat_statements_reset()");
            world.get(world.clientOf(0), list);
            stage.results()
                    .add(
                            id,
                            "list of " + ROOMS,
                            "statements",
                            Double.parseDouble(postgres.ask("reads", STATEMENTS).getFirst()));
        }
    };

    /** Of those that ask something; the bracket of a transaction and this one do not count. */
    private static final String STATEMENTS =
            "select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database d"
                    + " on d.oid = s.dbid where d.datname = 'reads' and query ilike 'select%'"
                    + " and query not ilike '%pg_stat_statements%'";

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
        throw new IllegalArgumentException("no such scenario: " + id);
    }
}
