package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.client.ChatClient;
import com.ecleaner.chat.client.RoomCopy;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The reference client where the server holds it back or has too much to tell. */
@Timeout(120)
class ReferenceClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir static Path folder;
    private static RunningChat chat;

    @BeforeAll
    static void start() {
        chat = RunningChat.in(folder, Map.of("CHAT_RATE_LIMIT", "50:420"));
    }

    @AfterAll
    static void stop() {
        chat.close();
    }

    private static ChatClient client(String user, Role role, int port) {
        String token = chat.platform().token(user, role);
        return new ChatClient(
                user,
                client -> URI.create("ws://127.0.0.1:" + port + "/ws/?token=" + token),
                Duration.ofMillis(50),
                7);
    }

    @Test
    void a_fast_writer_is_slowed_down_and_every_message_arrives_once() {
        long room = chat.platform().book("fast", "fay", "john");
        try (ChatClient fay = client("fay", Role.CLIENT, chat.port())) {
            await().atMost(PATIENCE).until(fay::isLevel);
            for (int i = 0; i < 600; i++) {
                fay.send(room, "message " + i, "c" + i);
            }
            await().atMost(PATIENCE).until(fay::everythingEchoed);
            assertThat(fay.errors())
                    .isNotEmpty()
                    .allMatch(e -> e.get("code").asText().equals("rate_limited"))
                    .allMatch(e -> e.get("retryable").asBoolean())
                    .allMatch(e -> e.get("retry_after").asDouble() > 0);
            assertThat(fay.faults()).isEmpty();
            assertThat(fay.closeCodes()).isEmpty();
            assertThat(chat.platform().log(room, chat.platform().token("fay", Role.CLIENT)))
                    .extracting(m -> m.get("client_id").asText())
                    .hasSize(600)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void a_device_that_missed_more_than_five_hundred_messages_reads_the_gap_as_history()
            throws IOException {
        long room = chat.platform().book("gap", "anna", "john");
        try (CuttingProxy line = new CuttingProxy(chat.port());
                ChatClient anna = client("anna", Role.CLIENT, chat.port());
                ChatClient john = client("john", Role.CLEANER, line.port())) {
            john.keepingFrames();
            await().atMost(PATIENCE).until(() -> anna.isLevel() && john.isLevel());
            anna.send(room, "before", "before");
            await().atMost(PATIENCE).until(() -> john.room(room).highest() == 1);
            line.away(true);
            for (int i = 0; i < 700; i++) {
                anna.send(room, "missed " + i, "c" + i);
            }
            await().atMost(PATIENCE).until(anna::everythingEchoed);

            line.away(false);
            // While the gap is read, the room goes on.
            for (int i = 0; i < 50; i++) {
                JsonNode echo = anna.echo("c" + (600 + i));
                anna.tell(
                        ChatClient.frame("edit")
                                .put("room", room)
                                .put("message_id", echo.get("id").asLong())
                                .put("message", "edited " + i));
                anna.send(room, "later " + i, "l" + i);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                RoomCopy copy = john.room(room);
                                assertThat(john.isLevel()).isTrue();
                                assertThat(contents(copy.messages())).isEqualTo(record(room));
                                assertThat(copy.messages()).hasSize(751);
                            });
            assertThat(john.frames()).anyMatch(f -> f.get("type").asText().equals("gap"));
            assertThat(john.faults()).isEmpty();
            assertThat(john.unread(room)).isEqualTo(751);
        }
    }

    private static List<String> record(long room) {
        return contents(chat.platform().log(room, chat.platform().token("anna", Role.CLIENT)));
    }

    private static List<String> contents(List<JsonNode> messages) {
        return messages.stream()
                .map(m -> m.get("seq").asText() + " " + m.get("content").asText())
                .toList();
    }
}
