package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.IntStream;

@Timeout(60)
class MessagesTest {
    private final ChatServer server = ChatServer.start();
    private long room;
    private Client anna;
    private Client john;

    @BeforeEach
    void a_client_and_a_cleaner_are_connected() {
        room = server.job("5", "anna", "john");
        anna = server.connect("anna:client");
        john = server.connect("john:cleaner");
        anna.next("welcome");
        john.next("welcome");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_message_comes_back_to_its_sender_and_reaches_the_other_as_the_same_frame() {
        anna.say("message", "room", room, "message", "Hello 👋\n\ttwice", "client_id", "a-1");
        JsonNode echo = anna.await("chat_message");
        JsonNode message = echo.get("message");
        assertThat(message.get("content").asText()).isEqualTo("Hello 👋\n\ttwice");
        assertThat(message.get("client_id").asText()).isEqualTo("a-1");
        assertThat(message.get("seq").asLong()).isEqualTo(1);
        assertThat(message.get("room").asLong()).isEqualTo(room);
        assertThat(message.get("message_type").asText()).isEqualTo("text");
        assertThat(message.get("is_read").asBoolean()).isFalse();
        assertThat(message.get("sender").get("username").asText()).isEqualTo("anna");
        assertThat(message.get("reply_to").isNull()).isTrue();
        assertThat(message.get("edited_at").isNull()).isTrue();
        assertThat(echo.get("room").asLong()).isEqualTo(room);
        assertThat(echo.get("version").asLong()).isEqualTo(2);
        assertThat(echo.has("id")).isFalse();
        assertThat(john.await("chat_message")).isEqualTo(echo);
    }

    @Test
    void there_is_exactly_one_echo_for_each_message_and_they_come_in_order() {
        int count = 200;
        for (int i = 1; i <= count; i++) {
            anna.say("message", "room", room, "message", "m" + i, "client_id", "c" + i);
        }
        for (Client client : List.of(anna, john)) {
            List<Long> seqs =
                    IntStream.range(0, count)
                            .mapToObj(i -> client.await("chat_message").get("message"))
                            .map(m -> m.get("seq").asLong())
                            .toList();
            assertThat(seqs)
                    .isEqualTo(IntStream.rangeClosed(1, count).mapToObj(i -> (long) i).toList());
        }
        anna.ask("ping");
        assertThat(anna.rest()).noneMatch(f -> f.get("type").asText().equals("chat_message"));
    }

    @Test
    void a_repeated_client_id_is_answered_with_the_first_message_whatever_it_says() {
        anna.say("message", "room", room, "message", "first", "client_id", "x");
        JsonNode first = anna.await("chat_message");
        anna.say("message", "room", room, "message", "second", "client_id", "x");
        assertThat(anna.await("chat_message")).isEqualTo(first);
        Client phone = server.connect("anna:client");
        phone.next("welcome");
        phone.say("message", "room", room, "message", "third", "client_id", "x");
        assertThat(phone.await("chat_message")).isEqualTo(first);
        for (String wrong : new String[] {"", "  ", "\u0007", "x".repeat(4_001)}) {
            phone.say("message", "room", room, "message", wrong, "client_id", "x");
            assertThat(phone.await("chat_message")).isEqualTo(first);
        }
        phone.say("message", "room", room, "client_id", "x", "message_type", "image");
        assertThat(phone.await("chat_message")).isEqualTo(first);
        assertThat(
                        phone.ask("message", "room", room, "message", " ", "client_id", "new")
                                .get("code"))
                .hasToString("\"invalid\"");
        john.await("chat_message");
        anna.send(room, "the next");
        assertThat(john.await("chat_message").get("message").get("seq").asLong()).isEqualTo(2);
    }

    @Test
    void a_caption_can_be_edited_away_and_words_alone_cannot() {
        String picture = server.picture(room, "anna");
        anna.say(
                "message",
                "room",
                room,
                "message_type",
                "image",
                "attachment_id",
                picture,
                "message",
                "the stain");
        long image = anna.await("chat_message").at("/message/id").asLong();
        long words = anna.send(room, "words").at("/message/id").asLong();

        anna.say("edit", "room", room, "message_id", image, "message", "");

        JsonNode bare = anna.await("message_edited").get("message");
        assertThat(bare.get("content").asText()).isEmpty();
        assertThat(bare.at("/attachment/id").asText()).isEqualTo(picture);
        JsonNode refused = anna.ask("edit", "room", room, "message_id", words, "message", "");
        assertThat(refused.get("code").asText()).isEqualTo("invalid");
        assertThat(refused.get("detail").asText()).startsWith("message");
    }

    @Test
    void a_repeat_after_an_edit_and_a_deletion_gives_the_message_as_it_is_now() {
        anna.say("message", "room", room, "message", "first", "client_id", "x");
        long id = anna.await("chat_message").get("message").get("id").asLong();
        anna.say("edit", "room", room, "message_id", id, "message", "better");
        anna.await("message_edited");
        anna.say("message", "room", room, "message", "first", "client_id", "x");
        JsonNode edited = anna.await("chat_message").get("message");
        assertThat(edited.get("content").asText()).isEqualTo("better");
        assertThat(edited.get("edited_at").isNull()).isFalse();
        anna.say("delete", "room", room, "message_id", id);
        anna.await("message_deleted");
        anna.say("message", "room", room, "message", "first", "client_id", "x");
        JsonNode deleted = anna.await("chat_message").get("message");
        assertThat(deleted.get("content").asText()).isEmpty();
        assertThat(deleted.get("deleted_at").isNull()).isFalse();
        assertThat(deleted.get("id").asLong()).isEqualTo(id);
    }

    @Test
    void the_same_client_id_of_another_sender_is_another_message() {
        anna.say("message", "room", room, "message", "hers", "client_id", "x");
        john.say("message", "room", room, "message", "his", "client_id", "x");
        assertThat(
                        List.of(
                                anna.await("chat_message").get("message").get("seq").asLong(),
                                anna.await("chat_message").get("message").get("seq").asLong()))
                .containsExactly(1L, 2L);
    }

    @Test
    void a_reply_quotes_its_message_and_the_quote_is_empty_once_that_is_gone() {
        long first = anna.send(room, "When?").get("message").get("id").asLong();
        john.say("message", "room", room, "message", "At noon", "reply_to", first);
        JsonNode quote = anna.await("chat_message").get("message").get("reply_to");
        assertThat(quote.get("id").asLong()).isEqualTo(first);
        assertThat(quote.get("seq").asLong()).isEqualTo(1);
        assertThat(quote.get("excerpt").asText()).isEqualTo("When?");
        assertThat(quote.get("sender").get("username").asText()).isEqualTo("anna");
        anna.say("delete", "room", room, "message_id", first);
        anna.await("message_deleted");
        JsonNode reply = anna.ask("history", "room", room).get("results").get(1);
        assertThat(reply.get("reply_to").get("excerpt").asText()).isEmpty();
    }

    @Test
    void a_reply_to_a_message_of_another_room_is_invalid() {
        long other = server.job("6", "anna", "john");
        anna.await("room");
        long there = anna.send(other, "there").get("message").get("id").asLong();
        JsonNode error = anna.ask("message", "room", room, "message", "?", "reply_to", there);
        assertThat(error.get("code").asText()).isEqualTo("invalid");
        assertThat(error.get("detail").asText()).startsWith("reply_to");
    }

    @Test
    void an_edit_reaches_everybody_after_its_message_and_with_a_later_version() {
        JsonNode posted = anna.send(room, "Helo");
        long id = posted.get("message").get("id").asLong();
        anna.say("edit", "room", room, "message_id", id, "message", "Hello");
        for (Client client : List.of(anna, john)) {
            JsonNode edited = client.await("message_edited");
            assertThat(edited.get("message").get("content").asText()).isEqualTo("Hello");
            assertThat(edited.get("message").get("seq").asLong()).isEqualTo(1);
            assertThat(edited.get("version").asLong())
                    .isGreaterThan(posted.get("version").asLong());
            assertThat(edited.get("room").asLong()).isEqualTo(room);
        }
    }

    @Test
    void what_a_message_said_before_is_told_to_whoever_asks_page_by_page() {
        long id = anna.send(room, "0").get("message").get("id").asLong();
        for (String text : List.of("1", "2", "3")) {
            anna.say("edit", "room", room, "message_id", id, "message", text);
        }
        anna.await("message_edited", f -> f.at("/message/content").asText().equals("3"));

        JsonNode first = john.ask("edits", "room", room, "message_id", id, "limit", 2);
        String next = first.get("next").asText();
        JsonNode second = john.ask("edits", "room", room, "message_id", id, "cursor", next);

        assertThat(first.get("type").asText()).isEqualTo("edits");
        assertThat(first.get("room").asLong()).isEqualTo(room);
        assertThat(first.get("message_id").asLong()).isEqualTo(id);
        assertThat(first.at("/results/0/content").asText()).isEqualTo("0");
        assertThat(first.at("/results/1/content").asText()).isEqualTo("1");
        assertThat(second.get("results")).hasSize(1);
        assertThat(second.at("/results/0/content").asText()).isEqualTo("2");
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void a_deletion_reaches_everybody_and_deleting_again_changes_nothing() {
        long id = anna.send(room, "oops").get("message").get("id").asLong();
        anna.say("delete", "room", room, "message_id", id);
        JsonNode deleted = anna.await("message_deleted");
        assertThat(deleted.get("message").get("content").asText()).isEmpty();
        assertThat(john.await("message_deleted")).isEqualTo(deleted);
        anna.say("delete", "room", room, "message_id", id);
        assertThat(anna.await("message_deleted")).isEqualTo(deleted);
        anna.send(room, "next");
        assertThat(john.until("chat_message"))
                .noneMatch(f -> f.get("type").asText().equals("message_deleted"));
    }

    @Test
    void editing_a_deleted_message_is_not_found() {
        long id = anna.send(room, "oops").get("message").get("id").asLong();
        anna.say("delete", "room", room, "message_id", id);
        JsonNode error = anna.ask("edit", "room", room, "message_id", id, "message", "!");
        assertThat(error.get("code").asText()).isEqualTo("not_found");
    }

    @Test
    void only_an_admin_deletes_what_another_said_and_nobody_edits_it() {
        long id = anna.send(room, "mine").get("message").get("id").asLong();
        assertThat(john.ask("edit", "room", room, "message_id", id, "message", "!").get("code"))
                .hasToString("\"forbidden\"");
        assertThat(john.ask("delete", "room", room, "message_id", id).get("code"))
                .hasToString("\"forbidden\"");
        Client eve = server.connect("eve:admin");
        eve.next("welcome");
        assertThat(eve.ask("edit", "room", room, "message_id", id, "message", "!").get("code"))
                .hasToString("\"forbidden\"");
        eve.say("delete", "room", room, "message_id", id);
        JsonNode answer = eve.await("message_deleted");
        assertThat(anna.await("message_deleted")).isEqualTo(answer);
    }

    @Test
    void the_platforms_types_are_forbidden_to_people() {
        for (String type : List.of("system", "job_update")) {
            JsonNode error =
                    anna.ask("message", "room", room, "message", "!", "message_type", type);
            assertThat(error.get("code").asText()).isEqualTo("forbidden");
        }
    }

    @Test
    void the_platform_speaks_without_becoming_a_participant() {
        Client platform = server.connect("platform:service");
        platform.next("welcome");
        platform.say(
                "message",
                "room",
                room,
                "message",
                "Booked",
                "message_type",
                "system",
                "client_id",
                "s");
        assertThat(platform.await("chat_message").get("message").get("client_id").asText())
                .isEqualTo("s");
        assertThat(anna.await("chat_message").get("message").get("message_type").asText())
                .isEqualTo("system");
        anna.send(room, "thanks");
        platform.ask("ping");
        assertThat(platform.rest()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws/", "/ws/job_chat/5/", "/ws/chat/lobby/"})
    void every_address_echoes_and_needs_no_room_where_there_is_only_one(String path) {
        Client client = server.connect(path, "anna:client");
        JsonNode welcome = client.next("welcome");
        long where = welcome.get("rooms").get(0).get("id").asLong();
        if (path.equals("/ws/")) {
            client.say("message", "room", where, "message", "here", "client_id", "h");
        } else {
            client.say("message", "message", "here", "client_id", "h");
        }
        JsonNode echo = client.await("chat_message");
        assertThat(echo.get("room").asLong()).isEqualTo(where);
        assertThat(echo.get("message").get("client_id").asText()).isEqualTo("h");
    }

    @Test
    void a_closed_room_takes_no_message_and_no_edit_and_still_repeats_and_deletes() {
        anna.say("message", "room", room, "message", "before", "client_id", "x");
        JsonNode before = anna.await("chat_message");
        long id = before.get("message").get("id").asLong();
        server.job("5", "anna", "john", "assigned", java.util.Optional.of(false));
        anna.await("room", f -> !f.get("room").get("is_active").asBoolean());
        JsonNode error = anna.ask("message", "room", room, "message", "after", "client_id", "y");
        assertThat(error.get("code").asText()).isEqualTo("room_closed");
        assertThat(error.get("client_id").asText()).isEqualTo("y");
        assertThat(error.get("retryable").asBoolean()).isFalse();
        assertThat(anna.ask("edit", "room", room, "message_id", id, "message", "!").get("code"))
                .hasToString("\"room_closed\"");
        anna.say("message", "room", room, "message", "again", "client_id", "x");
        assertThat(anna.await("chat_message")).isEqualTo(before);
        anna.say("delete", "room", room, "message_id", id);
        anna.await("message_deleted");
    }
}
