package com.ecleaner.chat.websocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

@Timeout(60)
class HandshakeTest {

    // Of one test alone: a handshake is answered before it is told, perhaps after its test has
    // ended.
    private final Queue<Handshake> opened = new ConcurrentLinkedQueue<>();
    private final TestServer server =
            TestServer.with(
                    WebSocketSettings.defaults(),
                    (socket, handshake) -> {
                        opened.add(handshake);
                        return new Echo(socket, handshake);
                    },
                    1);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_answer_to_the_rfcs_sample_key_is_the_rfcs() throws IOException {
        try (var client = RawClient.connect(server.port())) {
            client.send(RawClient.request("GET", "/ws/"));
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .containsIgnoringCase("upgrade: websocket")
                    .containsIgnoringCase("connection: upgrade");
        }
    }

    @Test
    void path_query_and_headers_are_told_decoded() throws IOException {
        try (var client =
                RawClient.open(
                        server.port(),
                        "/ws/chat/M%C3%BCll%2Fx%20y/?token=a.b-c&x=1+2&x=%26",
                        "Authorization: Bearer t",
                        "Origin: http://chat.test")) {
            client.text("hello");
            client.receive();
            var handshake = opened.remove();
            assertThat(handshake.segments()).containsExactly("ws", "chat", "Müll/x y");
            assertThat(handshake.parameter("token")).contains("a.b-c");
            assertThat(handshake.query().get("x")).containsExactly("1 2", "&");
            assertThat(handshake.parameter("y")).isEmpty();
            assertThat(handshake.authorization()).contains("Bearer t");
            assertThat(handshake.origin()).contains("http://chat.test");
            assertThat(handshake.host()).isEqualTo("chat.test");
            assertThat(handshake.remote().getAddress().isLoopbackAddress()).isTrue();
        }
    }

    @Test
    void a_handshake_shown_in_a_log_shows_no_token() throws IOException {
        try (var client =
                RawClient.open(
                        server.port(), "/ws/?token=s3cret", "Authorization: Bearer s3cret")) {
            client.text("hello");
            client.receive();
            assertThat(opened.remove().toString()).startsWith("/ws ").doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "http://evil.test",
                "http://chat.test.evil.test",
                "http://chat.test:81",
                "nonsense"
            })
    void a_foreign_origin_is_accepted_and_closed_at_once_with_4403(String origin)
            throws IOException {
        try (var client = RawClient.open(server.port(), "/ws/", "Origin: " + origin)) {
            assertThat(client.closeCode()).isEqualTo(4403);
            assertThat(opened).isEmpty();
        }
    }

