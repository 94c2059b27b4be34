package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.rest.Door.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

class PlatformTest {
    private static final String JOB =
            """
            {"title":"Kitchen, 3 h","status":"assigned",
             "client":{"id":17,"username":"anna","first_name":"Anna"},
             "cleaner":{"id":"26","username":"john","first_name":"John"}}
            """;

    private final Door door = new Door();
    private final Given given = door.given;
    private final Somebody platform = given.platform();
    private final Somebody anna = given.somebody(new UserId("17"), "anna", Role.CLIENT);
    private final Somebody john = given.somebody(new UserId("26"), "john", Role.CLEANER);

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void a_job_is_made_with_its_room_and_kept_up_to_date() {
        Reply made = door.as(platform).put("/platform/jobs/5/", JOB);

        assertThat(made.status()).isEqualTo(201);
        long room = made.at("/room").asLong();
        assertThat(made.body())
                .isEqualTo(
                        "{\"id\":5,\"title\":\"Kitchen, 3 h\",\"status\":\"assigned\","
                                + "\"is_active\":true,\"client\":17,\"cleaner\":26,\"room\":"
                                + room
                                + "}");
        assertThat(door.as(john).get("/chat/rooms/" + room + "/").at("/name").asText())
                .isEqualTo("job_chat_5");

        Reply changed =
                door.as(platform).put("/platform/jobs/5", JOB.replace("assigned", "in_progress"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.at("/room").asLong()).isEqualTo(room);
        Reply page = door.as(anna).get("/chat/rooms/" + room + "/messages/");
        assertThat(page.at("/results/0/message_type").asText()).isEqualTo("job_update");
        assertThat(page.at("/results/0/data").toString())
                .isEqualTo("{\"status\":{\"from\":\"assigned\",\"to\":\"in_progress\"}}");
    }

    @Test
    void a_cleaner_who_was_unassigned_can_no_longer_read_the_room() {
        long room = door.as(platform).put("/platform/jobs/5/", JOB).at("/room").asLong();
        String page = "/chat/rooms/" + room + "/messages/";
        assertThat(door.as(john).get(page).status()).isEqualTo(200);

        Reply unassigned =
                door.as(platform)
                        .put(
                                "/platform/jobs/5/",
                                """
                                {"title":"t","status":"assigned","cleaner":null,
                                 "client":{"id":17,"username":"anna","first_name":"Anna"}}
                                """);

        assertThat(unassigned.at("/cleaner").isNull()).isTrue();
        assertThat(door.as(john).get(page).problem()).isEqualTo("404 not_found");
        assertThat(door.as(anna).get(page).status()).isEqualTo(200);
    }

    @Test
    void a_job_without_anybody_is_a_job() {
        Reply made =
                door.as(platform)
                        .put(
                                "/platform/jobs/empty/",
                                "{\"title\":\"\",\"status\":\"open\",\"client\":null,"
                                        + "\"is_active\":false}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.at("/id").asText()).isEqualTo("empty");
        assertThat(made.at("/is_active").asBoolean(true)).isFalse();
        assertThat(made.at("/client").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|title",
                "{\"title\":5}|title",
                "{\"title\":\"t\"}|status",
                "{\"title\":\"t\",\"status\":\"\",\"client\":null}|status",
                "{\"title\":\"t\",\"status\":\"s\"}|client",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":17}|client",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":{}}|client.id",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":{\"id\":\"\"}}|client.id",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":{\"id\":1.5}}|client.id",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":{\"id\":1}}|client.username",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":{\"id\":1,\"username\":2}}|client.username",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":{\"id\":1,\"username\":\"a\"}}|client.first_name",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":null,\"cleaner\":[]}|cleaner",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":null,\"cleaner\":{\"id\":null}}|cleaner.id",
                "{\"title\":\"t\",\"status\":\"s\",\"client\":null,\"is_active\":\"no\"}|is_active",
                "{\"title\":\"a\\u0000\",\"status\":\"s\",\"client\":null}|title"
            })
    void a_job_that_lacks_something_names_it(String json, String field) {
        assertThat(door.as(platform).put("/platform/jobs/5/", json).problem())
                .isEqualTo("422 invalid " + field);
    }

    @Test
    void the_same_person_cannot_be_client_and_cleaner() {
        String both = JOB.replace("\"26\"", "17");

        assertThat(door.as(platform).put("/platform/jobs/5/", both).problem())
                .isEqualTo("422 invalid cleaner");
    }

    @Test
    void a_user_is_written_and_the_platforms_word_beats_the_token() {
        Reply written =
                door.as(platform)
                        .put(
                                "/platform/users/26/",
                                "{\"username\":\"jo\\u202ehn\",\"first_name\":\"\",\"role\":\"admin\"}");

        assertThat(written.status()).isEqualTo(200);
        assertThat(written.body())
                .isEqualTo(
                        "{\"id\":26,\"username\":\"john\",\"first_name\":\"\",\"role\":\"admin\"}");
        assertThat(door.as(john).get("/chat/rooms/?scope=all").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|username",
                "{\"username\":1}|username",
                "{\"username\":\"a\"}|first_name",
                "{\"username\":\"a\",\"first_name\":\"b\"}|role",
                "{\"username\":\"a\",\"first_name\":\"b\",\"role\":\"king\"}|role",
                "{\"username\":\"a\",\"first_name\":\"b\",\"role\":true}|role"
            })
    void a_user_who_lacks_something_names_it(String json, String field) {
        assertThat(door.as(platform).put("/platform/users/9/", json).problem())
                .isEqualTo("422 invalid " + field);
    }

    @Test
    void an_erased_user_has_no_name_no_messages_and_no_token_any_more() {
        RoomId room =
                new RoomId(door.as(platform).put("/platform/jobs/5/", JOB).at("/room").asLong());
        door.as(john).post(Door.rooms(room, "send_message/"), "{\"message\":\"my address is\"}");

        assertThat(door.as(platform).delete("/platform/users/26/").status()).isEqualTo(204);
        assertThat(door.as(platform).delete("/platform/users/26/").status()).isEqualTo(204);
        assertThat(door.as(platform).delete("/platform/users/never-seen/").status()).isEqualTo(204);

        Reply page = door.as(anna).get(Door.rooms(room, "messages/"));
        assertThat(page.at("/results/0/content").asText()).isEmpty();
        assertThat(page.at("/results/0/sender").toString())
                .isEqualTo("{\"id\":26,\"username\":\"\",\"first_name\":\"\"}");
        assertThat(door.as(john).get("/chat/rooms/").status()).isEqualTo(401);
        assertThat(
                        door.as(platform)
                                .put(
                                        "/platform/users/26/",
                                        "{\"username\":\"a\",\"first_name\":\"b\",\"role\":\"client\"}")
                                .problem())
                .isEqualTo("404 not_found");
        assertThat(door.as(platform).put("/platform/jobs/5/", JOB).problem())
                .isEqualTo("422 invalid cleaner");
    }

    @Test
    void an_erasure_is_answered_with_what_it_removed_where_that_is_preferred() {
        RoomId room =
                new RoomId(door.as(platform).put("/platform/jobs/5/", JOB).at("/room").asLong());
        Reply sent =
                door.as(john).post(Door.rooms(room, "send_message/"), "{\"message\":\"secret\"}");
        door.as(john).post(Door.rooms(room, "send_message/"), "{\"message\":\"more\"}");
        String message = Door.rooms(room, "messages/" + sent.at("/id").asLong() + "/");
        door.as(john).patch(message, "{\"message\":\"secret again\"}");
        String[] prefer = {"Prefer", "respond-async, return=representation"};

        Reply report =
                door.as(platform).send("DELETE", "/platform/users/26/", Optional.empty(), prefer);
        Reply again =
                door.as(platform).send("DELETE", "/platform/users/26/", Optional.empty(), prefer);

        assertThat(report.status()).isEqualTo(200);
        assertThat(report.header("Preference-Applied")).isEqualTo("return=representation");
        assertThat(report.body())
                .isEqualTo("{\"id\":26,\"rooms\":1,\"messages\":2,\"edits\":1,\"files\":0}");
        assertThat(again.body())
                .isEqualTo("{\"id\":26,\"rooms\":0,\"messages\":0,\"edits\":0,\"files\":0}");
        assertThat(door.as(anna).get(message + "edits/").at("/results")).isEmpty();
        assertThat(door.as(anna).get("/chat/search/?q=secret").at("/results")).isEmpty();
    }

    @Test
    void the_platform_speaks_in_a_room_and_a_repeat_is_one_message() {
        Talk room = given.support(anna);
        String address = "/platform/rooms/" + room.id() + "/messages/";
        String said = "{\"message\":\"We are closed on Sunday\",\"client_id\":\"n-1\"}";

        Reply first = door.as(platform).post(address, said);
        Reply again = door.as(platform).post(address, said);

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.at("/message_type").asText()).isEqualTo("system");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
    }

    @Test
    void a_job_update_is_facts_in_their_order_with_or_without_words() {
        Talk room = given.support(anna);
        String data =
                "{\"price\":{\"from\":\"50 €\",\"to\":\"60"
                        + " €\"},\"note\":{\"from\":\"\",\"to\":\"x\"}}";

        Reply reply =
                door.as(platform)
                        .post(
                                "/platform/rooms/" + room.id() + "/messages/",
                                "{\"data\":" + data + "}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.at("/message_type").asText()).isEqualTo("job_update");
        assertThat(reply.at("/content").asText()).isEmpty();
        assertThat(reply.at("/data").toString()).isEqualTo(data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|message",
                "{\"message\":\"a\",\"message_type\":\"text\"}|message_type",
                "{\"message\":\"a\",\"message_type\":\"image\"}|message_type",
                "{\"message\":\"a\",\"data\":[]}|data",
                "{\"message\":\"a\",\"data\":{}}|data",
                "{\"message\":\"a\",\"data\":{\"status\":\"x\"}}|data.status",
                "{\"message\":\"a\",\"data\":{\"status\":null}}|data.status",
                "{\"message\":\"a\",\"data\":{\"status\":{\"from\":1}}}|data.status.from",
                "{\"message\":\"a\",\"data\":{\"status\":{\"to\":{}}}}|data.status.to",
                "{\"message\":\"a\",\"message_type\":\"system\",\"data\":{\"s\":{\"from\":\"a\"}}}|data"
            })
    void a_platform_message_that_is_wrong_names_the_field(String json, String field) {
        Talk room = given.support(anna);

        assertThat(
                        door.as(platform)
                                .post("/platform/rooms/" + room.id() + "/messages/", json)
                                .problem())
                .isEqualTo("422 invalid " + field);
    }

    @Test
    void nobody_but_the_platform_gets_past_its_door_whatever_they_send() {
        Talk room = given.support(anna);
        Somebody admin = given.admin("admin");
        for (Somebody who : List.of(anna, john, admin)) {
            Door.As as = door.as(who);
            assertThat(as.put("/platform/users/26/", "{}").problem()).isEqualTo("403 forbidden");
            assertThat(as.delete("/platform/users/26/").problem()).isEqualTo("403 forbidden");
            assertThat(as.put("/platform/jobs/5/", "not json").problem())
                    .isEqualTo("403 forbidden");
            for (String id : List.of(room.id().toString(), "424242", "x")) {
                assertThat(as.post("/platform/rooms/" + id + "/messages/", "{}").problem())
                        .isEqualTo("403 forbidden");
            }
        }
        assertThat(door.nobody().put("/platform/users/26/", "{}").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "%2e%2e, ..",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd, ../../etc/passwd",
        "a%2Fb, a/b",
        "a%20b, a b",
        "J%C3%BCrgen, Jürgen",
        "%22%3Cscript%3E, \"\"\"<script>\""
    })
    void an_id_is_opaque_text_whatever_it_looks_like(String segment, String id) {
        String user = "{\"username\":\"a\",\"first_name\":\"b\",\"role\":\"client\"}";

        Reply reply = door.as(platform).put("/platform/users/" + segment + "/", user);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.at("/id").asText())
                .isEqualTo(id.replace("\"\"\"", "\"").replace(">\"", ">"));
    }

    @ParameterizedTest
    @CsvSource({"%00", "%ff%fe", "a%0ab", "%20"})
    void an_id_that_is_no_text_is_refused_by_name(String segment) {
        assertThat(
                        door.as(platform)
                                .send(
                                        "DELETE",
                                        "/platform/users/" + segment + "/",
                                        Optional.empty())
                                .problem())
                .isEqualTo("422 invalid user_id");
    }

    @Test
    void an_id_has_at_most_sixty_four_characters() {
        assertThat(door.as(platform).delete("/platform/users/" + "x".repeat(64)).status())
                .isEqualTo(204);
        assertThat(door.as(platform).delete("/platform/users/" + "x".repeat(65)).problem())
                .isEqualTo("422 invalid user_id");
    }
}
