package com.ecleaner.chat.websocket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(30)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EchoTest {

    private final TestServer server = TestServer.echo(WebSocketSettings.defaults());

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void a_message_comes_back() throws Exception {
        try (var client = RawClient.open(server.port())) {
            client.text("häl\u00a0lo");
            assertThat(client.receive().text()).isEqualTo("häl\u00a0lo");
        }
    }

    @Test
    void a_message_of_the_largest_size_comes_back_and_a_larger_one_closes() throws Exception {
        try (var client = RawClient.open(server.port())) {
            var text = "x".repeat(128 * 1024);
            client.text(text);
            assertThat(client.receive().text()).isEqualTo(text);
            client.send(RawClient.frame(0x81, (text + "x").getBytes(StandardCharsets.UTF_8)));
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void the_jdks_client_talks_and_closes_cleanly() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (var http = HttpClient.newHttpClient()) {
            var socket =
                    http.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create("ws://127.0.0.1:" + server.port() + "/ws/"),
                                    new WebSocket.Listener() {
                                        @Override
                                        public CompletionStage<?> onText(
                                                WebSocket socket, CharSequence text, boolean last) {
                                            heard.add(text.toString());
                                            socket.request(1);
                                            return null;
                                        }

                                        @Override
                                        public CompletionStage<?> onClose(
                                                WebSocket socket, int code, String reason) {
                                            heard.add("closed " + code);
                                            return null;
                                        }
                                    })
                            .join();
            for (int i = 0; i < 100; i++) {
                socket.sendText("message " + i, true).join();
            }
            for (int i = 0; i < 100; i++) {
                assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("message " + i);
            }
            socket.sendClose(1000, "bye").join();
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed 1000");
        }
    }

    @Test
    void a_plain_request_goes_on_to_the_http_handler() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            for (var path : new String[] {"/", "/ws/"}) {
                var response =
                        http.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:" + server.port() + path))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo("plain");
            }
        }
    }

    @Test
    void frames_sent_before_the_handshakes_answer_are_not_lost() throws IOException {
        try (var client = RawClient.connect(server.port())) {
            var request = RawClient.request("GET", "/ws/");
            var early = RawClient.frame(0x81, "early".getBytes(StandardCharsets.UTF_8));
            var both = new byte[request.length + early.length];
            System.arraycopy(request, 0, both, 0, request.length);
            System.arraycopy(early, 0, both, request.length, early.length);
            client.send(both);
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.receive().text()).isEqualTo("early");
        }
    }
}
