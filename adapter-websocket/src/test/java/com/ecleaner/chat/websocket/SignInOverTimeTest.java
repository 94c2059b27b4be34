package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.application.live.HandMovedTime;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tokens that run out, and users who become somebody else, on connections that are open. */
@Timeout(60)
class SignInOverTimeTest {
    private final HandMovedTime time = new HandMovedTime();
    private final ChatServer server = ChatServer.at(time);

    @AfterEach
    void stop() {
        server.close();
    }

    private Client connected(String path, String token) {
        Client client = server.connect(path, token);
        client.next("welcome");
        // Live from here on, not only welcome.
        client.ask("ping");
        return client;
    }

    @Test
    void a_connection_ends_when_its_token_does() {
        Client anna = connected("/ws/", "anna:client:60");
        time.move(Duration.ofSeconds(59));
        anna.ask("ping");
        time.move(Duration.ofSeconds(1));
        assertThat(anna.closeCode()).isEqualTo(4401);
    }

    @Test
    void a_renewal_in_time_keeps_it() {
        Client anna = connected("/ws/", "anna:client:60");
        time.move(Duration.ofSeconds(30));
        JsonNode renewed = anna.ask("auth", "token", "anna:client:60");
        assertThat(renewed.get("type").asText()).isEqualTo("authenticated");
        assertThat(renewed.get("expires_at").asText()).isEqualTo("2025-10-25T10:31:30.000Z");
        time.move(Duration.ofSeconds(59));
        anna.ask("ping");
        time.move(Duration.ofSeconds(1));
        assertThat(anna.closeCode()).isEqualTo(4401);
    }

    @Test
    void a_token_of_somebody_else_or_a_bad_one_changes_nothing() {
        Client anna = connected("/ws/", "anna:client:60");
        assertThat(code(anna, "token", "john:client:600")).isEqualTo("forbidden");
        assertThat(code(anna, "token", "rubbish")).isEqualTo("invalid");
        assertThat(code(anna, "token", "anna:client:0")).isEqualTo("invalid");
        assertThat(code(anna, "token", 7)).isEqualTo("invalid");
        assertThat(code(anna)).isEqualTo("invalid");
        time.move(Duration.ofSeconds(60));
        assertThat(anna.closeCode()).isEqualTo(4401);
    }

    private static String code(Client client, Object... fields) {
        return client.ask("auth", fields).path("code").asText();
    }

    @Test
    void a_token_without_end_in_sight_is_no_trouble() {
        Client anna = connected("/ws/", "anna:client:99999999999");
        anna.ask("ping");
    }

