package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.fleet.FaultyLink;
import com.ecleaner.chat.fleet.PostgresProcess;
import com.ecleaner.chat.fleet.RedisProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two nodes over one PostgreSQL and one Redis, the second with a clock that is wrong by an hour;
 * with Redis there, and with Redis gone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeveralNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<TestSocket> sockets = new ArrayList<>();
    private PostgresProcess postgres;
    private RedisProcess redis;
    private FaultyLink toPostgres;
    private FaultyLink toRedis;
    private RunningChat one;
    private RunningChat two;
    private Path folder;
    private Map<String, String> environment;
    private int number;
    private boolean wasCut;

    /** Names that no other test has. */
    private String job;

    private String anna;
    private String john;
    private String office;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                RedisProcess.program().isPresent(), "no redis-server runs on this machine");
        postgres = PostgresProcess.start(folder.resolve("database"));
        redis = RedisProcess.start(folder.resolve("redis"));
        toPostgres = new FaultyLink(postgres::port);
        toRedis = new FaultyLink(redis::port);
        this.folder = folder;
        environment =
                Map.of(
                        "CHAT_DATABASE_URL",
                        postgres.url(toPostgres.port()),
                        "CHAT_REDIS_URL",
                        RedisProcess.url(toRedis.port()),
                        "CHAT_RATE_LIMIT",
                        "5:40",
                        "CHAT_MAX_CONNECTIONS_PER_USER",
                        "4");
        one = RunningChat.in(folder.resolve("one"), environment);
        two =
                RunningChat.in(
                        folder.resolve("two"),
                        environment,
                        () -> InstantSource.system().instant().minus(Duration.ofHours(1)));
    }

    @AfterAll
    void stop() throws Exception {
        if (postgres == null) {
            return;
        }
        toRedis.heal();
        toPostgres.heal();
        two.close();
        one.close();
        toRedis.close();
        toPostgres.close();
        redis.close();
        postgres.close();
    }

    /**
     * Until nodes hear of each other, and go on doing so: after an outage connections that died in
     * it may be found one by one.
     */
    @BeforeEach
    void redisIsThere() {
        await().pollInterval(Duration.ofMillis(50))
                .during(wasCut ? Duration.ofMillis(1_200) : Duration.ZERO)
                .atMost(PATIENCE)
                .until(
                        () ->
                                List.of(one, two).stream()
                                        .allMatch(
                                                node ->
                                                        ticket(node, "nobody-" + number).status()
                                                                == 200));
        wasCut = false;
    }

    private Platform.Answer ticket(RunningChat node, String user) {
        return node.platform()
                .post("/chat/tickets/", one.platform().token(user, Role.CLIENT), null);
    }

    @BeforeEach
    void newPeople() {
        number++;
        job = "job-" + number;
        anna = "anna-" + number;
        john = "john-" + number;
        office = "office-" + number;
    }

    @AfterEach
    void healed() {
        sockets.forEach(TestSocket::close);
        sockets.clear();
        toRedis.heal();
        toPostgres.heal();
    }

    private TestSocket open(RunningChat node, String user, Role role) {
        return open(node, "/ws/", user, role);
    }

    private TestSocket open(RunningChat node, String path, String user, Role role) {
        TestSocket socket =
                TestSocket.open(node.port(), path + "?token=" + one.platform().token(user, role));
        sockets.add(socket);
        return socket;
    }

    /** Whether nodes hear of each other by Redis. */
    private void redis(boolean there) {
        if (!there) {
            wasCut = true;
            toRedis.cut();
        }
    }

    private static void say(TestSocket socket, long room, String text) {
        socket.send(
                Platform.JSON
                        .createObjectNode()
                        .put("type", "message")
                        .put("room", room)
                        .put("message", text)
                        .put("client_id", text)
                        .toString());
    }

    private static void tell(TestSocket socket, String frame, Object... values) {
        socket.send(frame.replace('\'', '"').formatted(values));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messages_edits_deletions_and_marks_reach_the_other_node(boolean redisIsThere)
            throws Exception {
        long room = one.platform().book(job, anna, john);
        TestSocket annas = open(one, anna, Role.CLIENT);
        TestSocket johns = open(two, john, Role.CLEANER);
        annas.expect("welcome");
        johns.expect("welcome");
        redis(redisIsThere);

        say(annas, room, "hello");
        say(annas, room, "again");
        JsonNode hello = johns.await("chat_message");
        JsonNode again = johns.await("chat_message");
        assertThat(hello.at("/message/content").asText()).isEqualTo("hello");
        assertThat(again.at("/message/seq").asLong()).isEqualTo(2);

        tell(
                annas,
                "{'type':'edit','room':%d,'message_id':%d,'message':'hi'}",
                room,
                hello.at("/message/id").asLong());
        assertThat(johns.await("message_edited").at("/message/content").asText()).isEqualTo("hi");
        tell(
                annas,
                "{'type':'delete','room':%d,'message_id':%d}",
                room,
                again.at("/message/id").asLong());
        assertThat(johns.await("message_deleted").at("/message/seq").asLong()).isEqualTo(2);

        tell(johns, "{'type':'read','room':%d,'up_to_seq':1}", room);
        JsonNode read = annas.await("read");
        assertThat(read.get("user_id").asText()).isEqualTo(john);
        assertThat(read.get("up_to_seq").asLong()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoever_comes_in_sees_the_room_on_the_other_node(boolean redisIsThere) throws Exception {
        TestSocket johns = open(two, john, Role.CLEANER);
        johns.expect("welcome");
        redis(redisIsThere);

        long room = one.platform().book(job, anna, john);

        assertThat(johns.await("room").at("/room/id").asLong()).isEqualTo(room);
        TestSocket annas = open(one, anna, Role.CLIENT);
        annas.expect("welcome");
        say(annas, room, "welcome, John");
        assertThat(johns.await("chat_message").at("/message/seq").asLong()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoever_is_out_is_told_on_the_other_node_and_hears_nothing_that_was_written_later(
            boolean redisIsThere) throws Exception {
        long room = one.platform().book(job, anna, john);
        TestSocket annas = open(one, anna, Role.CLIENT);
        TestSocket johns = open(two, john, Role.CLEANER);
        TestSocket johnsRoom = open(two, "/ws/job_chat/" + job + "/", john, Role.CLEANER);
        annas.expect("welcome");
        johns.expect("welcome");
        johnsRoom.expect("welcome");
        say(annas, room, "before");
        johns.await("chat_message");
        johnsRoom.await("chat_message");
        redis(redisIsThere);

        one.platform().book(job, anna, null);
        say(annas, room, "John need not know");
        annas.await("chat_message");

        assertThat(johns.await("room_left").get("room").asLong()).isEqualTo(room);
        assertThat(johnsRoom.closeCode()).isEqualTo(4403);
        say(annas, room, "nor this");
        annas.await("chat_message");
        tell(johns, "{'type':'ping','id':'p'}");
        johns.await("pong");
        List<JsonNode> heard = new ArrayList<>(johns.rest());
        heard.addAll(johnsRoom.rest());
        assertThat(heard).noneMatch(f -> f.path("type").asText().equals("chat_message"));
        JsonNode back =
                two.platform()
                        .get("/chat/rooms/" + room + "/", one.platform().token(john, Role.CLEANER))
                        .body();
        assertThat(back.get("code").asText()).isEqualTo("not_found");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_erased_user_and_an_admin_who_is_none_any_more_lose_their_sockets_on_the_other_node(
            boolean redisIsThere) throws Exception {
        long room = one.platform().book(job, anna, null);
        String service = one.platform().token("platform", Role.SERVICE);
        TestSocket erased = open(two, john, Role.CLEANER);
        TestSocket looking = open(two, "/ws/job_chat/" + job + "/", office, Role.ADMIN);
        erased.expect("welcome");
        looking.expect("welcome");
        redis(redisIsThere);

        assertThat(
                        one.platform()
                                .send("DELETE", "/platform/users/" + john + "/", service, null)
                                .status())
                .isEqualTo(204);
        makeCleaner(office);

        assertThat(erased.closeCode()).isEqualTo(4401);
        assertThat(looking.closeCode()).isEqualTo(4403);
        assertThat(
                        two.platform()
                                .get(
                                        "/chat/rooms/" + room + "/",
                                        one.platform().token(office, Role.ADMIN))
                                .status())
                .isEqualTo(404);
    }

    /** On the first node. */
    private void makeCleaner(String user) {
        ObjectNode cleaner = Platform.JSON.createObjectNode();
        cleaner.put("username", user).put("first_name", "O").put("role", "cleaner");
        String service = one.platform().token("platform", Role.SERVICE);
        assertThat(
                        one.platform()
                                .send("PUT", "/platform/users/" + user + "/", service, cleaner)
                                .status())
                .isLessThan(300);
    }

    /** What is written on the onlooker's own node reaches it before the loss of the role does. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_admin_who_only_looks_sees_nothing_that_was_written_after_the_role_was_lost(
            boolean redisIsThere) throws Exception {
        long room = one.platform().book(job, anna, null);
        TestSocket annas = open(two, anna, Role.CLIENT);
        TestSocket offices = open(two, office, Role.ADMIN);
        TestSocket looking = open(two, "/ws/job_chat/" + job + "/", office, Role.ADMIN);
        annas.expect("welcome");
        offices.expect("welcome");
        looking.expect("welcome");
        say(annas, room, "before");
        assertThat(looking.await("chat_message").at("/message/content").asText())
                .isEqualTo("before");
        redis(redisIsThere);

        makeCleaner(office);
        say(annas, room, "the office need not know");
        annas.await("chat_message");
        annas.await("chat_message");
        tell(offices, "{'type':'history','room':%d}", room);

        assertThat(offices.await("error").get("code").asText()).isEqualTo("not_found");
        assertThat(looking.closeCode()).isEqualTo(4403);
        assertThat(looking.rest()).noneMatch(f -> f.path("type").asText().equals("chat_message"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_admin_who_wrote_is_put_out_on_the_other_node_and_sees_nothing_that_was_written_later(
            boolean redisIsThere) throws Exception {
        long room = one.platform().book(job, anna, null);
        TestSocket annas = open(two, anna, Role.CLIENT);
        TestSocket offices = open(two, office, Role.ADMIN);
        annas.expect("welcome");
        offices.expect("welcome");
        say(offices, room, "support here");
        offices.await("chat_message");
        annas.await("chat_message");
        redis(redisIsThere);

        makeCleaner(office);
        say(annas, room, "the office need not know");

        assertThat(annas.await("chat_message").at("/message/seq").asLong()).isEqualTo(2);
        assertThat(offices.await("room_left").get("room").asLong()).isEqualTo(room);
        say(annas, room, "nor this");
        assertThat(annas.await("chat_message").at("/message/seq").asLong()).isEqualTo(3);
        tell(offices, "{'type':'history','room':%d}", room);
        assertThat(offices.await("error").get("code").asText()).isEqualTo("not_found");
        assertThat(offices.rest()).noneMatch(f -> f.path("type").asText().equals("chat_message"));
        JsonNode list =
                two.platform().get("/chat/rooms/", one.platform().token(office, Role.ADMIN)).body();
        assertThat(list.get("results")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void admins_hear_of_a_support_room_that_was_opened_on_the_other_node_once(boolean redisIsThere)
            throws Exception {
        TestSocket offices = open(two, office, Role.ADMIN);
        offices.expect("welcome");
        redis(redisIsThere);

        ObjectNode support = Platform.JSON.createObjectNode().put("room_type", "support");
        long room =
                one.platform()
                        .post("/chat/rooms/", one.platform().token(anna, Role.CLIENT), support)
                        .body()
                        .get("id")
                        .asLong();

        List<Long> shown = new ArrayList<>();
        // What others opened just before they came may be shown as well.
        while (!shown.contains(room)) {
            shown.add(offices.await("room").at("/room/id").asLong());
        }
        long job2 = one.platform().book(job, office, null);
        while (!shown.contains(job2)) {
            shown.add(offices.await("room").at("/room/id").asLong());
        }
        assertThat(shown).filteredOn(id -> id == room).hasSize(1);
    }

    @Test
    void presence_and_typing_reach_the_other_node() throws Exception {
        long room = one.platform().book(job, anna, john);
        TestSocket annas = open(one, anna, Role.CLIENT);
        TestSocket johns = open(two, john, Role.CLEANER);
        annas.expect("welcome");
        johns.expect("welcome");
        typing(johns, room, annas);
        typing(annas, room, johns);

        tell(annas, "{'type':'typing','room':%d,'is_typing':false}", room);
        await().atMost(PATIENCE).until(() -> !johns.await("typing").get("is_typing").asBoolean());

        johns.close();
        JsonNode went = annas.await("presence");
        if (went.get("is_online").asBoolean()) {
            // Where she was here before him, she heard him come.
            went = annas.await("presence");
        }
        assertThat(went.get("user_id").asText()).isEqualTo(john);
        assertThat(went.get("is_online").asBoolean()).isFalse();
        assertThat(went.get("last_seen").isNull()).isFalse();

        JsonNode seen = open(two, john, Role.CLEANER).expect("welcome");
        assertThat(seen.at("/rooms/0/participants").findValues("is_online"))
                .as("Anna is seen as she is on the other node")
                .anyMatch(JsonNode::asBoolean);
        JsonNode came = annas.await("presence");
        assertThat(came.get("is_online").asBoolean()).isTrue();
    }

    @Test
    void who_does_not_come_back_from_a_node_that_died_goes_offline_for_the_others()
            throws Exception {
        String room = "/chat/rooms/" + one.platform().book(job, anna, john) + "/";
        TestSocket annas = open(one, anna, Role.CLIENT);
        annas.expect("welcome");
        String annasToken = one.platform().token(anna, Role.CLIENT);
        Map<String, String> apart = new HashMap<>(environment);
        try (FaultyLink line = new FaultyLink(redis::port)) {
            apart.put("CHAT_REDIS_URL", RedisProcess.url(line.port()));
            try (RunningChat three = RunningChat.in(folder.resolve("three"), apart)) {
                await().atMost(PATIENCE).until(() -> ticket(three, anna).status() == 200);
                open(three, john, Role.CLEANER).expect("welcome");
                assertThat(annas.await("presence").get("is_online").asBoolean()).isTrue();
                // What is told passes by itself; what is written is there a moment later.
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        one
                                                .platform()
                                                .get(room, annasToken)
                                                .body()
                                                .findValues("is_online")
                                                .stream()
                                                .allMatch(JsonNode::asBoolean));

                // To all others it is dead: it says no more that it lives.
                line.cut();
                JsonNode went = annas.await("presence");
                assertThat(went.get("user_id").asText()).isEqualTo(john);
                assertThat(went.get("is_online").asBoolean()).isFalse();
                assertThat(went.get("last_seen").isNull()).isFalse();
            }
        }
    }

    /** Until what passes by Redis alone reaches the other one. */
    private static void typing(TestSocket from, long room, TestSocket to) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(PATIENCE)
                .until(
                        () -> {
                            tell(from, "{'type':'typing','room':%d,'is_typing':true}", room);
                            return to.rest().stream()
                                    .anyMatch(f -> f.path("is_typing").asBoolean());
                        });
    }

    @Test
    void a_ticket_is_good_on_the_other_node_once() throws Exception {
        one.platform().book(job, anna, john);
        String ticket = ticket(one, anna).body().get("ticket").asText();

        TestSocket first = TestSocket.open(two.port(), "/ws/?ticket=" + ticket);
        assertThat(first.expect("welcome").at("/user/id").asText()).isEqualTo(anna);
        TestSocket second = TestSocket.open(one.port(), "/ws/?ticket=" + ticket);
        assertThat(second.closeCode()).isEqualTo(4401);
        first.close();
    }

    @Test
    void what_one_may_send_counts_on_both_nodes_together() throws Exception {
        long room = one.platform().book(job, anna, john);
        TestSocket here = open(one, anna, Role.CLIENT);
        TestSocket there = open(two, anna, Role.CLIENT);
        here.expect("welcome");
        there.expect("welcome");
        for (int i = 0; i < 38; i++) {
            say(here, room, "here " + i);
        }
        for (int i = 0; i < 38; i++) {
            here.await("chat_message");
        }

        await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(
                        () -> {
                            say(there, room, "there " + number++);
                            say(there, room, "there " + number++);
                            return there.rest().stream()
                                    .anyMatch(f -> f.path("code").asText().equals("rate_limited"));
                        });
    }

    @Test
    void connections_count_on_both_nodes_together() throws Exception {
        for (RunningChat node : List.of(one, two, one, two)) {
            open(node, anna, Role.CLIENT).expect("welcome");
        }
        // What a node says of its users takes one journey to Redis.
        await().pollInterval(Duration.ofMillis(100))
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            TestSocket more =
                                    TestSocket.open(
                                            two.port(),
                                            "/ws/?token="
                                                    + one.platform().token(anna, Role.CLIENT));
                            try {
                                assertThat(more.closeCode()).isEqualTo(4429);
                            } finally {
                                more.close();
                            }
                        });
    }

    @Test
    void one_client_id_on_two_nodes_at_once_is_one_message() throws Exception {
        long room = one.platform().book(job, anna, john);
        TestSocket here = open(one, anna, Role.CLIENT);
        TestSocket there = open(two, anna, Role.CLIENT);
        here.expect("welcome");
        there.expect("welcome");
        for (int i = 0; i < 15; i++) {
            say(here, room, "same " + i);
            say(there, room, "same " + i);
        }
        await().pollInterval(Duration.ofMillis(50))
                .atMost(PATIENCE)
                .until(
                        () ->
                                one.platform()
                                                .log(room, one.platform().token(anna, Role.CLIENT))
                                                .size()
                                        >= 15);
        assertThat(one.platform().log(room, one.platform().token(anna, Role.CLIENT)))
                .extracting(m -> m.get("content").asText())
                .doesNotHaveDuplicates()
                .hasSize(15);
    }

    @Test
    void without_redis_nodes_go_on_alone_and_find_together_again_by_themselves() throws Exception {
        long room = one.platform().book(job, anna, john);
        TestSocket annas = open(one, anna, Role.CLIENT);
        TestSocket beside = open(one, john, Role.CLEANER);
        TestSocket johns = open(two, john, Role.CLEANER);
        annas.expect("welcome");
        beside.expect("welcome");
        johns.expect("welcome");

        redis(false);
        say(annas, room, "Redis is gone");
        beside.await("chat_message");
        johns.await("chat_message");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ticket(one, anna).status()).isEqualTo(503));
        TestSocket later = open(two, anna, Role.CLIENT);
        assertThat(later.expect("welcome").at("/rooms/0/last_seq").asLong()).isEqualTo(1);

        toRedis.heal();
        typing(annas, room, johns);
    }

    @Test
    void without_postgresql_sends_are_unavailable_sockets_stay_open_and_all_goes_on_afterwards()
            throws Exception {
        long room = one.platform().book(job, anna, john);
        TestSocket annas = open(one, anna, Role.CLIENT);
        TestSocket johns = open(two, john, Role.CLEANER);
        annas.expect("welcome");
        johns.expect("welcome");
        say(annas, room, "before");
        johns.await("chat_message");

        postgres.stopImmediately();
        say(annas, room, "meanwhile");
        JsonNode error = annas.await("error");
        assertThat(error.get("code").asText()).isEqualTo("unavailable");
        assertThat(error.get("retryable").asBoolean()).isTrue();
        assertThat(error.get("client_id").asText()).isEqualTo("meanwhile");
        assertThat(two.platform().get("/health/ready", "").status()).isEqualTo(503);
        assertThat(two.platform().get("/health/live", "").status()).isEqualTo(200);
        postgres.startAgain();

        await().pollInterval(Duration.ofMillis(100))
                .atMost(PATIENCE)
                .until(
                        () -> {
                            say(annas, room, "meanwhile");
                            return johns.rest().stream()
                                    .anyMatch(f -> f.path("type").asText().equals("chat_message"));
                        });
        assertThat(annas.isOpen()).isTrue();
        assertThat(johns.isOpen()).isTrue();
        assertThat(one.platform().log(room, one.platform().token(anna, Role.CLIENT)))
                .extracting(m -> m.get("content").asText())
                .containsExactly("before", "meanwhile");
        // John heard it by Redis: his node's own way back may take a moment longer.
        await().atMost(PATIENCE)
                .until(() -> two.platform().get("/health/ready", "").status() == 200);
    }
}
