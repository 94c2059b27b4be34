package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.ecleaner.chat.websocket.transport.WebSocketSettings;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Somebody who does not read costs a bounded queue, delays nobody, and comes back by sync. */
@Timeout(60)
class SlowReaderTest {
    private static final int QUEUE = 256 * 1024;
    private static final int MESSAGES = 450;

    private final ChatServer server =
            new ChatServer(
                    new ChatServer.Options(
                            Optional.empty(),
                            20,
                            Optional.empty(),
                            WebSocketSettings.defaults()
                                    .withPaths(ChatSockets::isPath)
                                    .withMaxQueueBytes(QUEUE)));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_slow_reader_is_closed_with_4413_and_is_level_again_by_sync() throws IOException {
        long room = server.job("5", "anna", "john");
        Client anna = server.connect("anna:client");
        assertThat(anna.next("welcome").at("/limits/queue_bytes").asInt()).isEqualTo(QUEUE);
        Client phone = server.connect("john:cleaner");
        phone.next("welcome");
        try (Socket slow = notReading("john:cleaner")) {
            await().until(() -> server.hub.size() == 3);
            int said = 0;
            while (said < MESSAGES && server.hub.size() == 3) {
                say(anna, phone, room, ++said);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> server.hub.size() == 2);
            // Without delay: whoever does not answer the close frame is cut off after five seconds.
            byte[] came = slow.getInputStream().readAllBytes();
            while (said < MESSAGES) {
                say(anna, phone, room, ++said);
            }
            String end = new String(came, came.length - 40, 40, ISO_8859_1);
            assertThat(end).contains("\u0011=slow consumer");
            assertThat((long) came.length).isLessThan(MESSAGES * 16_000L);
        }
        Client john = server.connect("john:cleaner");
        john.next("welcome");
        john.say("sync", "rooms", Map.of(room, Map.of("seq", 3, "version", 4)));
        List<JsonNode> told = john.until("synced");
        assertThat(told.subList(0, MESSAGES - 3))
                .extracting(f -> f.at("/message/seq").asInt())
                .isEqualTo(java.util.stream.IntStream.rangeClosed(4, MESSAGES).boxed().toList());
    }

    private static void say(Client anna, Client phone, long room, int seq) {
        anna.send(room, "👋".repeat(4_000));
        assertThat(phone.await("chat_message").at("/message/seq").asInt()).isEqualTo(seq);
        anna.forget();
        phone.forget();
    }

    /** A connection over which no byte is read until somebody wants to see what came. */
    private Socket notReading(String token) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.getOutputStream()
                .write(
                        ("GET /ws/?token="
                                        + token
                                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                                .getBytes(ISO_8859_1));
        return socket;
    }
}
