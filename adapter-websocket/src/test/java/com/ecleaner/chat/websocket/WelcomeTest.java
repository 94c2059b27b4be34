package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.live.HandMovedTime;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Who gets in, at which address, and what they are told first. */
@Timeout(60)
class WelcomeTest {
    @Test
    void the_welcome_says_who_one_is_what_the_bounds_are_and_where_one_left_off() {
        try (ChatServer server = ChatServer.start()) {
            long room = server.job("5", "26", "john");
            Client john = server.connect("john:cleaner");
            john.next("welcome");
            john.send(room, "hello");
            JsonNode welcome = server.connect("26:client").next("welcome");
            assertThat(welcome.get("user").get("id").isNumber()).isTrue();
            assertThat(welcome.get("user").get("id").asLong()).isEqualTo(26);
            assertThat(welcome.get("user").get("username").asText()).isEqualTo("26");
            assertThat(welcome.get("user").get("role").asText()).isEqualTo("client");
            assertThat(welcome.get("session").asText()).isNotEmpty();
            assertThat(Instant.parse(welcome.get("server_time").asText()))
                    .isBefore(Instant.now().plusSeconds(60));
            assertThat(welcome.get("heartbeat_seconds").asLong()).isEqualTo(25);
            assertThat(welcome.get("limits").get("frame_bytes").asLong())
                    .isGreaterThanOrEqualTo(65_536);
            assertThat(welcome.get("limits").get("message_length").asLong()).isEqualTo(4_000);
            assertThat(welcome.get("total_unread").asLong()).isEqualTo(1);
            assertThat(welcome.get("next").isNull()).isTrue();
            assertThat(welcome.get("rooms")).hasSize(1);
            JsonNode shown = welcome.get("rooms").get(0);
            assertThat(shown.get("id").asLong()).isEqualTo(room);
            assertThat(shown.get("unread_count").asLong()).isEqualTo(1);
            assertThat(shown.get("last_seq").asLong()).isEqualTo(1);
            assertThat(shown.get("version").asLong()).isEqualTo(2);
            assertThat(shown.get("last_message").get("content").asText()).isEqualTo("hello");
        }
    }

    @Test
    void a_rooms_own_address_shows_that_room_and_counts_all() {
        try (ChatServer server = ChatServer.start()) {
            long room = server.job("5", "anna", "john");
            long other = server.job("6", "anna", "john");
            Client john = server.connect("john:cleaner");
            john.next("welcome");
            john.send(room, "here");
            john.send(other, "there");
            Client anna = server.connect("/ws/job_chat/5/", "anna:client");
            JsonNode welcome = anna.next("welcome");
            assertThat(welcome.get("rooms")).hasSize(1);
            assertThat(welcome.get("rooms").get(0).get("id").asLong()).isEqualTo(room);
            assertThat(welcome.get("total_unread").asLong()).isEqualTo(2);
            john.send(other, "still there");
            john.send(room, "and here");
            assertThat(anna.await("chat_message").get("room").asLong()).isEqualTo(room);
        }
    }

    @Test
    void a_general_room_is_made_and_joined_by_connecting_to_it() {
        try (ChatServer server = ChatServer.start()) {
            Client anna = server.connect("/ws/chat/caf%C3%A9%20bar/", "anna:client");
            JsonNode room = anna.next("welcome").get("rooms").get(0);
            assertThat(room.get("name").asText()).isEqualTo("café bar");
            assertThat(room.get("room_type").asText()).isEqualTo("general");
            assertThat(room.get("participants")).hasSize(1);
            Client john = server.connect("/ws/chat/caf%C3%A9%20bar", "john:cleaner");
            assertThat(john.next("welcome").get("rooms").get(0).get("id"))
                    .isEqualTo(room.get("id"));
            JsonNode now = anna.await("room").get("room");
            assertThat(now.get("participants")).hasSize(2);
        }
    }

