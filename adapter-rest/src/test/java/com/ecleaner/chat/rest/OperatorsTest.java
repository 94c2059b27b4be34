package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.rest.Door.Reply;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

final class OperatorsTest {
    private static final String SECRET = "only-for-operators";

    private final List<String> watched = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/openapi.json", "/asyncapi.json"})
    void open_endpoints_answer_whoever_asks(String path) {
        try (Door door = door(new Operators.Access.Everybody())) {
            assertThat(ask(door, path).status()).isEqualTo(200);
            assertThat(ask(door, path + "/").status()).isEqualTo(200);
            assertThat(ask(door, path, "Bearer nonsense").status()).isEqualTo(200);
            assertThat(send(door, "POST", path).status()).isEqualTo(405);
            assertThat(ask(door, path + ";x=1").status()).isEqualTo(401);
            assertThat(ask(door, path + "/more").status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/openapi.json", "/asyncapi.json"})
    void endpoints_that_are_off_are_as_if_they_never_were(String path) {
        try (Door door = door(new Operators.Access.Nobody())) {
            String anna = "Bearer " + door.token(door.given.client("anna"));
            assertThat(ask(door, path).problem()).isEqualTo(ask(door, "/nothing").problem());
            assertThat(ask(door, path, anna).problem())
                    .isEqualTo(ask(door, "/nothing", anna).problem());
            assertThat(ask(door, "/health/live").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/openapi.json", "/asyncapi.json"})
    void with_a_token_of_their_own_they_are_for_its_holder_alone(String path) {
        try (Door door = door(new Operators.Access.Holder(SECRET))) {
            String anna = "Bearer " + door.token(door.given.client("anna"));
            assertThat(ask(door, path, "Bearer " + SECRET).status()).isEqualTo(200);
            assertThat(ask(door, path).status()).isEqualTo(401);
            assertThat(ask(door, path, SECRET).status()).isEqualTo(401);
            assertThat(ask(door, path, "Bearer " + SECRET + "x").status()).isEqualTo(401);
            assertThat(ask(door, path, "Bearer ").status()).isEqualTo(401);
            assertThat(ask(door, path, anna).status()).isEqualTo(401);
            assertThat(ask(door, "/chat/rooms/", "Bearer " + SECRET).status()).isEqualTo(401);
            assertThat(ask(door, "/health/ready").status()).isEqualTo(200);
        }
    }

    @Test
    void metrics_come_in_prometheus_text_format_and_documents_as_json() {
        try (Door door = door(new Operators.Access.Everybody())) {
            Reply metrics = ask(door, "/metrics");
            assertThat(metrics.body()).isEqualTo("up 1\n");
            assertThat(metrics.header("Content-Type"))
                    .isEqualTo("text/plain;charset=utf-8;version=0.0.4");
            assertThat(ask(door, "/asyncapi.json").at("/asyncapi").asText()).isEqualTo("3.0.0");
            assertThat(ask(door, "/openapi.json").at("/openapi").asText()).startsWith("3.1");
            assertThat(ask(door, "/openapi.json").header("Content-Type"))
                    .isEqualTo("application/json");
        }
    }

    @Test
    void a_request_is_told_of_by_its_route_and_never_by_its_address() {
        try (Door door = door(new Operators.Access.Everybody())) {
            String anna = "Bearer " + door.token(door.given.client("anna"));
            ask(door, "/chat/rooms/4711/", anna);
            ask(door, "/made/up/4711", anna);
            ask(door, "/chat/rooms/");
            send(door, "BREW", "/chat/rooms/");

            assertThat(watched)
                    .contains("GET /chat/rooms/{room} 404", "GET none 404", "GET none 401")
                    .anyMatch(line -> line.startsWith("OTHER none 4"))
                    .noneMatch(line -> line.contains("4711") || line.contains("BREW"));
        }
    }

    @Test
    void those_who_ask_how_it_is_are_answered_at_its_busiest_and_nobody_else_beside_them() {
        RestHandler.Limits busy =
                new RestHandler.Limits(
                        0, 0, 0, 64, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (Door door =
                new Door(
                        busy,
                        new Operators(
                                new Operators.Access.Everybody(),
                                () -> "up 1\n",
                                () -> new byte[0],
                                RequestWatch.NONE))) {
            for (String path : List.of("/health/live", "/health/ready/", "/metrics")) {
                assertThat(ask(door, path).status()).as(path).isEqualTo(200);
            }
            for (String path : List.of("/health/anything", "/health/", "/metrics/x", "/")) {
                assertThat(ask(door, path).status()).as(path).isEqualTo(503);
            }
        }
    }

    @Test
    void a_secret_is_in_no_text() {
        assertThat(new Operators.Access.Holder(SECRET).toString()).doesNotContain(SECRET);
    }

    private Door door(Operators.Access access) {
        return new Door(
                RestHandler.Limits.DEFAULT,
                new Operators(
                        access,
                        () -> "up 1\n",
                        () -> "{\"asyncapi\":\"3.0.0\"}".getBytes(UTF_8),
                        (method, route, status, took) ->
                                watched.add(method + " " + route + " " + status)));
    }

    private static Reply ask(Door door, String path, String... authorization) {
        return authorization.length == 0
                ? send(door, "GET", path)
                : send(door, "GET", path, "Authorization", authorization[0]);
    }

    private static Reply send(Door door, String method, String path, String... headers) {
        return door.nobody().send(method, path, Optional.empty(), headers);
    }
}