    @Test
    void an_erased_user_is_closed_everywhere_and_blanked_on_the_others_screens() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("/ws/", "anna:client");
        Client phone = connected("/ws/job_chat/5/", "anna:client");
        Client john = connected("/ws/", "john:cleaner");
        anna.send(room, "my secret");
        server.erase("anna");
        assertThat(anna.closeCode()).isEqualTo(4401);
        assertThat(phone.closeCode()).isIn(4401, 4403);
        assertThat(john.await("user_erased").get("user_id").asText()).isEqualTo("anna");
        JsonNode left = john.await("room").get("room");
        assertThat(left.get("participants")).hasSize(1);
        assertThat(left.get("unread_count").asLong()).isZero();
        JsonNode page = john.ask("history", "room", room);
        assertThat(page.get("results").get(0).get("content").asText()).isEmpty();
        assertThat(page.get("results").get(0).get("sender").get("username").asText()).isEmpty();
        john.say("read", "room", room, "up_to_seq", 1);
        assertThat(john.await("read").get("unread_count").asLong()).isZero();
    }

    @Test
    void an_admin_who_is_one_no_more_loses_what_only_admins_see_at_once() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("/ws/", "anna:client");
        Client eve = connected("/ws/job_chat/5/", "eve:admin");
        Client all = connected("/ws/", "eve:admin");
        anna.send(room, "before");
        eve.await("chat_message");
        server.role("eve", Role.CLEANER);
        assertThat(eve.await("room_left").get("room").asLong()).isEqualTo(room);
        assertThat(eve.closeCode()).isEqualTo(4403);
        assertThat(all.ask("history", "room", room).get("code").asText()).isEqualTo("not_found");
        anna.ask("open_room", "room_type", "support");
        all.ask("ping");
        assertThat(all.seen()).noneMatch(f -> f.get("type").asText().equals("room"));
    }

    @Test
    void an_admin_who_wrote_and_is_one_no_more_is_put_out_at_once_and_hears_nothing_later() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("/ws/", "anna:client");
        Client eve = connected("/ws/", "eve:admin");
        Client one = connected("/ws/job_chat/5/", "eve:admin");
        eve.send(room, "support here");
        anna.await("room");
        anna.send(room, "thanks");
        assertThat(eve.await("chat_message", f -> f.at("/message/seq").asLong() == 2)).isNotNull();
        server.role("eve", Role.CLIENT);
        assertThat(anna.await("room").at("/room/participants")).hasSize(2);
        anna.send(room, "eve need not know");
        assertThat(eve.await("room_left").get("room").asLong()).isEqualTo(room);
        assertThat(one.closeCode()).isEqualTo(4403);
        for (String ask : new String[] {"history", "room", "typing"}) {
            assertThat(eve.ask(ask, "room", room, "is_typing", true).get("code").asText())
                    .isEqualTo("not_found");
        }
        assertThat(eve.ask("message", "room", room, "message", "still?").get("code").asText())
                .isEqualTo("not_found");
        JsonNode rooms = eve.ask("rooms");
        assertThat(rooms.get("results")).isEmpty();
        assertThat(rooms.get("total_unread").asLong()).isZero();
        JsonNode synced = eve.ask("sync", "rooms", Map.of(String.valueOf(room), 0));
        assertThat(synced.at("/rooms/" + room).isNull()).isTrue();
        assertThat(eve.seen())
                .noneMatch(f -> f.at("/message/content").asText().equals("eve need not know"));
        assertThat(connected("/ws/", "eve:client").ask("rooms").get("results")).isEmpty();
    }

    @Test
    void a_token_without_the_role_that_opened_a_room_loses_the_room() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("/ws/", "anna:client");
        Client eve = connected("/ws/", "eve:admin");
        eve.send(room, "support here");
        anna.send(room, "thanks");
        eve.await("chat_message", f -> f.at("/message/seq").asLong() == 2);
        Client other = server.connect("/ws/", "eve:client");
        JsonNode welcome = other.next("welcome");
        assertThat(welcome.get("rooms")).isEmpty();
        assertThat(welcome.get("total_unread").asLong()).isZero();

        eve.say("auth", "token", "eve:client");

        eve.awaitAll(
                Map.of(
                        "the answer", f -> f.get("type").asText().equals("authenticated"),
                        "the loss",
                                f ->
                                        f.get("type").asText().equals("room_left")
                                                && f.get("room").asLong() == room));
        anna.send(room, "eve need not know");
        eve.ask("ping");
        other.ask("ping");
        for (Client client : List.of(eve, other)) {
            assertThat(client.seen())
                    .noneMatch(f -> f.at("/message/content").asText().equals("eve need not know"));
        }
    }

    @Test
    void whoever_becomes_an_admin_may_look_without_connecting_again() {
        long room = server.job("5", "anna", "john");
        Client eve = connected("/ws/", "eve:cleaner");
        assertThat(eve.ask("room", "room", room).get("code").asText()).isEqualTo("not_found");
        server.role("eve", Role.ADMIN);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(eve.ask("room", "room", room).get("type").asText())
                                        .isEqualTo("room"));
        Client anna = connected("/ws/", "anna:client");
        anna.ask("open_room", "room_type", "support");
        assertThat(eve.await("room", f -> !f.has("id")).get("room").get("room_type").asText())
                .isEqualTo("support");
    }

    @Test
    void a_name_that_the_platform_changes_is_on_the_next_message() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("/ws/", "anna:client");
        server.chat
                .maintainUsers()
                .put(
                        ChatServer.PLATFORM,
                        new com.ecleaner.chat.domain.user.Person(
                                new com.ecleaner.chat.domain.user.UserId("anna"),
                                "anna",
                                "Annabel"),
                        java.util.Optional.empty());
        assertThat(anna.send(room, "hi").get("message").get("sender").get("first_name").asText())
                .isEqualTo("Annabel");
    }
}
