package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

@Timeout(60)
class ReadingTest {
    private final ChatServer server = ChatServer.start();
    private long room;
    private Client anna;
    private Client phone;
    private Client john;

    @BeforeEach
    void a_client_with_two_devices_and_a_cleaner_are_connected() {
        room = server.job("5", "anna", "john");
        anna = server.connect("anna:client");
        phone = server.connect("/ws/job_chat/5/", "anna:client");
        john = server.connect("john:cleaner");
        anna.next("welcome");
        phone.next("welcome");
        john.next("welcome");
        john.ask("ping");
        server.settle();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_mark_reaches_everybody_and_only_ones_own_devices_hear_what_is_left_unread() {
        john.send(room, "one");
        john.send(room, "two");
        john.send(room, "three");
        anna.say("read", "room", room, "up_to_seq", 2);
        for (Client own : new Client[] {anna, phone}) {
            JsonNode read = own.await("read");
            assertThat(read.get("room").asLong()).isEqualTo(room);
            assertThat(read.get("user_id").asText()).isEqualTo("anna");
            assertThat(read.get("up_to_seq").asLong()).isEqualTo(2);
            assertThat(read.get("unread_count").asLong()).isEqualTo(1);
            assertThat(read.get("total_unread").asLong()).isEqualTo(1);
            assertThat(read.get("version").asLong()).isEqualTo(5);
        }
        JsonNode read = john.await("read");
        assertThat(read.get("up_to_seq").asLong()).isEqualTo(2);
        assertThat(read.has("unread_count")).isFalse();
        assertThat(read.has("total_unread")).isFalse();
        assertThat(server.unread(room, "anna")).isEqualTo(1);
    }

    @Test
    void the_total_is_over_all_rooms_also_on_a_rooms_own_address() {
        long other = server.job("6", "anna", "john");
        john.await("room");
        anna.await("room");
        john.send(other, "there");
        john.send(room, "here");
        anna.await("chat_message");
        anna.await("chat_message");
        phone.await("chat_message");
        // It shows one room alone: no frame says that it counts the other by now.
        await().atMost(Duration.ofSeconds(20))
                .until(() -> phone.ask("rooms").get("total_unread").asLong() == 2);
        phone.say("read", "up_to_seq", 1);
        JsonNode read = phone.await("read");
        assertThat(read.get("unread_count").asLong()).isZero();
        assertThat(read.get("total_unread").asLong()).isEqualTo(1);
    }

    @Test
    void a_mark_beyond_the_end_counts_as_the_end_and_a_huge_one_too() {
        john.send(room, "one");
        anna.say("read", "room", room, "up_to_seq", Long.MAX_VALUE);
        assertThat(anna.await("read").get("up_to_seq").asLong()).isEqualTo(1);
    }

    @Test
    void a_mark_that_moves_nothing_is_answered_to_the_asker_alone_with_the_mark_as_it_is() {
        john.send(room, "one");
        anna.say("read", "room", room, "up_to_seq", 1);
        anna.await("read");
        phone.await("read");
        john.await("read");
        JsonNode answer = anna.ask("read", "room", room, "up_to_seq", 0);
        assertThat(answer.get("type").asText()).isEqualTo("read");
        assertThat(answer.get("up_to_seq").asLong()).isEqualTo(1);
        assertThat(answer.get("unread_count").asLong()).isZero();
        assertThat(answer.get("version").isIntegralNumber()).isTrue();
        assertThat(answer.get("version").asLong()).as("as told").isEqualTo(3);
        long version = john.send(room, "two").get("version").asLong();
        assertThat(version).as("no version was taken in between").isEqualTo(4);
        assertThat(phone.until("chat_message")).hasSize(1);
    }

    @Test
    void sending_is_not_reading_and_ones_own_messages_are_never_unread() {
        john.send(room, "his");
        anna.send(room, "hers, crossing it");
        assertThat(server.unread(room, "anna")).isEqualTo(1);
        JsonNode shown = anna.ask("room", "room", room).get("room");
        assertThat(shown.get("unread_count").asLong()).isEqualTo(1);
        assertThat(shown.get("last_read_seq").asLong()).isZero();
    }

    @Test
    void a_deleted_message_stops_counting() {
        long id = john.send(room, "one").get("message").get("id").asLong();
        john.send(room, "two");
        john.say("delete", "room", room, "message_id", id);
        anna.await("message_deleted");
        anna.say("read", "room", room, "up_to_seq", 1);
        assertThat(anna.await("read").get("unread_count").asLong()).isEqualTo(1);
        Client again = server.connect("anna:client");
        assertThat(again.next("welcome").get("total_unread").asLong()).isEqualTo(1);
    }

    @Test
    void an_admin_who_only_looks_has_nothing_unread_and_moves_no_mark() {
        john.send(room, "one");
        Client eve = server.connect("/ws/job_chat/5/", "eve:admin");
        JsonNode welcome = eve.next("welcome");
        assertThat(welcome.get("total_unread").asLong()).isZero();
        assertThat(welcome.get("rooms").get(0).get("unread_count").asLong()).isZero();
        JsonNode answer = eve.ask("read", "up_to_seq", 1);
        assertThat(answer.get("up_to_seq").asLong()).isZero();
        assertThat(answer.get("unread_count").asLong()).isZero();
        john.send(room, "two");
        assertThat(john.seen()).noneMatch(f -> f.get("type").asText().equals("read"));
        JsonNode first = john.ask("history", "room", room).get("results").get(0);
        assertThat(first.get("is_read").asBoolean()).isFalse();
    }

    @Test
    void is_read_follows_the_marks_of_others() {
        john.send(room, "one");
        john.say("read", "room", room, "up_to_seq", 1);
        john.await("read");
        assertThat(isRead()).as("one's own mark says nothing").isFalse();
        anna.say("read", "room", room, "up_to_seq", 1);
        anna.await("read", f -> f.get("user_id").asText().equals("anna"));
        assertThat(isRead()).isTrue();
    }

    private boolean isRead() {
        return john.ask("history", "room", room).get("results").get(0).get("is_read").asBoolean();
    }

    @Test
    void marks_move_on_in_a_closed_room() {
        john.send(room, "one");
        server.job("5", "anna", "john", "done", java.util.Optional.of(false));
        anna.await("room", f -> !f.get("room").get("is_active").asBoolean());
        long last = anna.ask("room", "room", room).get("room").get("last_seq").asLong();
        anna.say("read", "room", room, "up_to_seq", last);
        JsonNode read = anna.await("read");
        assertThat(read.get("up_to_seq").asLong()).isEqualTo(last);
        assertThat(read.get("unread_count").asLong()).isZero();
    }

    @Test
    void a_large_room_tells_nobody_of_others_marks() {
        Client boss = server.connect("/ws/chat/hall/", "u0:client");
        boss.next("welcome");
        for (int i = 1; i <= 50; i++) {
            server.chat
                    .openRoom()
                    .open(
                            server.actor("u" + i + ":client"),
                            new com.ecleaner.chat.domain.room.RoomKey.OfAll("hall"));
        }
        Client other = server.connect("/ws/chat/hall/", "u1:client");
        JsonNode hall = other.next("welcome").get("rooms").get(0);
        assertThat(hall.get("participants").size()).isEqualTo(50);
        assertThat(hall.get("participant_count").asLong()).isEqualTo(51);
        long id = hall.get("id").asLong();
        boss.send(id, "hello all");
        other.await("chat_message");
        other.say("read", "up_to_seq", 1);
        assertThat(other.await("read").get("unread_count").asLong()).isZero();
        other.send(id, "seen");
        assertThat(boss.until(f -> f.path("message").path("content").asText().equals("seen"), "it"))
                .noneMatch(f -> f.get("type").asText().equals("read"));
    }
}
