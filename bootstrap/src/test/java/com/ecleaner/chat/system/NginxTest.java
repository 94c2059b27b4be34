package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.client.ChatClient;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.websocket.transport.WebSocketSettings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import redis.embedded.RedisServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code deploy/nginx/nginx.conf} as it is, but for ports and folders, in front of two nodes that
 * are processes of their own. What happens to the nodes comes last.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NginxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> environment = new HashMap<>();
    private Path folder;
    private int port;
    private Node first;
    private Node second;
    private Platform platform;
    private long room;
    private String anna;
    private String john;

    /** One of the two, which comes back on the same port. */
    private final class Node {
        private final Path home;
        private int port;
        private ChatProcess process;

        Node(String name) {
            home = folder.resolve(name).resolve("data");
        }

        void start() throws IOException {
            Files.createDirectories(home);
            Map<String, String> settings = new HashMap<>(environment);
            settings.put("CHAT_PORT", Integer.toString(port));
            process = ChatProcess.start("serve", home, settings);
            String line = process.linesUntil("answers at").getLast();
            port = URI.create(line.substring(line.indexOf("http"))).getPort();
        }
    }

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        Optional<String> nginx =
                Stream.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx")
                        .filter(program -> Files.isExecutable(Path.of(program)))
                        .findFirst();
        Assumptions.assumeTrue(nginx.isPresent(), "no nginx on this machine");
        folder = temporary;
        EmbeddedDatabase postgres = EmbeddedDatabase.start(folder.resolve("database"));
        started.push(postgres);
        int redisPort = freePort();
        RedisServer redis = RedisServer.newRedisServer().port(redisPort).bind("127.0.0.1").build();
        redis.start();
        started.push(redis::stop);
        environment.put("CHAT_JWT_SECRET", RunningChat.SECRET);
        environment.putAll(RunningChat.over(postgres.address()));
        environment.put("CHAT_REDIS_URL", "redis://127.0.0.1:" + redisPort);
        first = new Node("first");
        second = new Node("second");
        started.push(() -> first.process.close());
        first.start();
        started.push(() -> second.process.close());
        second.start();
        port = freePort();
        Process process = nginx(nginx.get());
        started.push(
                () -> {
                    process.destroy();
                    if (!process.waitFor(10, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                    }
                });
        await().atMost(PATIENCE).until(() -> status("GET", "/chat/rooms/", null) == 401);
        platform =
                new Platform(
                        port, TokenIssuer.of(Settings.from(environment), InstantSource.system()));
        room = platform.book("5", "anna", "john");
        anna = platform.token("anna", Role.CLIENT);
        john = platform.token("john", Role.CLEANER);
    }

    @AfterAll
    void stop() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    @Test
    @Order(1)
    void it_waits_longer_than_a_node_for_a_silent_connection() {
        String socket = location("/ws");
        long nodeGivesUp = 2 * WebSocketSettings.defaults().heartbeat().toSeconds();

        assertThat(seconds("proxy_read_timeout", socket)).isGreaterThan(nodeGivesUp);
        assertThat(seconds("proxy_send_timeout", socket)).isGreaterThan(nodeGivesUp);
    }

    @Test
    @Order(1)
    void a_page_of_the_same_origin_connects_and_one_of_another_does_not() throws Exception {
        TestSocket same = TestSocket.open(port, "/ws/?token=" + anna, "http://127.0.0.1:" + port);
        same.expect("welcome");
        same.close();

        TestSocket other = TestSocket.open(port, "/ws/?token=" + anna, "https://evil.example");
        assertThat(other.closeCode()).isEqualTo(4403);
    }

    @Test
    @Order(1)
    void the_widgets_files_are_for_pages_anywhere() throws Exception {
        HttpResponse<String> answer = send("GET", "/widget/chat.js", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("export {};\n");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("javascript");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertProblem(send("GET", "/widget/nothing.js", null), 404, "not_found");
        assertThat(status("GET", "/widget/../nginx.conf", null)).isNotEqualTo(200);
        assertThat(status("GET", "/widget/%2e%2e/nginx.conf", null)).isNotEqualTo(200);
    }

    @Test
    @Order(1)
    void what_is_for_operators_is_not_shown_to_the_world() throws Exception {
        for (String path : List.of("/metrics", "/metrics/", "/health/live", "/health/ready")) {
            assertProblem(send("GET", path, null), 404, "not_found");
        }
    }

    @Test
    @Order(1)
    void a_body_that_is_too_large_is_refused_in_the_words_of_the_contract() throws Exception {
        String json = "/chat/rooms/" + room + "/send_message/";
        assertProblem(send("POST", json, new byte[65 * 1024]), 413, "too_large");
        assertProblem(send("POST", "/chat/attachments/", new byte[22 << 20]), 413, "too_large");
        // A megabyte is for a node to judge.
        status("POST", "/chat/attachments/", new byte[1 << 20]);
        // The line is written behind the answer.
        await().untilAsserted(
                        () ->
                                assertThat(log("access.log").lines().toList().getLast())
                                        .contains("\"path\":\"/chat/attachments/\"")
                                        .contains("\"node\":\"127.0.0.1:"));
    }

    @Test
    @Order(2)
    void people_on_both_nodes_talk_and_a_node_that_dies_is_gone_in_a_moment() throws Exception {
        // Each is sent to where fewer are: nobody of before shall count.
        await().atMost(PATIENCE).until(() -> sockets(first) + sockets(second) == 0);
        try (ChatClient a = ChatClient.of("anna", address(), anna);
                ChatClient j = ChatClient.of("john", address(), john)) {
            await().atMost(PATIENCE).until(() -> a.isLevel() && j.isLevel());
            say(a, j, "both are here");

            first.process.kill();
            for (int i = 0; i < 20; i++) {
                assertThat(platform.get("/chat/rooms/", anna).status()).isEqualTo(200);
            }
            say(j, a, "one node is gone");
            assertThat(a.connections() + j.connections())
                    .as("one of them was on the node that died, and came back")
                    .isGreaterThan(2);

            first.start();
            await().atMost(PATIENCE).until(() -> servedBy(first));
            second.process.kill();
            say(a, j, "the other is gone, and the first is back");

            second.start();
            await().atMost(PATIENCE).until(() -> servedBy(second));
            int before = a.connections() + j.connections();
            assertThat(first.process.terminate()).as("it drains in order").isZero();
            say(j, a, "one was stopped in order");
            assertThat(a.connections() + j.connections() - before)
                    .as("both were there, and each came back, elsewhere")
                    // A line that was kept to the node may lead there once more while it drains.
                    .isBetween(2, 4);

            second.process.kill();
            assertProblem(send("GET", "/chat/rooms/?ticket=nobodys", null), 503, "unavailable");
            assertThat(log("access.log")).contains("\"path\":\"/ws/\"");
        }
        assertThat(platformsTokensIn("access.log")).isEmpty();
        assertThat(platformsTokensIn("error.log")).isEmpty();
    }

    /** What one says the other hears, and both have the same log. */
    private void say(ChatClient from, ChatClient to, String text) {
        String id = from.send(room, text, text.replace(' ', '-'));
        await().atMost(PATIENCE).until(() -> from.echo(id) != null);
        long seq = from.echo(id).path("seq").asLong();
        await().atMost(PATIENCE).until(() -> to.isLevel() && to.room(room).highest() >= seq);
    }

    /** How many WebSockets a node has by its own count. */
    private int sockets(Node node) throws Exception {
        HttpRequest metrics =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port + "/metrics"))
                        .timeout(PATIENCE)
                        .build();
        return http.send(metrics, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("chat_connections "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private boolean servedBy(Node node) throws Exception {
        status("GET", "/chat/rooms/", null);
        List<String> lines = log("access.log").lines().toList();
        return lines.getLast().contains("\"node\":\"127.0.0.1:" + node.port + "\"");
    }

    private String platformsTokensIn(String name) throws IOException {
        String log = log(name);
        Map<String, String> secrets =
                new TreeMap<>(Map.of("anna", anna, "john", john, "ticket", "nobodys"));
        secrets.values().removeIf(secret -> !log.contains(secret));
        return String.join(", ", secrets.keySet());
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private URI address() {
        return URI.create("ws://127.0.0.1:" + port);
    }

    private int status(String method, String path, byte[] body) throws Exception {
        return send(method, path, body).statusCode();
    }

    private HttpResponse<String> send(String method, String path, byte[] body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(PATIENCE);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    // So that a refusal comes before the body goes.
                    .expectContinue(true)
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code)
            throws IOException {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(Platform.JSON.readTree(answer.body()).path("code").asText()).isEqualTo(code);
    }

    // --- the file, with other ports and folders

    private Process nginx(String program) throws IOException {
        Path widget = Files.createDirectories(folder.resolve("widget"));
        Files.writeString(widget.resolve("chat.js"), "export {};\n");
        Map<String, String> places = new HashMap<>();
        places.put("listen 8080;", "listen 127.0.0.1:" + port + ";");
        places.put("server node1:8080 ", "server 127.0.0.1:" + first.port + " ");
        places.put("server node2:8080 ", "server 127.0.0.1:" + second.port + " ");
        places.put(" /tmp/", " " + folder + "/");
        places.put("/srv/widget/", widget + "/");
        places.put("/dev/stderr", folder.resolve("error.log").toString());
        places.put("/dev/stdout", folder.resolve("access.log").toString());
        String file = file();
        for (Map.Entry<String, String> place : places.entrySet()) {
            assertThat(file).contains(place.getKey());
            file = file.replace(place.getKey(), place.getValue());
        }
        if (System.getProperty("user.name").equals("root")) {
            // Else its workers are nobody, who may not enter a test's folder.
            file = "user root;\n" + file;
        }
        Path written = Files.writeString(folder.resolve("nginx.conf"), file);
        return new ProcessBuilder(
                        program,
                        "-c",
                        written.toString(),
                        "-p",
                        folder.toString(),
                        "-e",
                        folder.resolve("error.log").toString(),
                        "-g",
                        "daemon off;")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
    }

    private static String file() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("deploy/nginx/nginx.conf"))) {
            here = here.getParent();
        }
        return Files.readString(here.resolve("deploy/nginx/nginx.conf"));
    }

    private static String location(String path) {
        try {
            Matcher location = Pattern.compile("location " + path + " \\{([^}]*)}").matcher(file());
            assertThat(location.find()).isTrue();
            return location.group(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long seconds(String directive, String location) {
        Matcher value = Pattern.compile(directive + " ([0-9]+)s;").matcher(location);
        assertThat(value.find()).as(directive).isTrue();
        return Long.parseLong(value.group(1));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
