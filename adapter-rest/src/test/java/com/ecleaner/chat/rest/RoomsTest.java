package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.rest.Door.Reply;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class RoomsTest {
    private final Door door = new Door();
    private final Given given = door.given;
    private final Somebody anna = given.client("anna");
    private final Somebody john = given.cleaner("john");
    private final Somebody eve = given.client("eve");
    private final Somebody admin = given.admin("admin");

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void a_room_says_what_the_contract_says_of_it() {
        Somebody carl = given.somebody(new UserId("26"), "carl", Role.CLEANER);
        Talk room = given.job("5").client(anna).cleaner(carl).booked();
        room.say(anna, "Hello");
        room.say(anna, "Are you there?");
        room.read(carl, 1);
        door.seen.put(carl.id(), new Presence.Seen(true, Optional.empty()));
        door.seen.put(
                anna.id(),
                new Presence.Seen(false, Optional.of(Instant.parse("2025-10-25T08:00:00Z"))));

        Reply reply = door.as(carl).get(Door.rooms(room.id(), ""));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(names(reply.json()))
                .containsExactly(
                        "id",
                        "name",
                        "room_type",
                        "topic",
                        "job",
                        "participants",
                        "participant_count",
                        "created_at",
                        "updated_at",
                        "is_active",
                        "version",
                        "last_seq",
                        "last_read_seq",
                        "unread_count",
                        "last_message");
        assertThat(reply.at("/room_type").asText()).isEqualTo("job");
        assertThat(reply.at("/topic").isNull()).isTrue();
        assertThat(reply.at("/job/status").asText()).isEqualTo("assigned");
        assertThat(reply.at("/last_seq").asInt()).isEqualTo(2);
        assertThat(reply.at("/last_read_seq").asInt()).isEqualTo(1);
        assertThat(reply.at("/unread_count").asInt()).isEqualTo(1);
        assertThat(reply.at("/last_message/content").asText()).isEqualTo("Are you there?");
        JsonNode annas = participant(reply, "client");
        JsonNode carls = participant(reply, "cleaner");
        assertThat(carls.at("/user/id").isNumber()).isTrue();
        assertThat(carls.at("/user/id").asLong()).isEqualTo(26);
        assertThat(carls.at("/is_online").asBoolean()).isTrue();
        assertThat(carls.at("/last_seen").isNull()).isTrue();
        assertThat(annas.at("/user/id").asText()).isEqualTo(anna.id().value());
        assertThat(annas.at("/last_seen").asText()).isEqualTo("2025-10-25T08:00:00.000Z");
    }

    @Test
    void an_address_is_served_with_and_without_its_trailing_slash() {
        Talk room = given.support(anna);

        assertThat(door.as(anna).get("/chat/rooms/" + room.id()).status()).isEqualTo(200);
        assertThat(door.as(anna).get("/chat/rooms/" + room.id() + "/").status()).isEqualTo(200);
        assertThat(door.as(anna).get("/chat/rooms").status()).isEqualTo(200);
        assertThat(door.as(anna).get("/chat/rooms/").status()).isEqualTo(200);
    }

    @Test
    void rooms_are_listed_latest_first_page_by_page_without_a_gap_or_a_repeat() {
        List<Long> opened = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Talk room = given.job("job-" + i).client(anna).cleaner(john).booked();
            room.say(john, "Hello");
            opened.addFirst(room.id().value());
        }

        List<Reply> pages = door.as(anna).pages("/chat/rooms/?limit=2");

        assertThat(pages).hasSize(3);
        assertThat(pages).allMatch(page -> page.at("/total_unread").asInt() == 5);
        assertThat(pages.stream().flatMap(page -> ids(page).stream()).toList()).isEqualTo(opened);
    }

    @Test
    void the_list_is_narrowed_by_type_and_state() {
        given.job("5").client(anna).cleaner(john).booked();
        Talk support = given.support(anna);
        support.close(admin);

        assertThat(ids(door.as(anna).get("/chat/rooms/?room_type=support")))
                .containsExactly(support.id().value());
        assertThat(ids(door.as(anna).get("/chat/rooms/?is_active=false")))
                .containsExactly(support.id().value());
        assertThat(ids(door.as(anna).get("/chat/rooms/?room_type=support&is_active=true")))
                .isEmpty();
    }

    @Test
    void an_admin_sees_the_support_queue_and_nobody_else_does() {
        Talk support = given.support(anna);
        String queue = "/chat/rooms/?scope=all&room_type=support&is_active=true";

        assertThat(ids(door.as(admin).get(queue))).containsExactly(support.id().value());
        assertThat(ids(door.as(admin).get("/chat/rooms/"))).isEmpty();
        assertThat(door.as(anna).get(queue).problem()).isEqualTo("403 forbidden");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=abc, limit",
        "limit=0, limit",
        "limit=-5, limit",
        "limit=, limit",
        "limit=1.5, limit",
        "limit=1&limit=2, limit",
        "cursor=garbage, cursor",
        "cursor=, cursor",
        "cursor=%00, cursor",
        "room_type=kitchen, room_type",
        "room_type=JOB, room_type",
        "is_active=yes, is_active",
        "is_active=true&is_active=true, is_active",
        "scope=mine, scope"
    })
    void a_parameter_that_is_wrong_is_named(String query, String field) {
        assertThat(door.as(anna).get("/chat/rooms/?" + query).problem())
                .isEqualTo("422 invalid " + field);
    }

    @Test
    void a_limit_above_its_bound_is_cut_and_unknown_parameters_are_ignored() {
        given.support(anna);

        for (String limit : List.of("101", "9223372036854775808", "9".repeat(40))) {
            assertThat(ids(door.as(anna).get("/chat/rooms/?sort=x&limit=" + limit))).hasSize(1);
        }
    }

    @Test
    void opening_makes_a_room_once_and_finds_it_afterwards() {
        String general = "{\"room_type\":\"general\",\"name\":\"lobby\"}";

        Reply made = door.as(anna).post("/chat/rooms/", general);
        Reply found = door.as(john).post("/chat/rooms/", general);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location"))
                .isEqualTo("/chat/rooms/" + made.at("/id").asLong() + "/");
        assertThat(made.at("/name").asText()).isEqualTo("lobby");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.at("/id")).isEqualTo(made.at("/id"));
        assertThat(found.at("/participant_count").asInt()).isEqualTo(2);
    }

    @Test
    void a_job_has_further_rooms_by_topic_for_its_people_alone() {
        given.job("5").client(anna).cleaner(john).booked();
        String keys =
                "{\"room_type\":\"job\",\"job_id\":\"%s\",\"topic\":\"keys\"}"
                        .formatted(given.unique("5"));

        Reply made = door.as(john).post("/chat/rooms/", keys);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.at("/topic").asText()).isEqualTo("keys");
        assertThat(door.as(eve).post("/chat/rooms/", keys).problem()).isEqualTo("404 not_found");
    }

    @Test
    void a_job_id_is_a_number_or_text_alike() {
        door.as(given.platform())
                .put(
                        "/platform/jobs/77/",
                        """
                        {"title":"Kitchen","status":"assigned",
                         "client":{"id":"%s","username":"anna","first_name":"Anna"}}
                        """
                                .formatted(anna.id()));

        Reply byNumber =
                door.as(anna).post("/chat/rooms/", "{\"room_type\":\"job\",\"job_id\":77}");
        Reply byText =
                door.as(anna).post("/chat/rooms/", "{\"room_type\":\"job\",\"job_id\":\"77\"}");

        assertThat(byNumber.status()).isEqualTo(200);
        assertThat(byText.at("/id")).isEqualTo(byNumber.at("/id"));
        assertThat(byText.at("/job/id").isNumber()).isTrue();
        assertThat(byText.at("/name").asText()).isEqualTo("job_chat_77");
    }

    @Test
    void a_further_room_in_a_closed_job_is_refused_as_closed() {
        given.job("5").client(anna).active(false).booked();

        assertThat(
                        door.as(anna)
                                .post(
                                        "/chat/rooms/",
                                        "{\"room_type\":\"job\",\"job_id\":\"%s\",\"topic\":\"x\"}"
                                                .formatted(given.unique("5")))
                                .problem())
                .isEqualTo("409 room_closed");
    }

    @Test
    void support_is_opened_for_oneself_and_by_an_admin_for_somebody() {
        Reply own = door.as(anna).post("/chat/rooms/", "{\"room_type\":\"support\"}");
        String annas = "{\"room_type\":\"support\",\"user_id\":\"%s\"}".formatted(anna.id());

        assertThat(own.status()).isEqualTo(201);
        assertThat(door.as(admin).post("/chat/rooms/", annas).at("/id")).isEqualTo(own.at("/id"));
        assertThat(door.as(eve).post("/chat/rooms/", annas).problem()).isEqualTo("403 forbidden");
        assertThat(
                        door.as(admin)
                                .post(
                                        "/chat/rooms/",
                                        "{\"room_type\":\"support\",\"user_id\":\"ghost\"}")
                                .problem())
                .isEqualTo("404 not_found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|room_type",
                "{\"room_type\":null}|room_type",
                "{\"room_type\":7}|room_type",
                "{\"room_type\":\"kitchen\"}|room_type",
                "{\"room_type\":\"job\"}|job_id",
                "{\"room_type\":\"job\",\"job_id\":true}|job_id",
                "{\"room_type\":\"job\",\"job_id\":1.5}|job_id",
                "{\"room_type\":\"job\",\"job_id\":-1}|job_id",
                "{\"room_type\":\"job\",\"job_id\":9007199254740992}|job_id",
                "{\"room_type\":\"job\",\"job_id\":\"\"}|job_id",
                "{\"room_type\":\"general\"}|name",
                "{\"room_type\":\"general\",\"name\":\"a/b\"}|name",
                "{\"room_type\":\"general\",\"name\":\"a\\u0000b\"}|name",
                "{\"room_type\":\"general\",\"name\":\"a\\u202eb\"}|name",
                "{\"room_type\":\"general\",\"name\":\"\\ud800\"}|name",
                "{\"room_type\":\"general\",\"name\":\" \"}|name",
                "{\"room_type\":\"support\",\"topic\":[]}|topic",
                "{\"room_type\":\"support\",\"topic\":\"\"}|topic",
                "{\"room_type\":\"support\",\"user_id\":{}}|user_id"
            })
    void what_cannot_be_opened_names_the_field(String json, String field) {
        assertThat(door.as(anna).post("/chat/rooms/", json).problem())
                .isEqualTo("422 invalid " + field);
    }

    @Test
    void an_admin_closes_and_reopens_support_and_a_job_follows_its_job() {
        Talk support = given.support(anna);
        Talk job = given.job("5").client(anna).booked();

        assertThat(
                        door.as(admin)
                                .post(Door.rooms(support.id(), "close/"))
                                .at("/is_active")
                                .asBoolean(true))
                .isFalse();
        assertThat(
                        door.as(admin)
                                .post(Door.rooms(support.id(), "reopen/"))
                                .at("/is_active")
                                .asBoolean(false))
                .isTrue();
        assertThat(door.as(anna).post(Door.rooms(support.id(), "close/")).problem())
                .isEqualTo("403 forbidden");
        assertThat(door.as(admin).post(Door.rooms(job.id(), "close/")).problem())
                .isEqualTo("403 forbidden");
        assertThat(door.as(eve).post(Door.rooms(support.id(), "close/")).problem())
                .isEqualTo("404 not_found");
    }

    @Test
    void reading_moves_the_mark_forward_only_and_not_beyond_the_end() {
        Talk room = given.job("5").client(anna).cleaner(john).booked();
        room.say(john, "1");
        room.say(john, "2");
        String read = Door.rooms(room.id(), "read/");

        assertThat(door.as(anna).post(read, "{\"up_to_seq\":1}").body())
                .isEqualTo("{\"last_read_seq\":1,\"unread_count\":1}");
        assertThat(door.as(anna).post(read, "{\"up_to_seq\":0}").body())
                .isEqualTo("{\"last_read_seq\":1,\"unread_count\":1}");
        assertThat(door.as(anna).post(read, "{\"up_to_seq\":9223372036854775807}").body())
                .isEqualTo("{\"last_read_seq\":2,\"unread_count\":0}");
        assertThat(door.as(admin).post(read, "{\"up_to_seq\":2}").body())
                .isEqualTo("{\"last_read_seq\":0,\"unread_count\":0}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{\"up_to_seq\":null}",
                "{\"up_to_seq\":\"1\"}",
                "{\"up_to_seq\":1.0}",
                "{\"up_to_seq\":1e3}",
                "{\"up_to_seq\":true}",
                "{\"up_to_seq\":[1]}",
                "{\"up_to_seq\":-1}",
                "{\"up_to_seq\":9223372036854775808}"
            })
    void a_mark_that_is_no_whole_number_is_refused_by_name(String json) {
        Talk room = given.support(anna);

        Reply reply = door.as(anna).post(Door.rooms(room.id(), "read/"), json);

        assertThat(reply.problem()).isEqualTo("422 invalid up_to_seq");
        assertThat(reply.at("/detail").asText()).startsWith("up_to_seq: ");
    }

    @ParameterizedTest
    @CsvSource({
        "0",
        "-1",
        "007",
        "1.0",
        "1e3",
        "abc",
        "99999999999999999999",
        "9223372036854775807",
        "%31x"
    })
    void what_is_no_rooms_number_is_no_room(String id) {
        Reply reply = door.as(anna).get("/chat/rooms/" + id + "/");

        assertThat(reply.problem()).isEqualTo("404 not_found");
        assertThat(reply.at("/detail").asText()).isEqualTo("no such room");
    }

    private static JsonNode participant(Reply room, String role) {
        for (JsonNode participant : room.at("/participants")) {
            if (participant.path("role").asText().equals(role)) {
                return participant;
            }
        }
        throw new AssertionError("nobody is " + role);
    }

    private static List<Long> ids(Reply list) {
        assertThat(list.status()).isEqualTo(200);
        List<Long> ids = new ArrayList<>();
        list.at("/results").forEach(room -> ids.add(room.path("id").asLong()));
        return ids;
    }

    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
