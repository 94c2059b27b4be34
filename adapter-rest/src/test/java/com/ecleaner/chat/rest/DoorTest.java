package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.rest.Door.Reply;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class DoorTest {
    private static Door door;

    private Somebody anna;
    private Talk room;

    @BeforeAll
    static void open() {
        door = new Door();
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @BeforeEach
    void arrange() {
        door.fault = Optional.empty();
        door.ready = true;
        anna = door.given.client("anna");
        room = door.given.support(anna);
    }

    // --- who comes in

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/chat/rooms/",
                "/chat/rooms/1/",
                "/chat/rooms/nonsense/",
                "/platform/users/1/",
                "/nowhere",
                "/",
                "/health/",
                "/health/live/more",
                "/health/live;x=1",
                "//health/live",
                "/health/%6cive",
                "/health/../chat/rooms/",
                "/health/live/%2e%2e/%2e%2e/chat/rooms/"
            })
    void without_a_token_every_address_but_health_is_401(String path) {
        Reply reply = door.nobody().get(path);

        assertThat(reply.problem()).isEqualTo("401 unauthorized");
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void without_a_token_not_even_a_body_a_method_or_a_type_is_looked_at() {
        assertThat(door.nobody().post("/chat/rooms/", "not json").status()).isEqualTo(401);
        assertThat(door.nobody().delete("/chat/rooms/").status()).isEqualTo(401);
        assertThat(
                        door.nobody()
                                .send(
                                        "GET",
                                        "/chat/rooms/",
                                        Optional.empty(),
                                        "Accept",
                                        "text/html")
                                .status())
                .isEqualTo(401);
    }

    @Test
    void only_a_bearer_token_that_holds_opens_the_door() {
        String token = door.token(anna);

        for (String authorization :
                List.of(
                        "Bearer",
                        "Bearer ",
                        "Bearer nonsense",
                        "Bearer " + token + "x",
                        "Bearer " + "x".repeat(4_000),
                        token,
                        "Basic " + token,
                        "Token " + token)) {
            assertThat(door.with(authorization).get("/chat/rooms/").status()).isEqualTo(401);
        }
        assertThat(door.with("bearer " + token).get("/chat/rooms/").status()).isEqualTo(200);
        assertThat(door.nobody().get("/chat/rooms/?token=" + token).status()).isEqualTo(401);
        assertThat(
                        door.with("Bearer " + token)
                                .send(
                                        "GET",
                                        "/chat/rooms/",
                                        Optional.empty(),
                                        "Authorization",
                                        "Bearer other")
                                .status())
                .isEqualTo(401);
    }

    @Test
    void where_one_says_one_comes_from_opens_no_door() {
        assertThat(
                        door.nobody()
                                .send(
                                        "GET",
                                        "/chat/rooms/",
                                        Optional.empty(),
                                        "X-Forwarded-For",
                                        "127.0.0.1",
                                        "X-Original-URL",
                                        "/health/live",
                                        "X-HTTP-Method-Override",
                                        "GET")
                                .status())
                .isEqualTo(401);
    }

    @Test
    void a_ticket_is_issued_to_whoever_is_in() {
        Reply reply = door.as(anna).post("/chat/tickets/");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.at("/ticket").asText()).matches("[A-Za-z0-9_-]{43}");
        assertThat(reply.at("/expires_in").asInt()).isEqualTo(30);
        assertThat(door.nobody().post("/chat/tickets/").status()).isEqualTo(401);
    }

    @Test
    void a_store_that_is_away_is_unavailable_and_not_a_missing_token() {
        door.fault = Optional.of(Refusal.unavailable("the database is away"));

        Reply reply = door.as(anna).get("/chat/rooms/");

        assertThat(reply.problem()).isEqualTo("503 unavailable");
        assertThat(reply.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void an_unexpected_fault_says_nothing_but_a_reference() {
        door.fault = Optional.of(new IllegalStateException("password=hunter2 at jdbc:postgresql"));

        Reply reply = door.as(anna).get("/chat/rooms/");

        assertThat(reply.problem()).isEqualTo("500 internal");
        assertThat(reply.at("/detail").asText())
                .matches("something went wrong, reference [0-9a-f]{8}");
        assertThat(reply.body()).doesNotContain("hunter2", "Exception", "at com.");
    }

    // --- HTTP as it should be

    @Test
    void an_address_nobody_serves_is_404() {
        for (String path :
                List.of(
                        "/",
                        "/chat/",
                        "/chat/room/",
                        "/chat/rooms/1/2/3/4",
                        "/application.wadl",
                        "/chat/../health/live",
                        "/chat/rooms/%2e%2e/%2e%2e/health/live",
                        "/CHAT/rooms/")) {
            assertThat(door.as(anna).get(path).problem()).as(path).isEqualTo("404 not_found");
        }
    }

    @Test
    void a_method_an_address_does_not_know_is_405_with_those_it_knows() {
        Reply reply = door.as(anna).delete("/chat/rooms/");

        assertThat(reply.problem()).isEqualTo("405 method_not_allowed");
        assertThat(reply.header("Allow")).contains("GET").contains("POST");
        assertThat(door.as(anna).put(Door.rooms(room.id(), "messages/"), "{}").status())
                .isEqualTo(405);
    }

    @Test
    void an_answer_one_cannot_take_is_406() {
        Reply reply =
                door.as(anna)
                        .send("GET", "/chat/rooms/", Optional.empty(), "Accept", "application/xml");

        assertThat(reply.problem()).isEqualTo("406 not_acceptable");
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x"
            })
    void a_body_of_another_type_is_415(String type) {
        Reply reply =
                door.as(anna)
                        .send(
                                "POST",
                                Door.rooms(room.id(), "send_message/"),
                                Optional.of("{\"message\":\"x\"}"),
                                "Content-Type",
                                type);

        assertThat(reply.problem()).isEqualTo("415 unsupported_media_type");
    }

    @Test
    void a_json_body_may_name_its_charset() {
        assertThat(
                        door.as(anna)
                                .send(
                                        "POST",
                                        Door.rooms(room.id(), "send_message/"),
                                        Optional.of("{\"message\":\"x\"}"),
                                        "Content-Type",
                                        "application/json; charset=utf-8")
                                .status())
                .isEqualTo(201);
    }

    @Test
    void a_body_above_its_bound_is_413() {
        String large = "{\"x\":\"" + "a".repeat(RestHandler.MAX_BODY) + "\",\"message\":\"x\"}";
        String fits = "{\"x\":\"" + "a".repeat(60_000) + "\",\"message\":\"x\"}";
        String send = Door.rooms(room.id(), "send_message/");

        assertThat(door.as(anna).post(send, large).problem()).isEqualTo("413 too_large");
        assertThat(door.as(anna).post(send, fits).status()).isEqualTo(201);
    }

    @Test
    void every_answer_tells_browsers_to_keep_their_hands_off_it() {
        Door.As as = door.as(anna);
        for (Reply reply :
                List.of(
                        as.get("/chat/rooms/"),
                        as.get("/nowhere"),
                        door.nobody().get("/chat/rooms/"),
                        as.get("/health/live"),
                        as.delete("/chat/rooms/"),
                        as.post("/chat/rooms/", "{"),
                        as.post("/chat/rooms/", "x".repeat(RestHandler.MAX_BODY + 1)))) {
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(reply.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
            assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(reply.header("Vary")).isEqualTo("Origin");
            assertThat(reply.header("Server")).isEmpty();
        }
    }

    @Test
    void a_problem_has_what_the_standard_and_the_contract_ask_for() {
        Reply reply = door.as(anna).get("/chat/rooms/?limit=0");

        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\","
                                + "\"status\":422,\"code\":\"invalid\","
                                + "\"detail\":\"limit: must be 1 or above\",\"field\":\"limit\"}");
    }

    @Test
    void head_is_get_without_its_body() {
        Reply reply = door.as(anna).send("HEAD", "/chat/rooms/", Optional.empty());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEmpty();
    }

    // --- other origins

    @Test
    void a_page_of_an_allowed_origin_may_ask_and_read() {
        Reply preflight = origin("OPTIONS", "https://app.example", true);
        Reply reply = origin("GET", "https://app.example", false);

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin"))
                .isEqualTo("https://app.example");
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("PATCH");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Authorization");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        assertThat(reply.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(reply.header("Vary")).isEqualTo("Origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://app.example.evil.example",
                "https://evilapp.example",
                "http://app.example",
                "https://app.example:8443",
                "null",
                "*"
            })
    void a_page_of_another_origin_is_told_nothing(String origin) {
        for (Reply reply : List.of(origin("OPTIONS", origin, true), origin("GET", origin, false))) {
            assertThat(reply.headers().map().keySet())
                    .noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    @Test
    void errors_are_readable_to_an_allowed_origin_too() {
        Reply reply =
                door.nobody()
                        .send(
                                "GET",
                                "/chat/rooms/",
                                Optional.empty(),
                                "Origin",
                                "https://app.example");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
    }

    private Reply origin(String method, String origin, boolean preflight) {
        Door.As as = preflight ? door.nobody() : door.as(anna);
        return preflight
                ? as.send(
                        method,
                        "/chat/rooms/",
                        Optional.empty(),
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        "POST")
                : as.send(method, "/chat/rooms/", Optional.empty(), "Origin", origin);
    }

    // --- health

    @ParameterizedTest
    @CsvSource({
        "/health/live, live",
        "/health/live/, live",
        "/health/ready, ready",
        "/health/ready/, ready"
    })
    void health_is_open_to_operators(String path, String status) {
        Reply reply = door.nobody().get(path);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"status\":\"" + status + "\"}");
    }

    @Test
    void who_drains_is_live_and_not_ready() {
        door.ready = false;

        assertThat(door.nobody().get("/health/ready").problem()).isEqualTo("503 unavailable");
        assertThat(door.nobody().get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void who_wrote_as_an_admin_has_no_room_list_total_or_search_by_it_once_the_role_is_gone() {
        Somebody boss = door.given.admin("chief");
        Somebody anna = door.given.client("anna");
        Talk talk = door.given.job("5").client(anna).booked();
        talk.say(boss, "support here");
        Message secret = talk.say(anna, "the key is outside");
        String message = "messages/" + secret.id() + "/";
        assertThat(door.as(boss).get("/chat/rooms/").at("/total_unread").asLong()).isEqualTo(1);

        Somebody platform = door.given.platform();
        door.as(platform)
                .put(
                        "/platform/users/" + boss.id() + "/",
                        "{\"username\":\"chief\",\"first_name\":\"B\",\"role\":\"client\"}");

        for (Somebody who : List.of(boss, boss.as(Role.CLIENT))) {
            Door.As boss2 = door.as(who);
            Door.Reply list = boss2.get("/chat/rooms/");
            assertThat(list.at("/results")).isEmpty();
            assertThat(list.at("/total_unread").asLong()).isZero();
            assertThat(boss2.get("/chat/search/?q=key").at("/results")).isEmpty();
            for (String gone : List.of("", "messages/", message + "edits/")) {
                assertThat(boss2.get(Door.rooms(talk.id(), gone)).problem())
                        .isEqualTo("404 not_found");
            }
            assertThat(boss2.get("/chat/search/?q=key&room=" + talk.id()).status()).isEqualTo(404);
            assertThat(boss2.delete(Door.rooms(talk.id(), message)).status()).isEqualTo(404);
        }
        assertThat(door.as(anna).get(Door.rooms(talk.id(), "")).at("/participants")).hasSize(1);
    }

    @Test
    void a_role_the_platform_takes_away_is_gone_with_the_next_request() {
        Somebody boss = door.given.admin("boss");
        assertThat(door.as(boss).get("/chat/rooms/?scope=all").status()).isEqualTo(200);

        door.given.ports().users().write(boss.person(), Optional.of(Role.CLIENT));

        assertThat(door.as(boss).get("/chat/rooms/?scope=all").status()).isEqualTo(403);
    }
}
