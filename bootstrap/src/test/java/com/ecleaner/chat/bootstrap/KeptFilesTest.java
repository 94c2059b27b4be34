package com.ecleaner.chat.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.given.Photos;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.system.Platform;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** The life of a file in the whole server, from its upload until it is off the disk. */
final class KeptFilesTest {
    private static final byte[] TEXT = "Mind the stairs".getBytes(StandardCharsets.UTF_8);

    static {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    @TempDir static Path data;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    @AutoClose private Server server;
    private Platform platform;
    private long room;

    @BeforeEach
    void start() {
        Settings settings =
                Settings.from(
                        Map.of(
                                "CHAT_PORT", "0",
                                "CHAT_DATA_DIR", data.toString(),
                                "CHAT_JWT_SECRET", "a secret of the tests, and of nobody else",
                                "CHAT_RATE_LIMIT", "off"));
        server = Server.start(settings, now::get);
        platform = new Platform(server.port(), TokenIssuer.of(settings, now::get));
        room = platform.book("5", "anna", "john");
    }

    private String token(String user) {
        return platform.token(user, user.equals("john") ? Role.CLEANER : Role.CLIENT);
    }

    private JsonNode upload(String user, String name, byte[] bytes) {
        Platform.Answer answer = platform.upload(token(user), room, name, bytes);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer.body();
    }

    /** Returns the address of the message. */
    private String send(String user, JsonNode file) {
        String messages = "/chat/rooms/" + room + "/";
        String type = file.get("width").isNull() ? "file" : "image";
        Platform.Answer sent =
                platform.post(
                        messages + "send_message/",
                        token(user),
                        Platform.JSON
                                .createObjectNode()
                                .put("message", "")
                                .put("message_type", type)
                                .put("attachment_id", file.get("id").asText()));
        assertThat(sent.status()).as("%s", sent).isEqualTo(201);
        return messages + "messages/" + sent.body().get("id").asLong() + "/";
    }

    private int download(JsonNode file, String which) {
        return platform.status(file.get(which).asText(), token("anna"));
    }

    private void assertOnDisk(int files) {
        server.chat().sweepFiles().sweep();
        // The server's own clearing up may be at it just now.
        await().untilAsserted(() -> assertThat(onDisk()).isEqualTo(files));
    }

    private static long onDisk() throws IOException {
        try (Stream<Path> all = Files.walk(data.resolve("files"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void a_file_leaves_the_disk_with_its_message_its_user_or_unsent_after_a_day_and_not_before() {
        byte[] picture = Photos.png(640, 480);
        JsonNode kept = upload("anna", "kept.png", picture);
        send("anna", kept);
        JsonNode deleted = upload("anna", "deleted.png", picture);
        String message = send("anna", deleted);
        JsonNode johns = upload("john", "plan.txt", TEXT);
        send("john", johns);
        JsonNode unsent = upload("anna", "unsent.txt", TEXT);
        for (JsonNode file : new JsonNode[] {kept, deleted, johns, unsent}) {
            assertThat(download(file, "url")).isEqualTo(200);
        }
        assertThat(download(deleted, "thumbnail_url")).isEqualTo(200);
        assertOnDisk(6);

        assertThat(platform.send("DELETE", message, token("anna"), null).status()).isEqualTo(204);
        assertThat(download(deleted, "url")).isEqualTo(404);
        assertThat(download(deleted, "thumbnail_url")).isEqualTo(404);
        assertOnDisk(4);

        String service = platform.token("platform", Role.SERVICE);
        assertThat(platform.send("DELETE", "/platform/users/john/", service, null).status())
                .isEqualTo(204);
        assertThat(download(johns, "url")).isEqualTo(404);
        assertOnDisk(3);

        now.updateAndGet(before -> before.plus(Duration.ofHours(23)));
        assertOnDisk(3);
        assertThat(download(unsent, "url")).isEqualTo(200);
        now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
        assertOnDisk(2);
        assertThat(download(unsent, "url")).isEqualTo(404);
        assertThat(download(kept, "url")).isEqualTo(200);
        assertThat(download(kept, "thumbnail_url")).isEqualTo(200);
    }
}
