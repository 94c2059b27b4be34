package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Faults that other chats have had, each tried on this one. */
@Timeout(60)
class FlawsOfOthersTest {
    private final ChatServer server = ChatServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private Client connected(String token) {
        Client client = server.connect(token);
        client.next("welcome");
        // Live from here on, not only welcome; and everybody who shall know it does.
        client.ask("ping");
        server.settle();
        return client;
    }

    private static boolean isOf(JsonNode frame, String type) {
        return frame.path("type").asText().equals(type);
    }

    @Test
    void an_edit_a_deletion_and_a_quote_never_reach_whoever_may_not_see_the_message() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        Client eve = connected("eve:client");
        JsonNode first = anna.send(room, "secret").get("message");
        john.await("chat_message");
        server.job("5", "anna", "");
        john.await("room_left");
        long message = first.get("id").asLong();
        anna.say("edit", "room", room, "message_id", message, "message", "more secret");
        anna.await("message_edited");
        anna.say("message", "room", room, "message", "see above", "reply_to", message);
        anna.await("chat_message");
        anna.say("delete", "room", room, "message_id", message);
        anna.await("message_deleted");
        for (Client outsider : List.of(john, eve)) {
            outsider.ask("ping");
            assertThat(outsider.rest()).isEmpty();
            assertThat(outsider.seen())
                    .noneMatch(f -> isOf(f, "message_edited") || isOf(f, "message_deleted"))
                    .noneMatch(f -> f.toString().contains("more secret"));
        }
        JsonNode synced = john.ask("sync", "rooms", Map.of(room, Map.of("seq", 0, "version", 0)));
        assertThat(synced.get("rooms").get(Long.toString(room)).isNull()).isTrue();
    }

    @Test
    void whoever_was_removed_hears_no_marks_typing_presence_people_or_state() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        server.job("5", "anna", "kate");
        john.await("room_left");
        Client kate = connected("kate:cleaner");
        kate.send(room, "I take over");
        anna.await("chat_message");
        anna.say("typing", "room", room, "is_typing", true);
        anna.say("read", "room", room, "up_to_seq", 1);
        anna.await("read");
        server.job("5", "anna", "kate", "done", java.util.Optional.of(false));
        anna.await("room", f -> !f.get("room").get("is_active").asBoolean());
        john.ask("ping");
        assertThat(john.rest()).isEmpty();
        List<JsonNode> since = john.seen();
        int loss = 0;
        while (!isOf(since.get(loss), "room_left")) {
            loss++;
        }
        assertThat(since.subList(loss + 1, since.size())).allMatch(f -> isOf(f, "pong"));
    }

    @Test
    void answers_never_cross_connections_that_ask_under_the_same_ids() {
        long hers = server.job("5", "anna", "john");
        long theirs = server.job("6", "bert", "kate");
        Client anna = connected("anna:client");
        Client bert = connected("bert:client");
        anna.send(hers, "anna's own");
        bert.send(theirs, "bert's own");
        for (int i = 0; i < 200; i++) {
            anna.queue("{\"type\":\"history\",\"id\":" + i + ",\"room\":" + hers + "}");
            bert.queue("{\"type\":\"history\",\"id\":" + i + ",\"room\":" + theirs + "}");
        }
        anna.flush();
        bert.flush();
        for (int i = 0; i < 200; i++) {
            JsonNode toAnna = anna.next("history");
            assertThat(toAnna.get("id").asInt()).isEqualTo(i);
            assertThat(toAnna.get("room").asLong()).isEqualTo(hers);
            assertThat(toAnna.toString()).contains("anna's own").doesNotContain("bert");
            JsonNode toBert = bert.next("history");
            assertThat(toBert.get("room").asLong()).isEqualTo(theirs);
            assertThat(toBert.toString()).contains("bert's own").doesNotContain("anna");
        }
    }

    @Test
    void unread_is_the_same_after_coming_back() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        anna.send(room, "one");
        anna.send(room, "two");
        for (int i = 0; i < 3; i++) {
            try (Client john = server.connect("john:cleaner")) {
                JsonNode welcome = john.next("welcome");
                assertThat(welcome.get("total_unread").asLong()).isEqualTo(2);
                assertThat(welcome.get("rooms").get(0).get("unread_count").asLong()).isEqualTo(2);
            }
        }
    }

    @Test
    void a_client_sets_neither_sender_nor_number_nor_time_nor_state_of_its_message() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        anna.raw(
                "{\"type\":\"message\",\"room\":"
                        + room
                        + ",\"message\":\"hi\",\"id\":4711,\"sender\":{\"id\":\"john\"},"
                        + "\"sender_id\":\"john\",\"user_id\":\"john\",\"seq\":99,\"version\":99,"
                        + "\"timestamp\":\"1999-01-01T00:00:00Z\",\"is_read\":true,"
                        + "\"edited_at\":\"1999-01-01T00:00:00Z\",\"data\":{\"status\":1},"
                        + "\"role\":\"service\"}");
        JsonNode message = anna.await("chat_message").get("message");
        assertThat(message.at("/sender/id").asText()).isEqualTo("anna");
        assertThat(message.get("seq").asLong()).isEqualTo(1);
        assertThat(message.get("id").asLong()).isNotEqualTo(4711);
        assertThat(message.get("timestamp").asText()).doesNotStartWith("1999");
        assertThat(message.get("is_read").asBoolean()).isFalse();
        assertThat(message.get("edited_at").isNull()).isTrue();
        assertThat(message.get("data").isNull()).isTrue();
    }

    @Test
    void statements_markup_and_directions_stay_text() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        for (String text :
                List.of(
                        "'; drop table message; --",
                        "<img src=x onerror=alert(1)>",
                        "${jndi:ldap://127.0.0.1/a}",
                        "{{7*7}}",
                        "\u202egnp.exe\u202c",
                        "a\r\nb\tc",
                        "\u2028\u2029</script>")) {
            assertThat(anna.send(room, text).at("/message/content").asText()).isEqualTo(text);
        }
    }

    @Test
    void a_message_stored_though_its_sender_was_told_otherwise_is_echoed_to_the_repeat() {
        long room = server.job("5", "anna", "john");
        String first;
        try (Client anna = connected("anna:client")) {
            // The line breaks before the echo is read.
            anna.say("message", "room", room, "message", "once", "client_id", "c1");
            first = anna.await("chat_message").at("/message/id").asText();
        }
        Client anna = connected("anna:client");
        anna.say("message", "room", room, "message", "once", "client_id", "c1");
        assertThat(anna.await("chat_message").at("/message/id").asText()).isEqualTo(first);
        assertThat(anna.ask("history", "room", room).get("results")).hasSize(1);
    }

    @Test
    void what_is_anothers_and_what_is_not_there_are_refused_with_the_same_bytes() {
        long foreign = server.job("6", "bert", "kate");
        Client bert = connected("bert:client");
        long message = bert.send(foreign, "bert's own").at("/message/id").asLong();
        Client eve = connected("eve:client");
        for (String type :
                List.of("message", "edit", "delete", "read", "typing", "history", "room")) {
            String there = refusal(eve, type, foreign, message);
            String nowhere = refusal(eve, type, 471_100, 471_100);
            assertThat(there).as(type).contains("not_found").isEqualTo(nowhere);
        }
    }

    private static String refusal(Client client, String type, long room, long message) {
        client.raw(
                "{\"type\":\""
                        + type
                        + "\",\"id\":1,\"room\":"
                        + room
                        + ",\"message_id\":"
                        + message
                        + ",\"message\":\"x\",\"up_to_seq\":1,\"is_typing\":true}");
        return client.next("error").toString();
    }

    @Test
    void no_token_no_ticket_and_no_forged_line_reaches_a_log() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = Collections.synchronizedList(log.list);
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        try {
            String ticket = server.ticket("anna", Role.CLIENT);
            server.open("/ws/?ticket=" + ticket).next("welcome");
            Client anna = server.connect("anna:client:7777");
            anna.next("welcome");
            anna.say("auth", "token", "anna:client:8888");
            anna.await("authenticated");
            server.connect("mallory:nobody:9999").closeCode();
            anna.raw("{\"type\":\"a\\r\\n12:00:00 ERROR forged\",\"client_id\":\"b\\nforged\"}");
            anna.refused("unknown_type");
            for (String secret : List.of(ticket, ":7777", ":8888", ":9999", "forged")) {
                assertThat(List.copyOf(log.list))
                        .as(secret)
                        .noneMatch(event -> event.getFormattedMessage().contains(secret));
            }
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }
    }
}
