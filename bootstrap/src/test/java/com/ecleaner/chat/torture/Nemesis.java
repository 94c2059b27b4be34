package com.ecleaner.chat.torture;

import com.ecleaner.chat.fleet.FaultyLink;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** Everything that is broken, each kind as often as every other, in an order of the seed's. */
final class Nemesis {
    private static final List<Fault.Maker> KINDS =
            List.of(
                    (fleet, crowd, dice) -> killed(node(fleet, dice), dice),
                    (fleet, crowd, dice) -> paused(node(fleet, dice), dice),
                    (fleet, crowd, dice) -> restartedInTurn(fleet),
                    (fleet, crowd, dice) -> redisKilled(fleet, dice),
                    (fleet, crowd, dice) -> redisPaused(fleet, dice),
                    (fleet, crowd, dice) -> postgresStopped(fleet, dice),
                    (fleet, crowd, dice) -> postgresPaused(fleet, dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "clients–node: cut",
                                    node(fleet, dice),
                                    Node::fromClients,
                                    FaultyLink::cut,
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "clients–node: nothing comes from the node",
                                    node(fleet, dice),
                                    Node::fromClients,
                                    link -> link.stall(false, true),
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "clients–node: nothing gets to the node",
                                    node(fleet, dice),
                                    Node::fromClients,
                                    link -> link.stall(true, false),
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "clients–node: half-open",
                                    node(fleet, dice),
                                    Node::fromClients,
                                    FaultyLink::forget,
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "clients–node: 300 ms late, 20 kB/s",
                                    node(fleet, dice),
                                    Node::fromClients,
                                    link -> {
                                        link.delay(300);
                                        link.throttle(20_000);
                                    },
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "node–Redis: cut",
                                    node(fleet, dice),
                                    Node::toRedis,
                                    FaultyLink::cut,
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "node–Redis: nothing comes from Redis",
                                    node(fleet, dice),
                                    Node::toRedis,
                                    link -> link.stall(false, true),
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "node–Redis: half-open",
                                    node(fleet, dice),
                                    Node::toRedis,
                                    FaultyLink::forget,
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "node–PostgreSQL: cut",
                                    node(fleet, dice),
                                    Node::toPostgres,
                                    FaultyLink::cut,
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "node–PostgreSQL: nothing comes from PostgreSQL",
                                    node(fleet, dice),
                                    Node::toPostgres,
                                    link -> link.stall(false, true),
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "node–PostgreSQL: half-open",
                                    node(fleet, dice),
                                    Node::toPostgres,
                                    FaultyLink::forget,
                                    dice),
                    (fleet, crowd, dice) ->
                            link(
                                    "node–PostgreSQL: 100 ms late",
                                    node(fleet, dice),
                                    Node::toPostgres,
                                    link -> link.delay(100),
                                    dice),
                    (fleet, crowd, dice) -> roomHeld(fleet, crowd, dice),
                    (fleet, crowd, dice) -> poolExhausted(fleet, dice));

    private final Fleet fleet;
    private final Crowd crowd;
    private final Random dice;
    private final String only;
    private final List<Fault.Maker> next = new ArrayList<>();

    /**
     * A nemesis of its own mind.
     *
     * @param only breaks nothing whose kind does not contain this
     */
    Nemesis(Fleet fleet, Crowd crowd, long seed, String only) {
        this.only = only;
        this.fleet = fleet;
        this.crowd = crowd;
        this.dice = new Random(seed);
    }

    /** How many kinds there are. */
    static int kinds() {
        return KINDS.size();
    }

    /** The next thing to break. */
    Fault next() {
        while (true) {
            if (next.isEmpty()) {
                next.addAll(KINDS);
                Collections.shuffle(next, dice);
            }
            Fault fault = next.removeLast().make(fleet, crowd, dice);
            if (fault.kind().contains(only)) {
                return fault;
            }
        }
    }

    private static Node node(Fleet fleet, Random dice) {
        return fleet.nodes().get(dice.nextInt(fleet.nodes().size()));
    }

    private static double between(double least, double most, Random dice) {
        return least + (most - least) * dice.nextDouble();
    }

    private static Fault killed(Node node, Random dice) {
        return new Fault("node: kill -9", between(0.2, 3, dice), node::kill, node::start);
    }

    private static Fault paused(Node node, Random dice) {
        return new Fault("node: paused", between(1, 7, dice), node::pause, node::resume);
    }

    private static Fault restartedInTurn(Fleet fleet) {
        return new Fault(
                "nodes: restarted in turn",
                0,
                () -> {
                    for (Node node : fleet.nodes()) {
                        int code = node.terminate();
                        if (code != 0) {
                            throw new AssertionError(node.name() + " ended with " + code);
                        }
                        node.start();
                    }
                },
                () -> {});
    }

    private static Fault redisKilled(Fleet fleet, Random dice) {
        return new Fault(
                "Redis: kill -9",
                between(0.2, 5, dice),
                () -> fleet.redis().kill(),
                () -> fleet.redis().start());
    }

    private static Fault redisPaused(Fleet fleet, Random dice) {
        return new Fault(
                "Redis: paused",
                between(1, 5, dice),
                () -> fleet.redis().pause(),
                () -> fleet.redis().resume());
    }

    private static Fault postgresStopped(Fleet fleet, Random dice) {
        return new Fault(
                "PostgreSQL: immediate stop, recovery",
                between(0, 4, dice),
                () -> fleet.postgres().stopImmediately(),
                () -> fleet.postgres().startAgain());
    }

    private static Fault postgresPaused(Fleet fleet, Random dice) {
        return new Fault(
                "PostgreSQL: paused",
                between(1, 6, dice),
                () -> fleet.postgres().pause(),
                () -> fleet.postgres().resume());
    }

    private static Fault link(
            String kind,
            Node node,
            Function<Node, FaultyLink> which,
            Consumer<FaultyLink> harm,
            Random dice) {
        return new Fault(
                kind,
                between(1, 5, dice),
                () -> harm.accept(which.apply(node)),
                () -> which.apply(node).heal());
    }

    /** What another client of the database may do, and keep open. */
    private static final class Holding {
        private final Fleet fleet;
        private Connection connection;

        private Holding(Fleet fleet) {
            this.fleet = fleet;
        }

        private void begin(String sql) throws SQLException {
            connection = fleet.postgres().connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        private void end() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    private static Fault roomHeld(Fleet fleet, Crowd crowd, Random dice) {
        Holding holding = new Holding(fleet);
        long room = crowd.rooms().get(dice.nextInt(crowd.rooms().size()));
        return new Fault(
                "PostgreSQL: a room's row held",
                between(1, 6, dice),
                () -> holding.begin("select 1 from room where id = " + room + " for update"),
                holding::end);
    }

    /** Every statement of every node waits, until all connections of the pools do. */
    private static Fault poolExhausted(Fleet fleet, Random dice) {
        Holding holding = new Holding(fleet);
        return new Fault(
                "PostgreSQL: tables locked, pools exhausted",
                between(1, 6, dice),
                () -> holding.begin("lock table room, message in access exclusive mode"),
                holding::end);
    }
}
