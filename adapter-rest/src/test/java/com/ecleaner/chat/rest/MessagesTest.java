package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.rest.Door.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class MessagesTest {
    private final Door door = new Door();
    private final Given given = door.given;
    private final Somebody anna = given.client("anna");
    private final Somebody john = given.cleaner("john");
    private final Somebody eve = given.client("eve");
    private final Somebody admin = given.admin("admin");
    private final Talk room = given.job("5").client(anna).cleaner(john).booked();
    private final String send = Door.rooms(room.id(), "send_message/");
    private final String messages = Door.rooms(room.id(), "messages/");

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void what_is_sent_is_answered_as_the_message_it_became() {
        Reply reply =
                door.as(anna)
                        .post(
                                send,
                                """
                                {"message":"Hello \\u263a \\ud83d\\udc4b\\n<b>'; drop table rooms; --",
                                 "client_id":"c-1","id":999,"seq":77,"sender":{"id":1},
                                 "timestamp":"1999-01-01T00:00:00Z"}
                                """);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(RoomsTest.names(reply.json()))
                .containsExactly(
                        "id",
                        "sender",
                        "content",
                        "timestamp",
                        "message_type",
                        "is_read",
                        "room",
                        "seq",
                        "client_id",
                        "reply_to",
                        "attachment",
                        "data",
                        "edited_at",
                        "deleted_at");
        assertThat(reply.at("/content").asText())
                .isEqualTo("Hello ☺ 👋\n<b>'; drop table rooms; --");
        assertThat(reply.at("/seq").asInt()).isEqualTo(1);
        assertThat(reply.at("/id").asInt()).isNotEqualTo(999);
        assertThat(reply.at("/sender/id").asText()).isEqualTo(anna.id().value());
        assertThat(reply.at("/timestamp").asText()).startsWith("2025-10-26T");
        assertThat(reply.at("/client_id").asText()).isEqualTo("c-1");
        assertThat(reply.at("/attachment").isNull()).isTrue();
    }

    @Test
    void the_same_client_id_is_answered_with_the_first_message_whatever_it_says_now() {
        Reply first = door.as(anna).post(send, "{\"message\":\"one\",\"client_id\":\"c\"}");
        Reply again = door.as(anna).post(send, "{\"message\":\"two\",\"client_id\":\"c\"}");
        Reply others = door.as(john).post(send, "{\"message\":\"mine\",\"client_id\":\"c\"}");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        for (String wrong : List.of("", " ", "\\u0007", "x".repeat(4_001))) {
            String body = "{\"message\":\"" + wrong + "\",\"client_id\":\"%s\"}";
            Reply repeat = door.as(anna).post(send, body.formatted("c"));
            assertThat(repeat.status()).isEqualTo(200);
            assertThat(repeat.json()).isEqualTo(first.json());
            assertThat(door.as(anna).post(send, body.formatted("new")).problem())
                    .isEqualTo("422 invalid message");
        }
        assertThat(others.status()).isEqualTo(201);
        assertThat(others.at("/seq").asInt()).isEqualTo(2);
    }

    @Test
    void the_same_client_id_sent_many_times_at_once_is_one_message() throws Exception {
        List<Callable<Reply>> sends = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sends.add(() -> door.as(anna).post(send, "{\"message\":\"once\",\"client_id\":\"c\"}"));
        }
        List<Reply> replies = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(10)) {
            for (Future<Reply> reply : threads.invokeAll(sends)) {
                replies.add(reply.get());
            }
        }

        assertThat(replies).allMatch(reply -> reply.status() == 201 || reply.status() == 200);
        assertThat(replies.stream().map(reply -> reply.at("/id")))
                .containsOnly(replies.getFirst().at("/id"));
        assertThat(room.log(anna)).hasSize(1);
    }

    @Test
    void a_reply_carries_what_it_answers() {
        Message question = room.say(john, "When?");

        Reply reply =
                door.as(anna)
                        .post(
                                send,
                                "{\"message\":\"At nine\",\"reply_to\":%d}"
                                        .formatted(question.id().value()));

        assertThat(reply.at("/reply_to/excerpt").asText()).isEqualTo("When?");
        assertThat(reply.at("/reply_to/seq").asInt()).isEqualTo(1);
        assertThat(reply.at("/reply_to/sender/id").asText()).isEqualTo(john.id().value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|message",
                "{\"message\":null}|message",
                "{\"message\":\"\"}|message",
                "{\"message\":\" \\n\\u00a0\"}|message",
                "{\"message\":7}|message",
                "{\"message\":[\"a\"]}|message",
                "{\"message\":{\"a\":1}}|message",
                "{\"message\":\"a\\u0000b\"}|message",
                "{\"message\":\"a\\u001bb\"}|message",
                "{\"message\":\"a\\ud83d\"}|message",
                "{\"message\":\"\\udc4b\"}|message",
                "{\"message\":\"a\",\"message_type\":\"video\"}|message_type",
                "{\"message\":\"a\",\"message_type\":3}|message_type",
                "{\"message\":\"a\",\"message_type\":\"image\"}|attachment_id",
                "{\"message\":\"a\",\"message_type\":\"file\",\"attachment_id\":\"x\"}|attachment_id",
                "{\"message\":\"a\",\"attachment_id\":\"x\"}|attachment_id",
                "{\"message\":\"a\",\"message_type\":\"image\",\"attachment_id\":5}|attachment_id",
                "{\"message\":\"a\",\"client_id\":\"\"}|client_id",
                "{\"message\":\"a\",\"client_id\":5}|client_id",
                "{\"message\":\"a\",\"client_id\":\"a\\nb\"}|client_id",
                "{\"message\":\"a\",\"reply_to\":\"1\"}|reply_to",
                "{\"message\":\"a\",\"reply_to\":0}|reply_to",
                "{\"message\":\"a\",\"reply_to\":-9223372036854775808}|reply_to",
                "{\"message\":\"a\",\"reply_to\":9223372036854775807}|reply_to",
                "{\"message\":\"a\",\"reply_to\":9223372036854775808}|reply_to",
                "{\"message\":\"a\",\"reply_to\":1e2}|reply_to"
            })
    void what_cannot_be_sent_names_the_field_and_leaves_no_trace(String json, String field) {
        Reply reply = door.as(anna).post(send, json);

        assertThat(reply.problem()).isEqualTo("422 invalid " + field);
        assertThat(reply.at("/detail").asText()).startsWith(field + ": ");
        assertThat(room.room().lastSeq()).isZero();
    }

    @Test
    void a_message_has_four_thousand_characters_as_people_count_them() {
        assertThat(
                        door.as(anna)
                                .post(send, "{\"message\":\"" + "👋".repeat(4_000) + "\"}")
                                .status())
                .isEqualTo(201);
        assertThat(
                        door.as(anna)
                                .post(send, "{\"message\":\"" + "a".repeat(4_001) + "\"}")
                                .problem())
                .isEqualTo("422 invalid message");
    }

    @Test
    void a_users_own_mouth_says_neither_system_nor_job_update() {
        for (String type : List.of("system", "job_update")) {
            assertThat(
                            door.as(admin)
                                    .post(
                                            send,
                                            "{\"message\":\"a\",\"message_type\":\"%s\"}"
                                                    .formatted(type))
                                    .problem())
                    .isEqualTo("403 forbidden");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "\"text\"",
                "7",
                "null",
                "{",
                "{\"message\":\"a\"}{}",
                "{\"message\":\"a\"} x",
                "{\"message\":\"a\",\"message\":\"b\"}",
                "{message:\"a\"}",
                "{'message':'a'}",
                "{\"message\":\"a\",}",
                "{\"message\":NaN}",
                "{\"message\":\"a\nb\"}",
                "\ufeff{\"message\":\"a\"}"
            })
    void what_is_no_json_object_is_a_bad_frame(String body) {
        Reply reply = door.as(anna).post(send, body);

        assertThat(reply.problem()).isEqualTo("400 bad_frame");
        assertThat(room.room().lastSeq()).isZero();
    }

    @Test
    void deep_nesting_and_endless_numbers_end_at_a_bound() {
        String deep = "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + ",\"message\":\"a\"}";
        String digits = "{\"x\":" + "9".repeat(60_000) + ",\"message\":\"a\"}";

        assertThat(door.as(anna).post(send, deep).problem()).isEqualTo("400 bad_frame");
        assertThat(door.as(anna).post(send, digits).problem()).isEqualTo("400 bad_frame");
        assertThat(
                        door.as(anna)
                                .post(send, "{\"x\":1e999999999,\"message\":\"unknown ignored\"}")
                                .status())
                .isEqualTo(201);
    }

    @Test
    void history_is_paged_in_both_directions_and_around_a_message() {
        for (int i = 1; i <= 7; i++) {
            room.say(john, "m" + i);
        }

        assertThat(page("?limit=3")).isEqualTo("[5, 6, 7] before=true after=false");
        assertThat(page("?before_seq=5&limit=3")).isEqualTo("[2, 3, 4] before=true after=true");
        assertThat(page("?before_seq=2&limit=3")).isEqualTo("[1] before=false after=true");
        assertThat(page("?after_seq=5&limit=9")).isEqualTo("[6, 7] before=true after=false");
        assertThat(page("?around_seq=4&limit=3")).isEqualTo("[3, 4, 5] before=true after=true");
        assertThat(page("")).isEqualTo("[1, 2, 3, 4, 5, 6, 7] before=false after=false");
        assertThat(page("?after_seq=9223372036854775807")).isEqualTo("[] before=true after=false");
        assertThat(page("?limit=9999")).startsWith("[1, 2");
        assertThat(page("?limit=99999999999999999999")).startsWith("[1, 2");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=abc, limit",
        "limit=0, limit",
        "limit=-99999999999999999999, limit",
        "before_seq=-1, before_seq",
        "before_seq=x, before_seq",
        "after_seq=1.0, after_seq",
        "after_seq=+1, after_seq",
        "around_seq=9223372036854775808, around_seq",
        "before_seq=1&before_seq=2, before_seq",
        "before_seq=1&after_seq=2, after_seq",
        "after_seq=1&around_seq=2, around_seq"
    })
    void a_position_that_is_wrong_or_one_of_two_is_named(String query, String field) {
        assertThat(door.as(anna).get(messages + "?" + query).problem())
                .isEqualTo("422 invalid " + field);
    }

    @Test
    void one_edits_ones_own_message_only() {
        Message hello = room.say(anna, "Helo");
        String address = messages + hello.id() + "/";

        Reply edited = door.as(anna).patch(address, "{\"message\":\"Hello\"}");

        assertThat(edited.status()).isEqualTo(200);
        assertThat(edited.at("/content").asText()).isEqualTo("Hello");
        assertThat(edited.at("/edited_at").isTextual()).isTrue();
        assertThat(door.as(john).patch(address, "{\"message\":\"x\"}").problem())
                .isEqualTo("403 forbidden");
        assertThat(door.as(eve).patch(address, "{\"message\":\"x\"}").problem())
                .isEqualTo("404 not_found");
        assertThat(door.as(anna).patch(address, "{\"message\":\" \"}").problem())
                .isEqualTo("422 invalid message");
        assertThat(door.as(anna).patch(address, "{}").problem()).isEqualTo("422 invalid message");
        assertThat(door.as(anna).patch(messages + "424242/", "{\"message\":\"x\"}").problem())
                .isEqualTo("404 not_found");
        assertThat(door.as(anna).patch(messages + "abc/", "{\"message\":\"x\"}").problem())
                .isEqualTo("404 not_found");
    }

    @Test
    void whoever_may_read_the_room_sees_what_a_message_said_before() {
        Message hello = room.say(anna, "Helo");
        room.edit(anna, hello, "Hallo");
        room.edit(anna, hello, "Hello");
        String edits = messages + hello.id() + "/edits/";

        Reply seen = door.as(john).get(edits);

        assertThat(seen.status()).isEqualTo(200);
        assertThat(RoomsTest.names(seen.json())).containsExactly("results", "next");
        assertThat(seen.at("/results")).hasSize(2);
        assertThat(seen.at("/results/0").toString())
                .isEqualTo(
                        "{\"content\":\"Helo\",\"timestamp\":\"%s\"}".formatted(hello.timestamp()));
        assertThat(seen.at("/results/1/content").asText()).isEqualTo("Hallo");
        assertThat(seen.at("/next").isNull()).isTrue();
        assertThat(door.as(admin).get(edits).json()).isEqualTo(seen.json());
        assertThat(door.as(eve).get(edits).problem()).isEqualTo("404 not_found");
        assertThat(door.as(anna).get(messages + "424242/edits/").problem())
                .isEqualTo("404 not_found");
        assertThat(door.as(anna).post(edits, "{}").status()).isEqualTo(405);
    }

    @Test
    void earlier_contents_are_read_page_by_page_and_a_page_mark_of_nobodys_is_named() {
        Message hello = room.say(anna, "0");
        room.edit(anna, hello, "1");
        room.edit(anna, hello, "2");
        String edits = messages + hello.id() + "/edits/";

        Reply first = door.as(john).get(edits + "?limit=1");
        Reply second = door.as(john).get(edits + "?limit=1&cursor=" + first.at("/next").asText());

        assertThat(first.at("/results/0/content").asText()).isEqualTo("0");
        assertThat(second.at("/results/0/content").asText()).isEqualTo("1");
        assertThat(second.at("/next").isNull()).isTrue();
        assertThat(door.as(john).get(edits + "?cursor=1").problem())
                .isEqualTo("422 invalid cursor");
        assertThat(door.as(john).get(edits + "?limit=0").problem()).isEqualTo("422 invalid limit");
    }

    @Test
    void one_deletes_ones_own_message_an_admin_anybodys_and_twice_is_once() {
        Message mine = room.say(anna, "mine");
        Message his = room.say(john, "his");

        assertThat(door.as(anna).delete(messages + his.id() + "/").problem())
                .isEqualTo("403 forbidden");
        Reply deleted = door.as(anna).delete(messages + mine.id() + "/");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(door.as(anna).delete(messages + mine.id() + "/").status()).isEqualTo(204);
        assertThat(door.as(admin).delete(messages + his.id() + "/").status()).isEqualTo(204);
        assertThat(door.as(anna).patch(messages + mine.id() + "/", "{\"message\":\"x\"}").problem())
                .isEqualTo("404 not_found");

        Reply page = door.as(anna).get(messages);
        assertThat(page.at("/results/0/content").asText()).isEmpty();
        assertThat(page.at("/results/0/deleted_at").isTextual()).isTrue();
        assertThat(page.at("/results")).hasSize(2);
    }

    @Test
    void a_message_of_another_room_is_not_found_through_this_one() {
        Message elsewhere = given.support(anna).say(anna, "secret");

        assertThat(door.as(anna).delete(messages + elsewhere.id() + "/").problem())
                .isEqualTo("404 not_found");
    }

    @Test
    void a_closed_room_is_read_and_not_written() {
        Message hello = room.say(anna, "Hello");
        given.job("5").client(anna).cleaner(john).active(false).written();

        assertThat(door.as(anna).post(send, "{\"message\":\"x\"}").problem())
                .isEqualTo("409 room_closed");
        assertThat(
                        door.as(anna)
                                .patch(messages + hello.id() + "/", "{\"message\":\"x\"}")
                                .problem())
                .isEqualTo("409 room_closed");
        assertThat(door.as(anna).get(messages).status()).isEqualTo(200);
        assertThat(door.as(anna).delete(messages + hello.id() + "/").status()).isEqualTo(204);
    }

    @Test
    void who_sends_too_much_is_told_when_to_come_back() {
        door.limits = (user, kind) -> kind == RateLimits.Kind.MESSAGE ? 1.25 : 0;

        Reply reply = door.as(anna).post(send, "{\"message\":\"x\"}");

        assertThat(reply.problem()).isEqualTo("429 rate_limited");
        assertThat(reply.header("Retry-After")).isEqualTo("2");
        assertThat(reply.at("/retry_after").asDouble()).isEqualTo(1.25);
        assertThat(door.as(anna).get(messages).status()).isEqualTo(200);
    }

    private String page(String query) {
        Reply page = door.as(anna).get(messages + query);
        assertThat(page.status()).isEqualTo(200);
        List<Integer> seqs = new ArrayList<>();
        page.at("/results").forEach(message -> seqs.add(message.path("seq").asInt()));
        return seqs
                + " before="
                + page.at("/has_more_before").asBoolean()
                + " after="
                + page.at("/has_more_after").asBoolean();
    }
}
