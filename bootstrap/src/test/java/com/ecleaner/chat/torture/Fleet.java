package com.ecleaner.chat.torture;

import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.fleet.PostgresProcess;
import com.ecleaner.chat.fleet.RedisProcess;
import com.ecleaner.chat.system.Platform;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** PostgreSQL, Redis and some nodes, all real and all this test's own. */
final class Fleet implements AutoCloseable {
    private static final String SECRET = "a secret of the tests, and of nobody else";

    /** How long anybody waits for an answer by REST. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final PostgresProcess postgres;
    private final RedisProcess redis;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, Platform> platforms = new ConcurrentHashMap<>();
    private final TokenIssuer tokens =
            TokenIssuer.of(
                    Settings.from(Map.of("CHAT_JWT_SECRET", SECRET)), InstantSource.system());

    Fleet(Path folder, int size) throws IOException {
        postgres = PostgresProcess.start(folder.resolve("postgres"));
        redis = RedisProcess.start(folder.resolve("redis"));
        for (int i = 1; i <= size; i++) {
            String name = "node " + i;
            Node node = new Node(name, folder.resolve("node-" + i), redis, postgres, SECRET);
            nodes.add(node);
            node.start();
        }
    }

    PostgresProcess postgres() {
        return postgres;
    }

    RedisProcess redis() {
        return redis;
    }

    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** The marketplace's side, by the line of a node's clients. */
    Platform platform(Node node) {
        return platforms.computeIfAbsent(
                node, n -> new Platform(n.fromClients().port(), tokens, ANSWER));
    }

    /** The same with more patience: for what has to be there before anything is broken. */
    Platform patient(Node node) {
        return new Platform(node.fromClients().port(), tokens, Duration.ofMinutes(1));
    }

    /** Some node that a load balancer would take; it does not know of broken lines. */
    Node any(Random random) {
        List<Node> serving = nodes.stream().filter(Node::isServing).toList();
        List<Node> choice = serving.isEmpty() ? nodes : serving;
        return choice.get(random.nextInt(choice.size()));
    }

    URI socket(Random random, String token) {
        return any(random).address().resolve("/ws/?token=" + token);
    }

    @Override
    public void close() throws IOException {
        for (Node node : nodes) {
            node.close();
        }
        redis.close();
        postgres.close();
    }
}
