package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.live.HandMovedTime;
import com.ecleaner.chat.domain.room.RoomKey;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Typing and presence: true for a moment, stored nowhere. */
@Timeout(60)
class PassingTest {
    private final HandMovedTime time = new HandMovedTime();
    private final ChatServer server = ChatServer.at(time);
    private long room;
    private Client anna;
    private Client john;

    @BeforeEach
    void a_client_and_a_cleaner_are_connected() {
        room = server.job("5", "anna", "john");
        anna = connected("anna:client");
        john = connected("john:cleaner");
        anna.await("presence");
    }

    private Client connected(String token) {
        Client client = server.connect(token);
        client.next("welcome");
        client.ask("ping");
        server.settle();
        return client;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static boolean isOf(JsonNode frame, String type) {
        return frame.get("type").asText().equals(type);
    }

    // --- typing

    @Test
    void typing_reaches_the_others_and_not_oneself_on_any_device() {
        Client phone = connected("anna:client");
        anna.say("typing", "room", room, "is_typing", true);
        JsonNode typing = john.await("typing");
        assertThat(typing.get("room").asLong()).isEqualTo(room);
        assertThat(typing.get("is_typing").asBoolean()).isTrue();
        assertThat(typing.get("user").get("id").asText()).isEqualTo("anna");
        assertThat(typing.get("user").get("first_name").asText()).isEqualTo("First anna");
        anna.say("typing", "room", room, "is_typing", false);
        assertThat(john.await("typing").get("is_typing").asBoolean()).isFalse();
        anna.send(room, "typed");
        phone.await("chat_message");
        assertThat(anna.seen()).noneMatch(f -> isOf(f, "typing"));
        assertThat(phone.seen()).noneMatch(f -> isOf(f, "typing"));
    }

    @Test
    void typing_ends_by_itself_after_six_seconds_and_going_on_puts_that_off() {
        anna.say("typing", "room", room, "is_typing", true);
        john.await("typing");
        time.move(Duration.ofSeconds(5));
        anna.say("typing", "room", room, "is_typing", true);
        john.await("typing");
        time.move(Duration.ofSeconds(5));
        anna.send(room, "still at it");
        assertThat(john.until("chat_message")).noneMatch(f -> isOf(f, "typing"));
        time.move(Duration.ofSeconds(1));
        assertThat(john.await("typing").get("is_typing").asBoolean()).isFalse();
    }

    @Test
    void whoever_is_no_participant_types_unseen_and_a_stranger_finds_no_room() {
        Client eve = server.connect("/ws/job_chat/5/", "eve:admin");
        eve.next("welcome");
        eve.say("typing", "is_typing", true);
        Client mallory = connected("mallory:client");
        JsonNode error = mallory.ask("typing", "room", room, "is_typing", true);
        assertThat(error.get("code").asText()).isEqualTo("not_found");
        eve.ask("ping");
        anna.send(room, "nobody typed");
        assertThat(john.until("chat_message")).noneMatch(f -> isOf(f, "typing"));
    }

    @Test
    void nobody_types_in_a_closed_room() {
        server.job("5", "anna", "john", "assigned", Optional.of(false));
        anna.await("room");
        JsonNode error = anna.ask("typing", "room", room, "is_typing", true);
        assertThat(error.get("code").asText()).isEqualTo("room_closed");
    }

    // --- presence

    @Test
    void the_first_device_is_told_to_whoever_shares_a_room_and_the_second_is_not() {
        Client stranger = connected("sid:client");
        Client carl = connected("carl:client");
        server.job("6", "carl", "john");
        carl.await("room");
        john.await("room");
        Client ida = connected("ida:client");
        long jobOfIda = server.job("7", "ida", "john");
        ida.await("room");
        john.await("room");
        carl.close();
        ida.close();
        awaitFarewells(2);
        time.move(Duration.ofSeconds(10));
        assertThat(List.of(john.await("presence"), john.await("presence")))
                .extracting(f -> f.get("user_id").asText())
                .containsExactlyInAnyOrder("carl", "ida");
        connected("carl:client");
        JsonNode here = john.await("presence");
        assertThat(here.get("user_id").asText()).isEqualTo("carl");
        assertThat(here.get("is_online").asBoolean()).isTrue();
        assertThat(here.get("last_seen").isNull()).isTrue();
        connected("carl:client");
        john.send(jobOfIda, "between us");
        assertThat(john.rest()).noneMatch(f -> isOf(f, "presence"));
        anna.ask("ping");
        assertThat(anna.rest()).noneMatch(f -> isOf(f, "presence"));
        stranger.ask("ping");
        assertThat(stranger.rest()).isEmpty();
    }

    @Test
    void the_last_device_gone_is_told_after_three_seconds_with_when_it_was() {
        Client phone = connected("anna:client");
        phone.close();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.hub.size()).isEqualTo(2));
        time.move(Duration.ofSeconds(10));
        anna.close();
        awaitFarewells(1);
        time.move(Duration.ofSeconds(3));
        JsonNode gone = john.await("presence");
        assertThat(gone.get("user_id").asText()).isEqualTo("anna");
        assertThat(gone.get("is_online").asBoolean()).isFalse();
        assertThat(gone.get("last_seen").asText()).isEqualTo("2025-10-25T10:30:10.000Z");
    }

    @Test
    void a_page_that_is_loaded_anew_tells_nobody() {
        anna.close();
        awaitFarewells(1);
        time.move(Duration.ofSeconds(2));
        Client again = connected("anna:client");
        time.move(Duration.ofSeconds(10));
        again.send(room, "back");
        assertThat(john.until("chat_message")).noneMatch(f -> isOf(f, "presence"));
    }

    @Test
    void a_room_tells_who_of_its_people_is_here() {
        JsonNode people = anna.ask("room", "room", room).get("room").get("participants");
        assertThat(people).hasSize(2);
        people.forEach(p -> assertThat(p.get("is_online").asBoolean()).isTrue());
        john.close();
        awaitFarewells(1);
        people = anna.ask("room", "room", room).get("room").get("participants");
        JsonNode his =
                people.get(0).get("user").get("id").asText().equals("john")
                        ? people.get(0)
                        : people.get(1);
        assertThat(his.get("is_online").asBoolean()).isFalse();
        assertThat(his.get("last_seen").asText()).isEqualTo("2025-10-25T10:30:00.000Z");
    }

    @Test
    void a_room_of_more_than_fifty_people_knows_no_presence() {
        for (int i = 0; i <= 50; i++) {
            server.chat
                    .openRoom()
                    .open(server.actor("u" + i + ":client"), new RoomKey.OfAll("hall"));
        }
        Client first = connected("u0:client");
        connected("u1:client");
        first.ask("ping");
        JsonNode hall = first.ask("rooms").get("results").get(0);
        hall.get("participants").forEach(p -> assertThat(p.get("is_online").asBoolean()).isFalse());
        assertThat(first.seen()).noneMatch(f -> isOf(f, "presence"));
    }

    /**
     * The server has noticed that so many users are gone, and is about to say so; besides, it is
     * always about to look at what changed.
     */
    private void awaitFarewells(int count) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(time.dueWithin(Duration.ofSeconds(3)))
                                        .isEqualTo(count + 1));
    }
}
