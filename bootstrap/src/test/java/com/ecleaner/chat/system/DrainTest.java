package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A node that is told to stop; {@link ProcessTest} sends the signal, this looks at what comes of
 * it.
 */
class DrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path folder;
    private static EmbeddedDatabase postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedDatabase.start(folder.resolve("db"));
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static RunningChat node() {
        Map<String, String> settings = RunningChat.over(postgres.address());
        settings.put("CHAT_MAX_CONNECTIONS_PER_USER", "1000");
        return RunningChat.in(folder.resolve("data"), settings);
    }

    private static TestSocket anna(RunningChat node) throws Exception {
        TestSocket socket =
                TestSocket.open(
                        node.port(), "/ws/?token=" + node.platform().token("anna", Role.CLIENT));
        socket.expect("welcome");
        return socket;
    }

    @Test
    void goodbyes_come_one_after_the_other_from_a_node_that_is_not_ready_any_more()
            throws Exception {
        List<TestSocket> sockets = new ArrayList<>();
        try (RunningChat node = node();
                HttpClient kept = HttpClient.newHttpClient()) {
            for (int i = 0; i < 250; i++) {
                sockets.add(anna(node));
            }
            HttpRequest ready =
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + node.port() + "/health/ready"))
                            .build();
            assertThat(kept.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);

            CompletableFuture<Void> drained = CompletableFuture.runAsync(node::close);
            await("some are told, and not all at once")
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(PATIENCE)
                    .until(
                            () -> sockets.stream().filter(TestSocket::isOpen).count(),
                            open -> open > 0 && open < sockets.size());
            assertThat(
                            kept.sendAsync(ready, HttpResponse.BodyHandlers.discarding())
                                    .handle((answer, fault) -> fault == null ? answer : null)
                                    .get())
                    .as("told on a connection that is there, refused on a new one")
                    .matches(answer -> answer == null || answer.statusCode() == 503);
            drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        for (TestSocket socket : sockets) {
            assertThat(socket.closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void a_message_that_was_under_way_is_committed_before_the_end_and_found_by_who_sends_it_again()
            throws Exception {
        String again =
                "{\"type\":\"message\",\"room\":%d,\"message\":\"hello\",\"client_id\":\"one\"}";
        long room;
        try (RunningChat node = node();
                Connection somebody = connection()) {
            room = node.platform().book("5", "anna", null);
            TestSocket anna = anna(node);
            hold(somebody, room);
            anna.send(again.formatted(room));
            anna.send("{\"type\":\"ping\"}");
            anna.await("pong");

            CompletableFuture<Void> drained = CompletableFuture.runAsync(node::close);
            assertThat(anna.closeCode()).isEqualTo(1001);
            assertThat(drained).as("what it accepted is not committed yet").isNotDone();
            somebody.rollback();
            drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(messages(room)).as("committed before it ended").isEqualTo(1);
        try (RunningChat next = node()) {
            TestSocket anna = anna(next);
            anna.send(again.formatted(room));
            JsonNode echo = anna.await("chat_message");
            assertThat(echo.at("/message/client_id").asText()).isEqualTo("one");
            assertThat(echo.at("/message/seq").asLong()).isEqualTo(1);
        }
        assertThat(messages(room)).isEqualTo(1);
    }

    private static Connection connection() throws Exception {
        DatabaseAddress address = postgres.address();
        Connection connection =
                DriverManager.getConnection(
                        address.jdbcUrl(),
                        address.user().orElseThrow(),
                        address.password().orElseThrow().value());
        connection.setAutoCommit(false);
        return connection;
    }

    /** As somebody does who writes in the database by hand. */
    private static void hold(Connection connection, long room) throws Exception {
        try (PreparedStatement lock =
                connection.prepareStatement("select 1 from room where id = ? for update")) {
            lock.setLong(1, room);
            assertThat(lock.executeQuery().next()).isTrue();
        }
    }

    private static long messages(long room) throws Exception {
        try (Connection connection = connection();
                PreparedStatement count =
                        connection.prepareStatement(
                                "select count(*) from message where room_id = ?")) {
            count.setLong(1, room);
            var found = count.executeQuery();
            assertThat(found.next()).isTrue();
            return found.getLong(1);
        }
    }
}