    @Test
    void a_second_origin_does_not_smuggle_in_a_first() throws IOException {
        assertThat(refused("GET", "/ws/", "Origin: http://chat.test\r\nOrigin: http://evil.test"))
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "14", "8", "0", "x", "", "13, 8"})
    void another_version_is_told_the_right_one(String version) throws IOException {
        assertThat(refused("GET", "/ws/", "Sec-WebSocket-Version: " + version))
                .startsWith("HTTP/1.1 426 ")
                .containsIgnoringCase("sec-websocket-version: 13\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/chat/", "/wsx/", "/WS/", "//ws/", "/%2e/ws/", "/chat/../ws/"})
    void an_unknown_path_is_not_found(String path) throws IOException {
        assertThat(refused("GET", path)).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "HEAD", "OPTIONS", "TRACE", "BREW"})
    void only_get_upgrades(String method) throws IOException {
        assertThat(refused(method, "/ws/", "Content-Length: 0"))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("allow: GET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Key:",
                "Sec-WebSocket-Key: short",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j",
                "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==",
                "Sec-WebSocket-Key: " + RawClient.KEY + "\r\nSec-WebSocket-Key: " + RawClient.KEY,
                "Connection: keep-alive",
                "Content-Length: 5",
            })
    void a_handshake_that_is_not_whole_is_a_bad_request(String header) throws IOException {
        assertThat(refused("GET", "/ws/", header)).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws/%", "/ws/%zz", "/ws/%C0%AF", "/ws/?a=%", "/ws/?%ff=1"})
    void an_address_that_cant_be_decoded_is_a_bad_request(String path) throws IOException {
        assertThat(refused("GET", path)).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void characters_that_no_uri_may_have_do_not_break_the_handshake() throws IOException {
        RawClient.open(server.port(), "/ws/a|b^c`{}\\\"<>/?q=|^").close();
    }

    @Test
    void no_extension_and_no_subprotocol_is_negotiated() throws IOException {
        try (var client = RawClient.connect(server.port())) {
            client.send(
                    RawClient.request(
                            "GET",
                            "/ws/",
                            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits,"
                                    + " x-webkit-deflate-frame",
                            "Sec-WebSocket-Protocol: chat, superchat"));
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("extensions")
                    .doesNotContainIgnoringCase("protocol:");
            client.send(RawClient.frame(0xC1, new byte[5]));
            assertThat(client.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void headers_beyond_the_bound_are_refused() throws IOException {
        try (var client = RawClient.connect(server.port())) {
            client.sendInSpite(RawClient.request("GET", "/ws/", "X-Long: " + "x".repeat(20_000)));
            assertThat(client.status()).isEqualTo(400);
        }
    }

    @Test
    void a_long_token_in_the_address_is_accepted() throws IOException {
        RawClient.open(server.port(), "/ws/?token=" + "x".repeat(8_000)).close();
    }

    @Test
    void slow_headers_hold_no_thread_and_not_their_socket_for_long() throws IOException {
        var slow = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 200; i++) {
                var client = RawClient.connect(server.port());
                client.send("GET /ws/ HTTP/1.1\r\nHost: ch".getBytes(StandardCharsets.US_ASCII));
                slow.add(client);
            }
            try (var quick = RawClient.open(server.port())) {
                quick.text("not held up");
                assertThat(quick.receive().text()).isEqualTo("not held up");
            }
            var waiting = new ArrayList<>(slow);
            await().atMost(Duration.ofSeconds(20))
                    .until(
                            () -> {
                                waiting.removeIf(HandshakeTest::wasClosed);
                                return waiting.isEmpty();
                            });
        } finally {
            for (var client : slow) {
                client.close();
            }
        }
    }

    @Test
    void nothing_is_kept_of_connections_that_are_reset_before_they_are_answered()
            throws IOException {
        for (int i = 0; i < 300; i++) {
            try (var client = RawClient.connect(server.port())) {
                client.send(RawClient.request("GET", "/ws/"));
                client.reset();
            }
        }
        try (var last = RawClient.open(server.port())) {
            last.text("in its turn");
            assertThat(last.receive().text()).isEqualTo("in its turn");
            await().atMost(Duration.ofSeconds(20)).until(() -> server.stack.connections() == 1);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> server.stack.connections() == 0);
    }

    @Test
    void who_sends_nothing_is_given_half_a_minute_where_nobody_says_otherwise() {
        try (TestServer plain = TestServer.echo(WebSocketSettings.defaults())) {
            assertThat(plain.listener().getKeepAlive().getIdleTimeoutInSeconds()).isEqualTo(30);
        }
    }

    @Test
    void an_open_connection_outlives_the_idle_timeout_of_http() throws IOException {
        try (var client = RawClient.open(server.port());
                var idle = RawClient.connect(server.port())) {
            // A plain connection tells when the timeout has passed.
            await().atMost(Duration.ofSeconds(20)).until(idle::ends);
            client.text("still here");
            assertThat(client.receive().text()).isEqualTo("still here");
        }
    }

    /** Sends one more byte of a header: that must not win time. */
    private static boolean wasClosed(RawClient client) {
        try {
            client.send(new byte[] {'x'});
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private String refused(String method, String path, String... headers) throws IOException {
        try (var client = RawClient.connect(server.port())) {
            client.send(RawClient.request(method, path, headers));
            var head = client.head();
            assertThat(opened).isEmpty();
            return head;
        }
    }
}
