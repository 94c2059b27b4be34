package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@Timeout(60)
class SyncTest {
    private final ChatServer server = ChatServer.start();
    private long room;
    private Client john;

    @BeforeEach
    void a_cleaner_is_connected_and_the_client_is_away() {
        room = server.job("5", "anna", "john");
        john = server.connect("john:cleaner");
        john.next("welcome");
        // Told later, his arrival would come to whoever is there by then.
        john.ask("ping");
        server.settle();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Client anna() {
        Client anna = server.connect("anna:client");
        anna.next("welcome");
        return anna;
    }

    private List<JsonNode> sync(Client client, Object rooms) {
        client.say("sync", "rooms", rooms, "id", 77);
        return client.until("synced");
    }

    private static List<String> types(List<JsonNode> frames) {
        return frames.stream().map(f -> f.get("type").asText()).toList();
    }

    private static List<Long> seqs(List<JsonNode> frames) {
        return frames.stream()
                .filter(f -> f.get("type").asText().equals("chat_message"))
                .map(f -> f.get("message").get("seq").asLong())
                .toList();
    }

    private Map<String, Object> held(long seq, long version) {
        return Map.of(Long.toString(room), Map.of("seq", seq, "version", version));
    }

    private void say(int count) {
        for (int i = 0; i < count; i++) {
            john.say("message", "room", room, "message", "m" + i);
        }
        for (int i = 0; i < count; i++) {
            john.await("chat_message");
        }
    }

    @Test
    void what_was_missed_comes_in_order_messages_first_then_the_other_changes() {
        JsonNode one = john.send(room, "one");
        JsonNode two = john.send(room, "two");
        long heldVersion = two.get("version").asLong();
        john.send(room, "three");
        john.say("edit", "room", room, "message_id", id(one), "message", "ONE");
        john.await("message_edited");
        john.say("delete", "room", room, "message_id", id(two));
        john.await("message_deleted");
        john.say("read", "room", room, "up_to_seq", 3);
        john.await("read");
        Client phone = anna();
        phone.say("read", "room", room, "up_to_seq", 1);
        phone.await("read");
        JsonNode four = john.send(room, "four");
        server.job("5", "anna", "john", "assigned", Optional.of(false));
        john.await("room");

        List<JsonNode> told = sync(anna(), held(2, heldVersion));
        assertThat(types(told))
                .containsExactly(
                        "chat_message",
                        "chat_message",
                        "message_edited",
                        "message_deleted",
                        "read",
                        "read",
                        "room",
                        "synced");
        assertThat(seqs(told)).containsExactly(3L, 4L);
        assertThat(told.get(1)).isEqualTo(four);
        assertThat(told.get(2).get("message").get("content").asText()).isEqualTo("ONE");
        assertThat(told.get(4).get("user_id").asText()).isEqualTo("john");
        JsonNode own = told.get(5);
        assertThat(own.get("user_id").asText()).isEqualTo("anna");
        assertThat(own.get("up_to_seq").asLong()).isEqualTo(1);
        assertThat(own.get("unread_count").asLong()).isEqualTo(2);
        assertThat(told.get(6).get("room").get("is_active").asBoolean()).isFalse();
        JsonNode synced = told.getLast();
        assertThat(synced.get("id").asLong()).isEqualTo(77);
        assertThat(synced.get("total_unread").asLong()).isEqualTo(2);
        JsonNode level = synced.get("rooms").get(Long.toString(room));
        assertThat(level.get("last_seq").asLong()).isEqualTo(4);
        assertThat(level.get("last_read_seq").asLong()).isEqualTo(1);
        assertThat(level.get("unread_count").asLong()).isEqualTo(2);
        assertThat(level.get("version").asLong())
                .isEqualTo(told.get(6).get("room").get("version").asLong());
    }

    private static long id(JsonNode posted) {
        return posted.get("message").get("id").asLong();
    }

    @Test
    void numbers_alone_bring_messages_alone() {
        JsonNode one = john.send(room, "one");
        john.say("edit", "room", room, "message_id", id(one), "message", "ONE");
        john.await("message_edited");
        john.send(room, "two");
        List<JsonNode> told = sync(anna(), Map.of(Long.toString(room), 1));
        assertThat(types(told)).containsExactly("chat_message", "synced");
        assertThat(seqs(told)).containsExactly(2L);
    }

    @Test
    void what_is_held_already_comes_again_where_it_lies_above_the_numbers() {
        john.send(room, "one");
        List<JsonNode> told = sync(john, held(0, 0));
        assertThat(seqs(told)).containsExactly(1L);
        john.send(room, "two");
    }

    @Test
    void five_hundred_missing_come_and_five_hundred_and_one_are_a_gap() {
        say(501);
        List<JsonNode> told = sync(anna(), Map.of(Long.toString(room), 1));
        assertThat(seqs(told)).hasSize(500).startsWith(2L).endsWith(501L);
        told = sync(anna(), held(0, 0));
        assertThat(types(told)).startsWith("gap").endsWith("synced").doesNotContain("chat_message");
        assertThat(told.getFirst().get("room").asLong()).isEqualTo(room);
        assertThat(told.getFirst().get("from_seq").asLong()).isEqualTo(1);
        assertThat(told.getFirst().get("to_seq").asLong()).isEqualTo(501);
        assertThat(told.getLast().get("rooms").get(Long.toString(room)).get("last_seq").asLong())
                .isEqualTo(501);
    }

    @Test
    void rooms_without_access_and_rooms_that_do_not_exist_are_both_null() {
        long others = server.job("6", "carl", "john");
        john.send(room, "mine");
        Client anna = anna();
        List<JsonNode> told =
                sync(anna, Map.of(Long.toString(others), 0, "4711", 0, Long.toString(room), 0));
        assertThat(types(told)).containsExactly("chat_message", "synced");
        JsonNode rooms = told.getLast().get("rooms");
        assertThat(rooms.get(Long.toString(others)).isNull()).isTrue();
        assertThat(rooms.get("4711").isNull()).isTrue();
        assertThat(rooms.get(Long.toString(room)).get("last_seq").asLong()).isEqualTo(1);
    }

    @Test
    void malformed_entries_are_invalid_and_nothing_else_breaks() {
        Client anna = anna();
        for (String rooms :
                List.of(
                        "[]",
                        "7",
                        "\"7\"",
                        "null",
                        "{\"x\":1}",
                        "{\"0\":1}",
                        "{\"-1\":1}",
                        "{\"01\":1}",
                        "{\"1.5\":1}",
                        "{\"99999999999999999999\":1}",
                        "{\"ROOM\":-1}",
                        "{\"ROOM\":1.5}",
                        "{\"ROOM\":\"1\"}",
                        "{\"ROOM\":null}",
                        "{\"ROOM\":true}",
                        "{\"ROOM\":[1]}",
                        "{\"ROOM\":{}}",
                        "{\"ROOM\":{\"seq\":-1}}",
                        "{\"ROOM\":{\"seq\":1,\"version\":-1}}",
                        "{\"ROOM\":{\"seq\":1,\"version\":\"x\"}}",
                        "{\"ROOM\":{\"version\":1}}",
                        "{\"ROOM\":9223372036854775808}",
                        "{\"ROOM\":1e400}",
                        "{\"ROOM\":" + "9".repeat(300) + "}")) {
            anna.raw(
                    "{\"type\":\"sync\",\"id\":5,\"rooms\":"
                            + rooms.replace("ROOM", Long.toString(room))
                            + "}");
            JsonNode error = anna.next("error");
            assertThat(error.get("code").asText()).as(rooms).isEqualTo("invalid");
            assertThat(error.get("detail").asText()).as(rooms).startsWith("rooms");
            assertThat(error.get("id").asLong()).isEqualTo(5);
        }
        anna.say("sync", "id", 6);
        anna.refused("invalid");
        john.send(room, "still here");
        assertThat(anna.next("chat_message").get("message").get("seq").asLong()).isEqualTo(1);
    }

    @Test
    void numbers_beyond_everything_there_is_bring_nothing_and_the_room_lives_on() {
        john.send(room, "one");
        Client anna = anna();
        List<JsonNode> told = sync(anna, held(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(types(told)).containsExactly("synced");
        assertThat(told.getLast().get("rooms").get(Long.toString(room)).get("last_seq").asLong())
                .isEqualTo(1);
        john.send(room, "two");
        assertThat(anna.next("chat_message").get("message").get("seq").asLong()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000", "{\"seq\":1000000,\"version\":1000000}"})
    void what_is_sent_right_before_a_sync_that_claims_to_hold_it_comes_back_once(String claimed) {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add("c" + i);
            john.queue(
                    "{\"type\":\"message\",\"room\":%d,\"message\":\"m\",\"client_id\":\"c%d\"}"
                            .formatted(room, i));
            john.queue(
                    "{\"type\":\"sync\",\"id\":%d,\"rooms\":{\"%d\":%s}}"
                            .formatted(i, room, claimed));
        }
        john.flush();

        List<String> came = new ArrayList<>();
        int synced = 0;
        while (came.size() < sent.size() || synced < sent.size()) {
            JsonNode frame = john.next();
            if (frame.get("type").asText().equals("synced")) {
                synced++;
            } else {
                came.add(frame.get("message").get("client_id").asText());
            }
        }
        john.ask("ping");
        assertThat(john.rest()).isEmpty();
        assertThat(came).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void an_empty_sync_is_answered() {
        assertThat(types(sync(anna(), Map.of()))).containsExactly("synced");
    }

    @Test
    void a_rooms_own_address_syncs_that_room_and_no_other() {
        long other = server.job("6", "anna", "john");
        john.send(room, "one");
        Client anna = server.connect("/ws/job_chat/5/", "anna:client");
        anna.next("welcome");
        assertThat(seqs(sync(anna, Map.of(Long.toString(room), 0)))).containsExactly(1L);
        JsonNode error = anna.ask("sync", "rooms", Map.of(Long.toString(other), 0));
        assertThat(error.get("code").asText()).isEqualTo("invalid");
    }

    @Test
    void while_many_write_a_sync_leaves_each_message_in_its_place() {
        Client anna = anna();
        say(20);
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 30; i++) {
                john.say("message", "room", room, "message", "r" + round + "-" + i);
            }
            anna.say("sync", "rooms", Map.of(Long.toString(room), 0), "id", "s" + round);
        }
        // A client that keeps the highest number it holds and takes only the next one has all.
        long held = 0;
        int synced = 0;
        while (held < 320 || synced < 10) {
            JsonNode frame = anna.next();
            long seq = frame.path("message").path("seq").asLong();
            if (seq == held + 1) {
                held = seq;
            } else if (seq > 0) {
                assertThat(seq).as("no hole").isLessThanOrEqualTo(held);
            } else if (frame.get("type").asText().equals("synced")) {
                synced++;
                assertThat(frame.get("rooms").get(Long.toString(room)).get("last_seq").asLong())
                        .as("synced says what was told")
                        .isEqualTo(held);
            }
        }
        anna.ask("ping");
        assertThat(anna.rest()).isEmpty();
    }
}