    @Test
    void an_address_without_its_last_slash_is_the_same() {
        try (ChatServer server = ChatServer.start()) {
            long room = server.job("5", "anna", "john");
            for (String path : new String[] {"/ws", "/ws/job_chat/5"}) {
                JsonNode rooms = server.connect(path, "anna:client").next("welcome").get("rooms");
                assertThat(rooms).as(path).hasSize(1);
                assertThat(rooms.get(0).get("id").asLong()).isEqualTo(room);
            }
        }
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource({
        "/ws/job_chat/99/,anna:client,4404",
        "/ws/job_chat/5/,carl:client,4404",
        "/ws/job_chat/5/,carl:cleaner,4404",
        "/ws/chat/a%2Fb/,anna:client,4404",
        "/ws/chat/a%00b/,anna:client,4404",
        "/ws/,nobody,4401",
        "/ws/,anna:king,4401",
        "/ws/,anna:client:-5,4401",
        "/ws/job_chat/5/,nobody,4401"
    })
    void a_refused_connection_is_closed_at_once_with_a_code(String path, String token, int code) {
        try (ChatServer server = ChatServer.start()) {
            server.job("5", "anna", "john");
            Client client = server.connect(path, token);
            assertThat(client.closeCode()).isEqualTo(code);
            assertThat(client.rest()).isEmpty();
            assertThat(server.hub.size()).isZero();
        }
    }

    @Test
    void no_token_at_all_is_refused() {
        try (ChatServer server = ChatServer.start()) {
            assertThat(server.open("/ws/").closeCode()).isEqualTo(4401);
            assertThat(server.open("/ws/?token=").closeCode()).isEqualTo(4401);
            assertThat(server.open("/ws/?ticket=nope").closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void a_bearer_header_lets_in_too() {
        try (ChatServer server = ChatServer.start()) {
            Client anna = server.open("/ws/", "Authorization", "Bearer anna:client");
            assertThat(anna.next("welcome").get("user").get("id").asText()).isEqualTo("anna");
        }
    }

    @Test
    void a_foreign_origin_is_refused_and_the_servers_own_is_not() {
        try (ChatServer server = ChatServer.start()) {
            Client evil = server.open("/ws/?token=anna:client", "Origin", "https://evil.test");
            assertThat(evil.closeCode()).isEqualTo(4403);
            Client own =
                    server.open(
                            "/ws/?token=anna:client",
                            "Origin",
                            "http://127.0.0.1:" + server.port());
            own.next("welcome");
        }
    }

    @Test
    void a_ticket_lets_in_once_and_for_thirty_seconds() {
        HandMovedTime time = new HandMovedTime();
        try (ChatServer server = ChatServer.at(time)) {
            String ticket = server.ticket("anna", Role.CLIENT);
            JsonNode welcome = server.open("/ws/?ticket=" + ticket).next("welcome");
            assertThat(welcome.get("user").get("id").asText()).isEqualTo("anna");
            assertThat(server.open("/ws/?ticket=" + ticket).closeCode()).isEqualTo(4401);
            String late = server.ticket("anna", Role.CLIENT);
            time.move(Duration.ofSeconds(30));
            assertThat(server.open("/ws/?ticket=" + late).closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void a_ticket_never_outlives_the_token_it_came_from() {
        HandMovedTime time = new HandMovedTime();
        try (ChatServer server = ChatServer.at(time)) {
            Duration tenSeconds = Duration.ofSeconds(10);
            Doorkeeper.Ticket first = server.ticket("anna", Role.CLIENT, tenSeconds);
            Doorkeeper.Ticket second = server.ticket("anna", Role.CLIENT, tenSeconds);
            assertThat(first.life()).isEqualTo(tenSeconds);
            time.move(Duration.ofSeconds(9));
            Client anna = server.open("/ws/?ticket=" + first.secret());
            anna.next("welcome");
            time.move(Duration.ofSeconds(1));
            assertThat(anna.closeCode()).isEqualTo(4401);
            assertThat(server.open("/ws/?ticket=" + second.secret()).closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void one_connection_too_many_is_refused_and_there_is_room_again_once_one_is_gone() {
        ChatServer.Options o = ChatServer.options();
        try (ChatServer server =
                new ChatServer(new ChatServer.Options(o.time(), 2, o.bus(), o.settings()))) {
            Client first = server.connect("anna:client");
            first.next("welcome");
            server.connect("anna:client").next("welcome");
            assertThat(server.connect("anna:client").closeCode()).isEqualTo(4429);
            assertThat(server.connect("/ws/chat/lobby/", "anna:client").closeCode())
                    .isEqualTo(4429);
            assertThat(server.store.rooms().find(new RoomKey.OfAll("lobby")))
                    .as("who is turned away opens nothing")
                    .isEmpty();
            server.connect("john:client").next("welcome");
            first.close();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(server.hub.size()).isEqualTo(2));
            server.connect("anna:client").next("welcome");
        }
    }

    @Test
    void a_draining_node_closes_everybody_and_takes_nobody() {
        try (ChatServer server = ChatServer.start()) {
            Client anna = server.connect("anna:client");
            anna.next("welcome");
            server.hub.drain(Duration.ofMillis(20));
            assertThat(anna.closeCode()).isEqualTo(1001);
            assertThat(server.connect("john:client").closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void nothing_is_left_of_a_connection_that_is_gone() {
        HandMovedTime time = new HandMovedTime();
        try (ChatServer server = ChatServer.at(time)) {
            server.job("5", "anna", "john");
            List<Client> clients =
                    List.of(
                            server.connect("anna:client"),
                            server.connect("/ws/job_chat/5/", "john:cleaner"),
                            server.connect("/ws/chat/lobby/", "anna:client"));
            clients.forEach(client -> client.next("welcome"));
            // Who is gone before they arrived may be said farewell to once more.
            clients.forEach(client -> client.ask("ping"));
            clients.forEach(Client::close);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> {
                                assertThat(server.hub.size()).isZero();
                                assertThat(server.hub.followedRooms()).isZero();
                                assertThat(time.dueWithin(Duration.ofSeconds(3)))
                                        .as("farewells and the next look at what changed")
                                        .isEqualTo(3);
                                assertThat(time.dueWithin(Duration.ofDays(1)))
                                        .as("these and the next comparison, no expiry")
                                        .isEqualTo(4);
                            });
            time.move(Duration.ofSeconds(3));
            await().until(() -> time.dueWithin(Duration.ofDays(1)) == 2);
        }
    }

    @Test
    void a_store_that_is_away_says_try_later_and_leaves_nothing_behind() {
        try (ChatServer server = ChatServer.start()) {
            server.signInAway.set(true);
            assertThat(server.connect("anna:client").closeCode()).isEqualTo(1013);
            assertThat(server.hub.size()).isZero();
            server.signInAway.set(false);
            server.connect("anna:client").next("welcome");
        }
    }

    @Test
    void what_the_platform_wrote_beats_the_token() {
        try (ChatServer server = ChatServer.start()) {
            server.role("anna", Role.ADMIN);
            JsonNode welcome = server.connect("anna:client").next("welcome");
            assertThat(welcome.get("user").get("role").asText()).isEqualTo("admin");
            server.erase("anna");
            assertThat(server.connect("anna:client").closeCode()).isEqualTo(4401);
        }
    }
}
