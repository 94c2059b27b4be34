package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class HistoryAndRoomsTest {
    private final ChatServer server = ChatServer.start();
    private long room;
    private Client anna;

    @BeforeEach
    void somebody_is_connected() {
        room = server.job("5", "anna", "john");
        anna = server.connect("anna:client");
        anna.next("welcome");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void say(int count) {
        for (int i = 1; i <= count; i++) {
            anna.say("message", "room", room, "message", "m" + i);
        }
        anna.await("chat_message", f -> f.get("message").get("seq").asLong() == count);
    }

    private static List<Long> seqs(JsonNode page) {
        List<Long> seqs = new ArrayList<>();
        page.get("results").forEach(m -> seqs.add(m.get("seq").asLong()));
        return seqs;
    }

    // --- search

    private static List<String> excerpts(JsonNode answer) {
        assertThat(answer.get("type").asText()).as("%s", answer).isEqualTo("search");
        List<String> excerpts = new ArrayList<>();
        answer.get("results").forEach(r -> excerpts.add(r.get("excerpt").asText()));
        return excerpts;
    }

    @Test
    void a_search_is_answered_to_the_asker_page_by_page_best_first() {
        anna.send(room, "monkeys");
        anna.send(room, "the key");
        JsonNode message = anna.send(room, "a Key").get("message");

        JsonNode first = anna.ask("search", "q", "key", "limit", 2);
        JsonNode second = anna.ask("search", "q", "key", "cursor", first.get("next").asText());

        assertThat(excerpts(first)).containsExactly("a Key", "the key");
        assertThat(first.at("/results/0/message")).isEqualTo(message);
        assertThat(first.at("/results/0/highlights").toString()).isEqualTo("[[2,5]]");
        assertThat(excerpts(second)).containsExactly("monkeys");
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void a_search_stays_in_the_rooms_of_the_asker_and_in_the_one_that_is_named() {
        long other = server.job("6", "anna", "max");
        anna.send(room, "key here");
        anna.send(other, "key there");
        Client john = server.connect("john:cleaner");

        assertThat(excerpts(john.ask("search", "q", "key"))).containsExactly("key here");
        assertThat(excerpts(anna.ask("search", "q", "key", "room", other)))
                .containsExactly("key there");
        assertThat(john.ask("search", "q", "key", "room", other).get("code").asText())
                .isEqualTo("not_found");
        assertThat(john.ask("search", "q", "key", "room", 987654321).get("code").asText())
                .isEqualTo("not_found");
    }

    @Test
    void on_a_rooms_own_address_a_search_stays_in_that_room() {
        long other = server.job("6", "anna", "max");
        anna.send(room, "key here");
        anna.send(other, "key there");
        Client one = server.connect("/ws/job_chat/6/", "anna:client");

        assertThat(excerpts(one.ask("search", "q", "key"))).containsExactly("key there");
        assertThat(one.ask("search", "q", "key", "room", room).get("detail").asText())
                .startsWith("room");
    }

    @ParameterizedTest(name = "q {0}")
    @CsvSource({"1", "''", "' '", "'?!'"})
    void a_search_for_nothing_is_invalid_and_names_q(String q) {
        JsonNode error = q.equals("1") ? anna.ask("search", "q", 1) : anna.ask("search", "q", q);
        assertThat(error.get("code").asText()).isEqualTo("invalid");
        assertThat(error.get("detail").asText()).startsWith("q:");
        assertThat(anna.ask("search").get("detail").asText()).startsWith("q:");
    }

    // --- history

    @ParameterizedTest(name = "{0} {1}, limit {2}: {3}–{4}, more before {5}, after {6}")
    @CsvSource({
        "none,0,0,11,60,true,false",
        "none,0,5,56,60,true,false",
        "none,0,500,1,60,false,false",
        "before_seq,11,5,6,10,true,true",
        "before_seq,4,5,1,3,false,true",
        "before_seq,9223372036854775807,2,59,60,true,false",
        "after_seq,0,3,1,3,false,true",
        "after_seq,58,5,59,60,true,false",
        "around_seq,30,5,28,32,true,true",
        "around_seq,1,5,1,3,false,true",
        "around_seq,9223372036854775807,5,58,60,true,false"
    })
    void a_page_of_history_lies_where_it_was_asked_for(
            String where, long seq, int limit, long from, long to, boolean before, boolean after) {
        say(60);
        List<Object> fields = new ArrayList<>(List.of("room", room));
        if (!where.equals("none")) {
            fields.addAll(List.of(where, seq));
        }
        if (limit > 0) {
            fields.addAll(List.of("limit", limit));
        }
        JsonNode page = anna.ask("history", fields.toArray());
        assertThat(page.get("type").asText()).isEqualTo("history");
        assertThat(page.get("room").asLong()).isEqualTo(room);
        List<Long> expected = new ArrayList<>();
        for (long s = from; s <= to; s++) {
            expected.add(s);
        }
        assertThat(seqs(page)).isEqualTo(expected);
        assertThat(page.get("has_more_before").asBoolean()).isEqualTo(before);
        assertThat(page.get("has_more_after").asBoolean()).isEqualTo(after);
    }

    @Test
    void a_page_holds_at_most_two_hundred() {
        say(210);
        assertThat(seqs(anna.ask("history", "room", room, "limit", 1_000))).hasSize(200);
    }

    @Test
    void an_empty_page_still_says_where_the_log_goes_on() {
        say(3);
        JsonNode before = anna.ask("history", "room", room, "before_seq", 1);
        assertThat(seqs(before)).isEmpty();
        assertThat(before.get("has_more_before").asBoolean()).isFalse();
        assertThat(before.get("has_more_after").asBoolean()).isTrue();
        JsonNode after = anna.ask("history", "room", room, "after_seq", 3);
        assertThat(seqs(after)).isEmpty();
        assertThat(after.get("has_more_before").asBoolean()).isTrue();
        assertThat(after.get("has_more_after").asBoolean()).isFalse();
    }

    @Test
    void two_positions_at_once_a_negative_one_and_a_limit_below_one_are_invalid() {
        assertInvalid("after_seq", "before_seq", 3, "after_seq", 1);
        assertInvalid("around_seq", "around_seq", 3, "after_seq", 1);
        assertInvalid("before_seq", "before_seq", -1);
        assertInvalid("limit", "limit", 0);
        assertInvalid("limit", "limit", -5);
        assertInvalid("limit", "limit", "many");
        assertInvalid("before_seq", "before_seq", 1.5);
    }

    private void assertInvalid(String field, Object... fields) {
        List<Object> all = new ArrayList<>(List.of("room", room));
        all.addAll(List.of(fields));
        JsonNode error = anna.ask("history", all.toArray());
        assertThat(error.path("code").asText()).as("%s", error).isEqualTo("invalid");
        assertThat(error.get("detail").asText()).startsWith(field);
    }

    // --- rooms

    @Test
    void rooms_come_in_pages_the_last_active_first_each_once() {
        Set<Long> mine = new HashSet<>(Set.of(room));
        for (int i = 0; i < 60; i++) {
            mine.add(server.job("more-" + i, "anna", ""));
        }
        Instant made = server.now().truncatedTo(ChronoUnit.MILLIS);
        // Not in the same millisecond: among equals the newer room comes first.
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> server.now().isAfter(made.plusMillis(1)));
        anna.say("message", "room", room, "message", "the latest");
        anna.await("chat_message");
        JsonNode welcome = server.connect("anna:client").next("welcome");
        assertThat(welcome.get("rooms")).hasSize(50);
        assertThat(welcome.get("rooms").get(0).get("id").asLong()).isEqualTo(room);
        Set<Long> seen = new HashSet<>();
        welcome.get("rooms").forEach(r -> assertThat(seen.add(r.get("id").asLong())).isTrue());
        JsonNode rest = anna.ask("rooms", "cursor", welcome.get("next").asText());
        rest.get("results").forEach(r -> assertThat(seen.add(r.get("id").asLong())).isTrue());
        assertThat(seen).isEqualTo(mine);
        assertThat(rest.get("next").isNull()).isTrue();
        assertThat(anna.ask("rooms", "limit", 1_000).get("results")).hasSize(61);
        assertThat(anna.ask("rooms", "limit", 2).get("results")).hasSize(2);
    }

    private static List<Long> ids(JsonNode answer) {
        assertThat(answer.get("type").asText()).as("%s", answer).isEqualTo("rooms");
        List<Long> ids = new ArrayList<>();
        answer.get("results").forEach(r -> ids.add(r.get("id").asLong()));
        return ids;
    }

    @Test
    void rooms_are_asked_for_by_their_type_and_by_whether_they_are_open() {
        long support = opened("room_type", "support");
        long lobby = opened("room_type", "general", "name", "lobby");
        server.job("5", "anna", "john", "done", Optional.of(false));

        assertThat(ids(anna.ask("rooms"))).containsExactlyInAnyOrder(room, support, lobby);
        assertThat(ids(anna.ask("rooms", "room_type", "support"))).containsExactly(support);
        assertThat(ids(anna.ask("rooms", "is_active", false))).containsExactly(room);
        assertThat(ids(anna.ask("rooms", "is_active", true, "room_type", "general")))
                .containsExactly(lobby);
        for (Object[] wrong :
                new Object[][] {
                    {"room_type", "party"}, {"is_active", "yes"}, {"scope", "own"}, {"scope", 1}
                }) {
            JsonNode error = anna.ask("rooms", wrong);
            assertThat(error.path("code").asText()).as("%s", error).isEqualTo("invalid");
            assertThat(error.get("detail").asText()).startsWith((String) wrong[0]);
        }
    }

    private long opened(Object... fields) {
        return anna.ask("open_room", fields).at("/room/id").asLong();
    }

    @Test
    void every_room_is_listed_for_an_admin_and_for_nobody_else() {
        long support = opened("room_type", "support");
        Client eve = server.connect("eve:admin");
        eve.next("welcome");

        assertThat(ids(eve.ask("rooms"))).isEmpty();
        assertThat(ids(eve.ask("rooms", "scope", "all"))).containsExactlyInAnyOrder(room, support);
        assertThat(ids(eve.ask("rooms", "scope", "all", "room_type", "support")))
                .containsExactly(support);
        assertThat(anna.ask("rooms", "scope", "all").get("code").asText()).isEqualTo("forbidden");

        server.role("eve", Role.CLIENT);
        assertThat(eve.ask("rooms", "scope", "all").get("code").asText()).isEqualTo("forbidden");
    }

    @Test
    void an_admin_closes_and_reopens_a_room_and_everybody_in_it_is_told() {
        long support = opened("room_type", "support");
        Client eve = server.connect("eve:admin");
        eve.next("welcome");

        JsonNode closed = eve.ask("close_room", "room", support);

        assertThat(closed.get("type").asText()).isEqualTo("room");
        assertThat(closed.at("/room/id").asLong()).isEqualTo(support);
        assertThat(closed.at("/room/is_active").asBoolean()).isFalse();
        anna.await("room", f -> !f.at("/room/is_active").asBoolean());
        assertThat(eve.ask("close_room", "room", support).at("/room/is_active").asBoolean())
                .isFalse();

        assertThat(eve.ask("reopen_room", "room", support).at("/room/is_active").asBoolean())
                .isTrue();
        anna.await("room", f -> f.at("/room/is_active").asBoolean());
        assertThat(anna.ask("close_room", "room", support).get("code").asText())
                .isEqualTo("forbidden");
        assertThat(eve.ask("close_room", "room", room).get("code").asText()).isEqualTo("forbidden");
        assertThat(eve.ask("close_room", "room", 4711).get("code").asText()).isEqualTo("not_found");
        assertThat(eve.ask("close_room").get("detail").asText()).startsWith("room");
    }

    @Test
    void on_a_rooms_own_address_that_room_is_closed() {
        Client eve = server.connect("/ws/chat/hall/", "eve:admin");
        eve.next("welcome");

        assertThat(eve.ask("close_room").at("/room/is_active").asBoolean()).isFalse();
        assertThat(eve.ask("close_room", "room", room).get("code").asText()).isEqualTo("invalid");
        assertThat(eve.ask("reopen_room").at("/room/is_active").asBoolean()).isTrue();
    }

    @Test
    void a_cursor_of_somebody_elses_making_is_invalid() {
        for (Object cursor : List.of("", "x", "AAAAAAAAAAAAAAAAAAAAAA", 7)) {
            JsonNode error = anna.ask("rooms", "cursor", cursor);
            assertThat(error.path("code").asText()).as("%s", error).isEqualTo("invalid");
            assertThat(error.get("detail").asText()).startsWith("cursor");
        }
    }

    @Test
    void a_room_is_shown_as_its_viewer_sees_it() {
        JsonNode shown = anna.ask("room", "room", room);
        assertThat(shown.get("type").asText()).isEqualTo("room");
        JsonNode view = shown.get("room");
        assertThat(view.get("name").asText()).isEqualTo("job_chat_5");
        assertThat(view.get("room_type").asText()).isEqualTo("job");
        assertThat(view.get("job").get("id").asLong()).isEqualTo(5);
        assertThat(view.get("participants")).hasSize(2);
        assertThat(view.get("is_active").asBoolean()).isTrue();
        assertThat(view.get("last_message").isNull()).isTrue();
        JsonNode error = anna.ask("room", "room", 4711);
        assertThat(error.get("code").asText()).isEqualTo("not_found");
    }

    // --- opening and leaving

    @Test
    void rooms_of_every_type_are_opened_once_and_found_again() {
        JsonNode main = anna.ask("open_room", "room_type", "job", "job_id", 5);
        assertThat(main.get("room").get("id").asLong()).isEqualTo(room);
        JsonNode further =
                anna.ask("open_room", "room_type", "job", "job_id", "5", "topic", "keys");
        assertThat(further.get("room").get("topic").asText()).isEqualTo("keys");
        assertThat(further.get("room").get("participants")).hasSize(2);
        JsonNode support = anna.ask("open_room", "room_type", "support", "job_id", 5);
        assertThat(support.get("room").get("room_type").asText()).isEqualTo("support");
        assertThat(support.get("room").get("job").get("id").asLong()).isEqualTo(5);
        JsonNode again = anna.ask("open_room", "room_type", "support", "job_id", 5);
        assertThat(again.get("room").get("id")).isEqualTo(support.get("room").get("id"));
        JsonNode lobby = anna.ask("open_room", "room_type", "general", "name", "lobby");
        assertThat(lobby.get("room").get("participants")).hasSize(1);
        assertThat(lobby.get("room").get("name").asText()).isEqualTo("lobby");
    }

    @Test
    void what_may_not_be_opened_is_refused_by_its_reason() {
        server.job("6", "carl", "");
        assertThat(code("room_type", "job", "job_id", 6)).isEqualTo("not_found");
        assertThat(code("room_type", "job", "job_id", 99)).isEqualTo("not_found");
        assertThat(code("room_type", "support", "user_id", "john")).isEqualTo("forbidden");
        assertThat(code("room_type", "support", "job_id", 6)).isEqualTo("not_found");
        assertThat(code("room_type", "party")).isEqualTo("invalid");
        assertThat(code("room_type", "general")).isEqualTo("invalid");
        assertThat(code("room_type", "general", "name", "a/b")).isEqualTo("invalid");
        assertThat(code("room_type", "general", "name", "x".repeat(101))).isEqualTo("invalid");
        assertThat(code("room_type", "job")).isEqualTo("invalid");
        assertThat(code()).isEqualTo("invalid");
        server.job("5", "anna", "john", "done", Optional.of(false));
        assertThat(code("room_type", "job", "job_id", 5, "topic", "late")).isEqualTo("room_closed");
        JsonNode closed = anna.ask("open_room", "room_type", "job", "job_id", 5);
        assertThat(closed.get("room").get("is_active").asBoolean()).isFalse();
    }

    private String code(Object... fields) {
        return anna.ask("open_room", fields).path("code").asText();
    }

    @Test
    void an_admin_opens_a_support_room_for_somebody() {
        Client eve = server.connect("eve:admin");
        eve.next("welcome");
        JsonNode opened = eve.ask("open_room", "room_type", "support", "user_id", "anna");
        assertThat(opened.get("room").get("participants").get(0).get("user").get("id").asText())
                .isEqualTo("anna");
        JsonNode shown = anna.await("room");
        assertThat(shown.get("room").get("id")).isEqualTo(opened.get("room").get("id"));
    }

    @Test
    void a_general_room_is_left_and_leaving_again_is_answered_too() {
        long lobby =
                anna.ask("open_room", "room_type", "general", "name", "lobby")
                        .get("room")
                        .get("id")
                        .asLong();
        anna.say("leave_room", "room", lobby);
        JsonNode left = anna.await("room_left");
        assertThat(left.get("room").asLong()).isEqualTo(lobby);
        anna.say("leave_room", "room", lobby);
        assertThat(anna.await("room_left").get("room").asLong()).isEqualTo(lobby);
        Client john = server.connect("/ws/chat/lobby/", "john:cleaner");
        john.next("welcome");
        john.send(lobby, "anybody?");
        anna.ask("ping");
        assertThat(anna.seen()).noneMatch(f -> f.get("type").asText().equals("chat_message"));
    }

    @Test
    void a_jobs_room_is_not_left() {
        assertThat(anna.ask("leave_room", "room", room).get("code").asText())
                .isEqualTo("forbidden");
    }

    @Test
    void leaving_right_after_opening_is_answered() {
        for (int i = 0; i < 30; i++) {
            long hall =
                    anna.ask("open_room", "room_type", "general", "name", "hall-" + i)
                            .get("room")
                            .get("id")
                            .asLong();
            anna.say("leave_room", "room", hall);
            anna.await("room_left", f -> f.get("room").asLong() == hall);
        }
    }

    @Test
    void a_room_that_is_left_while_it_is_still_being_entered_is_left_in_the_end() throws Exception {
        CountDownLatch entering = new CountDownLatch(1);
        CompletableFuture<Void> followed = new CompletableFuture<>();
        AtomicBoolean slow = new AtomicBoolean();
        ChatServer.Options o = ChatServer.options();
        try (InProcessEventBus bus = new InProcessEventBus();
                ChatServer server =
                        new ChatServer(
                                new ChatServer.Options(
                                        o.time(),
                                        o.connectionsPerUser(),
                                        Optional.of(following(bus, slow, entering, followed)),
                                        o.settings()))) {
            Client anna = server.connect("anna:client");
            anna.next("welcome");
            Client john = server.connect("/ws/chat/hall/", "john:cleaner");
            john.next("welcome");
            slow.set(true);
            long hall =
                    anna.ask("open_room", "room_type", "general", "name", "hall")
                            .at("/room/id")
                            .asLong();
            assertThat(entering.await(20, TimeUnit.SECONDS)).isTrue();
            anna.say("leave_room", "room", hall);
            // The record has it at once, or once the room was entered: it may not be that nobody
            // tells of it.
            for (int i = 0; i < 50 && isIn(server, hall, "anna"); i++) {
                Thread.sleep(10);
            }
            followed.complete(null);

            assertThat(anna.await("room_left").get("room").asLong()).isEqualTo(hall);
            assertThat(isIn(server, hall, "anna")).isFalse();
        }
    }

    private static boolean isIn(ChatServer server, long room, String user) {
        return server.store
                .rooms()
                .seat(new RoomId(room), new UserId(user))
                .filter(seat -> seat.membership().isIn())
                .isPresent();
    }

    /** A bus that takes its time to follow a room, once it is slow. */
    private static EventBus following(
            EventBus bus, AtomicBoolean slow, CountDownLatch asked, CompletableFuture<Void> done) {
        return new ForwardingBus(bus) {
            @Override
            public CompletionStage<Void> follow(RoomId room) {
                if (!slow.get()) {
                    return super.follow(room);
                }
                asked.countDown();
                return done;
            }
        };
    }

    @Test
    void writing_right_after_opening_is_echoed_and_the_room_comes_too() {
        for (int i = 0; i < 30; i++) {
            long hall =
                    anna.ask("open_room", "room_type", "general", "name", "room-" + i)
                            .get("room")
                            .get("id")
                            .asLong();
            anna.send(hall, "first");
        }
    }

    @Test
    void support_about_a_job_stays_open_to_who_opened_it_and_is_new_to_nobody_who_lost_the_job() {
        server.job("5", "anna", "john");
        Client john = server.connect("john:cleaner");
        john.next("welcome");
        JsonNode opened = john.ask("open_room", "room_type", "support", "job_id", 5);
        assertThat(opened.at("/room/participants/0/role").asText()).isEqualTo("cleaner");

        server.job("5", "anna", "");

        JsonNode again = john.ask("open_room", "room_type", "support", "job_id", 5);
        assertThat(again.at("/room/id")).isEqualTo(opened.at("/room/id"));
        JsonNode another =
                john.ask("open_room", "room_type", "support", "job_id", 5, "topic", "late");
        assertThat(another.get("code").asText()).isEqualTo("not_found");
    }

    @Test
    void a_limit_of_any_length_is_cut_to_its_bound() {
        Client john = server.connect("john:cleaner");
        john.next("welcome");
        for (String limit : new String[] {"9223372036854775808", "9".repeat(60)}) {
            JsonNode rooms = john.ask("rooms", "limit", new BigInteger(limit));
            assertThat(rooms.get("type").asText()).isEqualTo("rooms");
        }
        for (Object limit : new Object[] {new BigInteger("-9223372036854775809"), 0, 1.5, "5"}) {
            assertThat(john.ask("rooms", "limit", limit).get("code").asText()).isEqualTo("invalid");
        }
    }
}
