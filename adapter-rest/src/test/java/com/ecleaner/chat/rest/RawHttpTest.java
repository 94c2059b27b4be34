package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What no well-mannered client sends, byte by byte. */
class RawHttpTest {
    private final Door door =
            new Door(
                    new RestHandler.Limits(
                            2, 2, 2, 64, 2, Duration.ofMillis(1_500), Duration.ofSeconds(60)));
    private final Somebody anna = door.given.client("anna");
    private final Talk room = door.given.support(anna);
    private final String authorization = "Authorization: Bearer " + door.token(anna) + "\r\n";
    private final List<Socket> sockets = new ArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);

    @AfterEach
    void close() throws IOException {
        held.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        door.close();
    }

    // --- where a body ends

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "Transfer-Encoding: identity\r\nContent-Length: 4\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: chunkedx\r\n",
                "Transfer-Encoding: x\r\n",
                "Transfer-Encoding:\u000bchunked\r\n",
                "Content-Length: 4\r\nContent-Length: 5\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 4, 4\r\n",
                "Content-Length: +4\r\n",
                "Content-Length: 0x4\r\n",
                "Upgrade: websocket\r\nContent-Length: 4\r\n"
            })
    void a_body_whose_end_is_not_clear_is_refused_and_the_connection_closed(String headers) {
        String smuggled = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

        String answer = exchange(post(headers) + "0\r\n\r\n" + smuggled);

        assertThat(statuses(answer)).hasSizeLessThanOrEqualTo(1).allMatch(s -> s.equals("400"));
        assertThat(answer).doesNotContain("live");
    }

    @Test
    void a_chunked_body_is_read_to_its_end_and_the_connection_goes_on() {
        String json = "{\"message\":\"Hello\"}";
        String chunks =
                Integer.toHexString(8)
                        + "\r\n"
                        + json.substring(0, 8)
                        + "\r\n"
                        + Integer.toHexString(json.length() - 8)
                        + "\r\n"
                        + json.substring(8)
                        + "\r\n0\r\n\r\n";

        String answer =
                exchange(
                        post("Transfer-Encoding: chunked\r\n")
                                + chunks
                                + "GET /health/live HTTP/1.1\r\n"
                                + "Host: x\r\n"
                                + "Connection: close\r\n\r\n");

        assertThat(statuses(answer)).containsExactly("201", "200");
    }

    @Test
    void a_wish_to_upgrade_to_anything_but_websocket_leaves_the_request_as_it_is() {
        String json = "{\"message\":\"Hello\"}";

        String answer =
                exchange(
                        post(
                                        "Connection: Upgrade, HTTP2-Settings\r\n"
                                                + "Upgrade: h2c\r\n"
                                                + "HTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
                                                + "Content-Length: "
                                                + json.length()
                                                + "\r\n")
                                + json
                                + "GET /health/live HTTP/1.1\r\n"
                                + "Host: x\r\n"
                                + "Connection: close\r\n\r\n");

        assertThat(statuses(answer)).containsExactly("201", "200");
    }

    @Test
    void a_chunked_body_above_the_bound_is_refused_without_being_read_to_its_end()
            throws Exception {
        Socket socket = connect();
        send(socket, post("Transfer-Encoding: chunked\r\n"));
        String chunk = "4000\r\n" + "a".repeat(0x4000) + "\r\n";
        for (int i = 0; i < 5; i++) {
            send(socket, chunk);
        }

        // No last chunk ever comes: the answer must not wait for it.
        assertThat(statuses(readSome(socket))).containsExactly("413");
    }

    @Test
    void a_chunk_that_claims_more_than_there_is_memory_for_is_refused() {
        for (String size :
                List.of("7fffffffffffffff", "ffffffffffffffff", "80000000", "zz", "-1")) {
            String answer =
                    exchange(
                            post("Transfer-Encoding: chunked\r\n") + size + "\r\nabc\r\n0\r\n\r\n");

            assertThat(statuses(answer)).as(size).allMatch(s -> s.equals("400") || s.equals("408"));
        }
        assertThat(room.room().lastSeq()).isZero();
    }

    @Test
    void a_declared_length_above_the_bound_is_refused_before_a_byte_of_it() {
        String answer = exchange(post("Content-Length: 1000000000000\r\n"));

        assertThat(statuses(answer)).containsExactly("413");
        assertThat(answer).contains("application/problem+json", "nosniff");
    }

    /** A client that looks for the answer only when it is through would find a reset instead. */
    @Test
    void whoever_is_still_sending_what_was_refused_can_finish_and_hear_it() throws Exception {
        String half = "a".repeat(RestHandler.MAX_BODY);
        Socket socket = connect();
        send(socket, post("Content-Length: " + 2 * half.length() + "\r\n") + half);
        String begun = readSome(socket);
        send(socket, half);
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        assertThatNoException().as("the end, and no reset").isThrownBy(() -> read(socket, rest));

        String answer = begun + rest.toString(StandardCharsets.ISO_8859_1);
        assertThat(statuses(answer)).containsExactly("413");
        assertThat(answer).containsIgnoringCase("Connection: close").contains("too_large");
    }

    @Test
    void whoever_waits_to_be_asked_for_a_body_is_refused_first() {
        String answer = exchange(post("Expect: 100-continue\r\nContent-Length: 1000000\r\n"));

        assertThat(statuses(answer)).containsExactly("413");
    }

    @Test
    void a_body_that_does_not_come_in_time_is_408() {
        String answer = exchange(post("Content-Length: 100\r\n") + "{\"mess");

        assertThat(statuses(answer)).containsExactly("408");
        assertThat(room.room().lastSeq()).isZero();
    }

    @Test
    void slow_bodies_are_bounded_in_number_and_hold_up_nobody_else() throws Exception {
        Socket third = connect();
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            // Given up after a while: then others are as slow.
                            for (int i = 0; i < 2; i++) {
                                send(connect(), post("Content-Length: 100\r\n") + "{");
                            }
                            Socket next = connect();
                            send(next, post("Content-Length: 100\r\n"));
                            return readSome(next).startsWith("HTTP/1.1 503");
                        });
        String json = "{\"message\":\"Hello\"}";
        send(third, post("Content-Length: " + json.length() + "\r\n") + json);

        assertThat(statuses(readSome(third))).containsExactly("201");
    }

    @Test
    void requests_at_work_are_bounded_in_number_and_health_still_answers() throws Exception {
        AtomicInteger waiting = new AtomicInteger();
        door.onVerify =
                token -> {
                    waiting.incrementAndGet();
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        List<Socket> atWork = List.of(connect(), connect());
        for (Socket socket : atWork) {
            send(socket, get("/chat/rooms/", ""));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> waiting.get() == 2);

        assertThat(statuses(exchange(get("/chat/rooms/", "")))).containsExactly("503");
        assertThat(door.nobody().get("/health/live").status()).isEqualTo(200);

        held.countDown();
        for (Socket socket : atWork) {
            assertThat(statuses(readSome(socket))).containsExactly("200");
        }
        // Their places are free behind the answer.
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(
                                                statuses(
                                                        exchange(
                                                                get(
                                                                        "/chat/rooms/",
                                                                        "Connection: close\r\n"))))
                                        .containsExactly("200"));
    }

    @Test
    void a_body_that_breaks_off_leaves_no_trace() throws Exception {
        Socket socket = connect();
        send(socket, post("Content-Length: 100\r\n") + "{\"message\":\"half");
        socket.close();

        assertThat(door.as(anna).get("/chat/rooms/").status()).isEqualTo(200);
        assertThat(room.room().lastSeq()).isZero();
    }

    // --- methods, headers, addresses

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "TRACK", "FOO", "get"})
    void a_method_nobody_serves_is_405_and_echoes_nothing(String method) {
        String answer =
                exchange(
                        method
                                + " /chat/rooms/ HTTP/1.1\r\nHost: x\r\nX-Secret: s3cret\r\n"
                                + "Connection: close\r\n"
                                + authorization
                                + "\r\n");

        assertThat(statuses(answer)).allMatch(s -> s.equals("405") || s.equals("400"));
        assertThat(answer).doesNotContain("s3cret");
    }

    @Test
    void headers_are_bounded_in_size_and_number() {
        assertThat(statuses(exchange(get("/chat/rooms/", "X: " + "a".repeat(100_000) + "\r\n"))))
                .allMatch(s -> s.startsWith("4"));
        assertThat(statuses(exchange(get("/chat/rooms/", "X: a\r\n".repeat(5_000)))))
                .allMatch(s -> s.startsWith("4"));
        assertThat(statuses(exchange(get("/chat/rooms/?x=" + "a".repeat(100_000), ""))))
                .allMatch(s -> s.startsWith("4"));
        assertThat(door.as(anna).get("/chat/rooms/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/chat/rooms/%u002e%u002e/",
                "/chat/%u002e%u002e/health/live",
                "/chat/rooms/%zz/",
                "/chat/rooms/%/",
                "/chat/rooms/?cursor=%zz",
                "/chat/rooms/\u0000/",
                "/chat/rooms/<script>/",
                "/chat/rooms/\\..\\/",
                "/chat/rooms/[1]/",
                "/chat/rooms/1/|/",
                "*"
            })
    void an_address_that_is_none_is_refused_and_echoed_nowhere(String path) {
        String answer = exchange(get(path, "Connection: close\r\n"));

        assertThat(statuses(answer)).allMatch(s -> s.equals("400") || s.equals("404"));
        assertThat(answer).doesNotContain("script", "Exception", "at org.", "at java.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/chat/rooms/../../health/live",
                "/chat/rooms/%2e%2e/%2e%2e/health/live",
                "/chat/rooms/..;/..;/health/live",
                "/./chat/rooms/",
                "//chat/rooms/",
                "/chat%2frooms/",
                "http://evil.example/nowhere"
            })
    void an_address_is_taken_as_it_is_written(String path) {
        assertThat(statuses(exchange(get(path, "Connection: close\r\n")))).containsExactly("404");
    }

    @Test
    void a_location_does_not_repeat_the_host_one_names() {
        String json = "{\"room_type\":\"general\",\"name\":\"" + door.given.unique("x") + "\"}";
        String answer =
                exchange(
                        "POST /chat/rooms/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
                                + authorization
                                + "Content-Type: application/json\r\nContent-Length: "
                                + json.length()
                                + "\r\n\r\n"
                                + json);

        assertThat(statuses(answer)).containsExactly("201");
        assertThat(answer).doesNotContain("evil.example").contains("Location: /chat/rooms/");
    }

    @Test
    void a_body_that_is_no_utf_8_is_a_bad_frame() throws Exception {
        Socket socket = connect();
        send(socket, post("Content-Length: 15\r\nConnection: close\r\n") + "{\"message\":\"");
        socket.getOutputStream().write(new byte[] {(byte) 0xff, '"', '}'});
        socket.getOutputStream().flush();

        assertThat(statuses(readSome(socket))).containsExactly("400");
    }

    @Test
    void pipelined_requests_are_answered_in_their_order() {
        String json = "{\"message\":\"1\"}";
        String one = post("Content-Length: " + json.length() + "\r\n") + json;

        String answer =
                exchange(
                        one
                                + one.replace("\"1\"", "\"2\"")
                                + get("/nowhere", "Connection: close\r\n"));

        assertThat(statuses(answer)).containsExactly("201", "201", "404");
        assertThat(room.log(anna)).extracting(m -> m.content()).containsExactly("1", "2");
    }

    private String post(String headers) {
        return "POST "
                + Door.rooms(room.id(), "send_message/")
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + authorization
                + headers
                + "\r\n";
    }

    private String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + authorization + headers + "\r\n";
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends it all and reads until the server closes, which it must; a reset is an end as well. */
    private String exchange(String text) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            Socket socket = connect();
            try {
                send(socket, text);
            } catch (IOException e) {
                // It was refused before it was all sent: what matters is the answer.
            }
            read(socket, answer);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server left the connection open", e);
        } catch (IOException e) {
            // The end, as good as any.
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    /** The first answer, without waiting for the connection to close. */
    private static String readSome(Socket socket) throws IOException {
        byte[] bytes = new byte[16_384];
        int length = socket.getInputStream().read(bytes);
        return length < 0 ? "" : new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static void read(Socket socket, ByteArrayOutputStream answer) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[16_384];
        for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
            answer.write(bytes, 0, length);
        }
    }

    private static List<String> statuses(String answer) {
        List<String> statuses = new ArrayList<>();
        answer.lines()
                .filter(line -> line.contains("HTTP/1.1 "))
                .map(line -> line.substring(line.indexOf("HTTP/1.1 ") + 9))
                .forEach(line -> statuses.add(line.substring(0, 3)));
        return statuses;
    }
}
