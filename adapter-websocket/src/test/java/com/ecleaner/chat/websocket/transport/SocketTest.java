package com.ecleaner.chat.websocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a connection does over its life, seen from both ends. */
@Timeout(60)
class SocketTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(WebSocketConnection.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(25);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final int QUEUE = 1024 * 1024;

    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final TestServer server =
            TestServer.with(
                    WebSocketSettings.defaults()
                            .withTimes(HEARTBEAT, CLOSE_TIMEOUT)
                            .withMaxQueueBytes(QUEUE),
                    (socket, handshake) -> {
                        if (handshake.segments().contains("refused")) {
                            socket.close(4401, "who are you");
                        }
                        if (handshake.segments().contains("broken")) {
                            throw new IllegalStateException("broken on purpose");
                        }
                        sockets.add(socket);
                        return new Recorder(socket);
                    });

    @BeforeAll
    static void expectFaults() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void expectNoMoreFaults() {
        LOG.setLevel(null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    // Closing

    @Test
    void a_connection_refused_at_its_opening_gets_its_code_and_the_end() throws IOException {
        try (var client = RawClient.open(server.port(), "/ws/refused/")) {
            assertThat(client.closeCode()).isEqualTo(4401);
            client.send(RawClient.frame(0x88, RawClient.closePayload(4401, new byte[0])));
            assertThat(client.ends()).isTrue();
            awaitHeard("closed 4401");
        }
    }

    @Test
    void an_opening_that_throws_closes_with_1011() throws IOException {
        try (var client = RawClient.open(server.port(), "/ws/broken/")) {
            assertThat(client.closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void a_message_that_throws_closes_with_1011() throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.text("break");
            assertThat(client.closeCode()).isEqualTo(1011);
            awaitHeard("closed 1011");
        }
    }

    @Test
    void closing_sends_what_is_queued_first_and_waits_for_the_peers_answer() throws IOException {
        try (var client = RawClient.open(server.port())) {
            var socket = socket();
            for (int i = 0; i < 100; i++) {
                socket.send(Frame.text("message " + i));
            }
            socket.close(1001, "bye");
            assertThat(socket.isOpen()).isFalse();
            assertThat(socket.send(Frame.text("too late"))).isFalse();
            for (int i = 0; i < 100; i++) {
                assertThat(client.receive().text()).isEqualTo("message " + i);
            }
            var close = client.receive();
            assertThat(close.closeCode()).isEqualTo(1001);
            assertThat(close.text()).endsWith("bye");
            client.text("dropped");
            assertThat(server.stack.connections()).isOne();
            client.send(RawClient.frame(0x88, RawClient.closePayload(1001, new byte[0])));
            assertThat(client.ends()).isTrue();
            await().until(() -> server.stack.connections() == 0);
            assertThat(heard).containsExactly("closed 1001");
        }
    }

    @Test
    void a_peer_that_does_not_answer_a_close_frame_is_cut_off_after_a_time() throws IOException {
        try (var client = RawClient.open(server.port())) {
            socket().close(1001, "bye");
            assertThat(client.closeCode()).isEqualTo(1001);
            pass(CLOSE_TIMEOUT.minusMillis(1));
            assertThat(server.stack.connections()).isOne();
            pass(Duration.ofMillis(1));
            await().until(() -> server.stack.connections() == 0);
            assertThat(client.ends()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"1000", "1001", "1008", "3000", "4999"})
    void a_peers_close_frame_is_answered_with_its_code_and_the_end(int code) throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.send(RawClient.frame(0x88, RawClient.closePayload(code, new byte[] {'x'})));
            assertThat(client.closeCode()).isEqualTo(code);
            assertThat(client.ends()).isTrue();
            awaitHeard("closed " + code);
        }
    }

    @Test
    void an_empty_close_frame_is_heard_as_1005() throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.send(RawClient.frame(0x88, new byte[0]));
            assertThat(client.receive().opcode()).isEqualTo(RawClient.CLOSE);
            assertThat(client.ends()).isTrue();
            awaitHeard("closed 1005");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_connection_that_is_lost_is_heard_as_1006(boolean byReset) throws IOException {
        var client = RawClient.open(server.port());
        socket();
        if (byReset) {
            client.reset();
        } else {
            client.close();
        }
        awaitHeard("closed 1006");
        await().until(() -> server.stack.connections() == 0);
    }

    @Test
    void a_connection_cut_off_by_a_shutdown_hears_of_it() throws IOException {
        try (var client = RawClient.open(server.port())) {
            socket();
            server.close();
            assertThat(client.ends()).isTrue();
            awaitHeard("closed 1006");
        }
    }

    @Test
    void all_connections_are_closed_for_a_drain() throws IOException {
        try (var one = RawClient.open(server.port());
                var other = RawClient.open(server.port())) {
            socket();
            socket();
            server.stack.closeAll(Closing.GOING_AWAY);
            assertThat(one.closeCode()).isEqualTo(1001);
            assertThat(other.closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void a_reason_that_is_too_long_is_cut_at_a_character() throws IOException {
        try (var client = RawClient.open(server.port())) {
            socket().close(4000, "é".repeat(200));
            assertThat(client.receive().payload()).hasSize(2 + 122);
        }
    }

    // Hostile frames, on the wire: FrameGuardTest has the rules one by one.

    @Test
    void nothing_after_a_violation_is_processed() throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.text("before");
            client.send(new byte[] {(byte) 0x81, 0x01, 'x'});
            client.sendInSpite(RawClient.frame(0x81, new byte[] {'y'}));
            assertThat(client.receive().text()).isEqualTo("before");
            var close = client.receive();
            assertThat(close.closeCode()).isEqualTo(1002);
            assertThat(close.text()).endsWith("frame not masked");
            assertThat(client.ends()).isTrue();
            awaitHeard("closed 1002");
            assertThat(heard).containsExactly("before", "closed 1002");
        }
    }

    @Test
    void a_declared_gigabyte_is_refused_before_a_byte_of_it_came() throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.send(
                    new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4});
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void the_top_bit_of_the_length_does_not_kill_the_server() throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.send(
                    new byte[] {
                        (byte) 0x81, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4
                    });
            assertThat(client.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void a_binary_message_is_refused_with_1003() throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.send(RawClient.frame(0x82, new byte[] {1}));
            assertThat(client.closeCode()).isEqualTo(1003);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C0AF", "ED A0 80", "F4908080", "FF", "E282", "80", "F8888080 80"})
    void text_that_is_not_utf_8_is_refused_with_1007(String hex) throws IOException {
        var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        try (var client = RawClient.open(server.port())) {
            client.send(RawClient.frame(0x81, bytes));
            assertThat(client.closeCode()).isEqualTo(1007);
            awaitHeard("closed 1007");
        }
    }

    @Test
    void a_character_split_over_fragments_and_pieces_is_put_together() throws IOException {
        var text = "aä€😀".repeat(2_000);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var client = RawClient.open(server.port())) {
            for (int at = 0; at < bytes.length; at += 97) {
                int to = Math.min(bytes.length, at + 97);
                int first = (at == 0 ? 1 : 0) | (to == bytes.length ? 0x80 : 0);
                client.send(RawClient.frame(first, Arrays.copyOfRange(bytes, at, to)));
            }
            assertThat(client.receive().text()).isEqualTo(text);
        }
    }

    @Test
    void a_flood_of_pings_is_closed_with_4429() throws IOException {
        try (var client = RawClient.open(server.port())) {
            var ping = RawClient.frame(0x89, new byte[] {'p'});
            for (int i = 0; i <= FrameGuard.CONTROL_BURST; i++) {
                client.sendInSpite(ping);
            }
            assertThat(client.closeCode()).isEqualTo(4429);
        }
    }

    @Test
    void a_ping_is_answered_with_its_payload() throws IOException {
        try (var client = RawClient.open(server.port())) {
            client.send(RawClient.frame(0x89, new byte[] {1, 2, 3}));
            var pong = client.receive();
            assertThat(pong.opcode()).isEqualTo(RawClient.PONG);
            assertThat(pong.payload()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void pings_of_a_client_that_reads_nothing_pile_up_no_pongs_and_the_last_is_answered()
            throws IOException {
        try (var slow = RawClient.connect(server.port(), 4_096).upgrade("/ws/")) {
            var socket = socket();
            fill(socket, QUEUE / 2);
            long before = socket.pendingBytes();
            for (int batch = 1; batch <= 10; batch++) {
                // As many as are allowed in that time, and no more at once than are allowed then.
                server.nanoTime.addAndGet(50 * FrameGuard.CONTROL_INTERVAL_NANOS);
                for (int i = 1; i <= 50; i++) {
                    slow.send(RawClient.frame(0x89, Arrays.copyOf(new byte[] {(byte) i}, 125)));
                }
                slow.text("batch " + batch);
                awaitHeard("batch " + batch);
            }
            assertThat(socket.isOpen()).isTrue();
            assertThat(socket.pendingBytes()).isLessThan(before + 1_000);
            var frame = slow.receive();
            while (frame.opcode() != RawClient.PONG || frame.payload()[0] != 50) {
                frame = slow.receive();
            }
        }
    }

    // Slow readers

    @Test
    void a_slow_reader_is_closed_with_4413_its_queue_dropped_and_nobody_else_notices()
            throws Exception {
        try (var slow = RawClient.connect(server.port(), 4_096).upgrade("/ws/")) {
            var socket = socket();
            var frame = Frame.text("x".repeat(8_000));
            int sent = 0;
            while (socket.send(frame)) {
                sent++;
                assertThat(socket.pendingBytes()).isLessThanOrEqualTo(QUEUE);
            }
            assertThat(sent * (long) frame.size()).isGreaterThanOrEqualTo(QUEUE - frame.size());
            assertThat(socket.isOpen()).isFalse();
            await().until(() -> socket.pendingBytes() <= Outbox.BATCH + 1_000);
            awaitHeard("closed 4413");
            try (var other = RawClient.open(server.port())) {
                other.text("still served");
                assertThat(other.receive().text()).isEqualTo("still served");
            }
            assertThat(slow.closeCode()).isEqualTo(4413);
        }
    }

    @Test
    void a_slow_reader_that_never_reads_again_is_cut_off() throws IOException {
        try (var slow = RawClient.connect(server.port(), 4_096).upgrade("/ws/")) {
            var socket = socket();
            while (socket.send(Frame.text("x".repeat(8_000)))) {
                // Until the queue is full.
                assertThat(slow).isNotNull();
            }
            awaitHeard("closed 4413");
            pass(CLOSE_TIMEOUT);
            await().until(() -> server.stack.connections() == 0);
            assertThat(socket.pendingBytes()).isLessThanOrEqualTo(Outbox.BATCH + 1_000);
        }
    }

    @Test
    void a_reader_that_catches_up_in_time_gets_everything() throws IOException {
        try (var client = RawClient.connect(server.port(), 4_096).upgrade("/ws/")) {
            var socket = socket();
            int count = QUEUE / 8_004;
            for (int i = 0; i < count; i++) {
                assertThat(socket.send(Frame.text(i + " " + "x".repeat(7_990)))).isTrue();
            }
            for (int i = 0; i < count; i++) {
                assertThat(client.receive().text()).startsWith(i + " ");
            }
            await().until(() -> socket.pendingBytes() == 0);
        }
    }

    // Paused reading

    @Test
    void while_reading_is_paused_nothing_is_heard_and_tcp_holds_the_peer_back() throws Exception {
        try (var client = RawClient.open(server.port())) {
            var socket = socket();
            client.text("pause");
            awaitHeard("pause");
            var text = "x".repeat(1_000);
            var sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 20_000; i++) {
                                            client.sendInSpite(
                                                    RawClient.frame(
                                                            0x81,
                                                            text.getBytes(
                                                                    StandardCharsets.US_ASCII)));
                                        }
                                    });
            // 20 MB are more than the buffers of both ends take: the sender must come to a halt.
            assertThat(sender.join(Duration.ofMillis(500))).isFalse();
            assertThat(heard).containsExactly("pause");
            socket.resumeReading();
            await().atMost(Duration.ofSeconds(30)).until(() -> heard.size() == 20_001);
            sender.join();
        }
    }

    @Test
    void frames_read_together_are_held_back_one_by_one() throws IOException {
        try (var client = RawClient.open(server.port())) {
            var socket = socket();
            var both = new ByteArrayOutputStream();
            for (var text : new String[] {"pause", "one", "pause", "two"}) {
                both.writeBytes(RawClient.frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
            }
            client.send(both.toByteArray());
            awaitHeard("pause");
            client.text("three");
            socket.resumeReading();
            await().until(() -> heard.size() == 3);
            socket.resumeReading();
            await().until(() -> heard.size() == 5);
            assertThat(heard).containsExactly("pause", "one", "pause", "two", "three");
        }
    }

    @Test
    void a_paused_connection_is_not_taken_for_dead_and_can_be_closed() throws IOException {
        try (var client = RawClient.open(server.port())) {
            var socket = socket();
            client.text("pause");
            awaitHeard("pause");
            client.text("dropped at closing");
            pass(HEARTBEAT.multipliedBy(3));
            assertThat(socket.isOpen()).isTrue();
            socket.close(1001, "bye");
            assertThat(client.closeCode()).isEqualTo(1001);
            client.send(RawClient.frame(0x88, RawClient.closePayload(1001, new byte[0])));
            assertThat(client.ends()).isTrue();
            assertThat(heard).containsExactly("pause", "closed 1001");
        }
    }

    // Heartbeat

    @Test
    void a_silent_connection_is_pinged_once_and_closed_with_4408_after_two_heartbeats()
            throws IOException {
        try (var client = RawClient.open(server.port())) {
            var socket = socket();
            pass(HEARTBEAT.minusMillis(1));
            assertThat(socket.pendingBytes()).isZero();
            pass(Duration.ofMillis(1));
            assertThat(client.receive().opcode()).isEqualTo(RawClient.PING);
            pass(HEARTBEAT.minusMillis(1));
            assertThat(socket.isOpen()).isTrue();
            pass(Duration.ofMillis(1));
            assertThat(client.receive().closeCode()).isEqualTo(4408);
            awaitHeard("closed 4408");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_pong_or_any_other_frame_keeps_a_connection(boolean pong) throws IOException {
        try (var client = RawClient.open(server.port())) {
            var socket = socket();
            for (int i = 0; i < 3; i++) {
                pass(HEARTBEAT);
                assertThat(client.receive().opcode()).isEqualTo(RawClient.PING);
                if (pong) {
                    client.send(RawClient.frame(0x8A, new byte[0]));
                }
                client.text("x");
                assertThat(client.receive().text()).isEqualTo("x");
            }
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void a_dead_peer_with_a_full_connection_is_given_up_and_its_queue_dropped() throws IOException {
        try (var dead = RawClient.connect(server.port(), 4_096).upgrade("/ws/")) {
            var socket = socket();
            fill(socket, QUEUE / 2);
            pass(HEARTBEAT);
            pass(HEARTBEAT);
            assertThat(socket.isOpen()).isFalse();
            pass(CLOSE_TIMEOUT);
            await().until(() -> server.stack.connections() == 0);
            assertThat(heard).containsExactly("closed 4408");
            assertThat(dead).isNotNull();
        }
    }

    /** Sends until nothing flows any more and that much waits. */
    private static void fill(Socket socket, int bytes) {
        await().until(
                        () -> {
                            // Full for as long as a look at it takes.
                            boolean stuck = socket.pendingBytes() >= bytes;
                            while (socket.pendingBytes() < bytes) {
                                socket.send(Frame.text("x".repeat(8_000)));
                            }
                            return stuck;
                        });
    }

    private Socket socket() {
        await().until(() -> !sockets.isEmpty());
        return sockets.remove();
    }

    private void awaitHeard(String what) {
        await().until(() -> heard.contains(what));
    }

    private void pass(Duration time) {
        server.nanoTime.addAndGet(time.toNanos());
        server.stack.beat();
    }

    /** Writes down what it hears, sends it back, and does what it is told. */
    private final class Recorder implements SocketListener {

        private final Socket socket;

        private Recorder(Socket socket) {
            this.socket = socket;
        }

        @Override
        public void text(String message) {
            if (message.equals("pause")) {
                // Before it is heard: whoever heard it may resume at once.
                socket.pauseReading();
            }
            heard.add(message);
            switch (message) {
                case "pause" -> {}
                case "break" -> throw new IllegalStateException("broken on purpose");
                default -> {
                    if (message.length() < 1_000 || message.startsWith("aä")) {
                        socket.send(Frame.text(message));
                    }
                }
            }
        }

        @Override
        public void closed(int code) {
            heard.add("closed " + code);
        }
    }
}
