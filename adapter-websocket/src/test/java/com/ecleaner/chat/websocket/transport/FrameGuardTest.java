package com.ecleaner.chat.websocket.transport;

import static com.ecleaner.chat.websocket.transport.RawClient.closePayload;
import static com.ecleaner.chat.websocket.transport.RawClient.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class FrameGuardTest {

    private static final int MAX = 1000;
    private static final WebSocketSettings SETTINGS =
            WebSocketSettings.defaults().withMaxMessage(MAX, 200);

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void an_unmasked_copy_of_a_text_frame_is_handed_on() {
        assertThat(fed(frame(0x81, bytes("hello")))).isEqualTo("81 05 68656c6c6f");
    }

    @Test
    void a_large_frame_is_handed_on_in_pieces_as_fragments_of_its_message() {
        var settings = WebSocketSettings.defaults();
        var payload = bytes("x".repeat(2 * FrameGuard.PIECE + 7));
        var pieces = new ArrayList<String>();
        var outcome = feed(settings, frame(0x81, payload), Integer.MAX_VALUE, pieces);
        assertThat(outcome).isEmpty();
        assertThat(pieces).hasSize(3);
        assertThat(pieces.get(0)).startsWith("01 7e").hasSize(5 + 5 + 2 * FrameGuard.PIECE);
        assertThat(pieces.get(1)).startsWith("00 7e");
        assertThat(pieces.get(2)).isEqualTo("80 07 " + "78".repeat(7));
    }

    @Test
    void a_frame_that_arrives_bit_by_bit_is_handed_on_as_it_arrives() {
        var pieces = new ArrayList<String>();
        assertThat(feed(SETTINGS, frame(0x81, bytes("abc")), 1, pieces)).isEmpty();
        assertThat(pieces).containsExactly("01 01 61", "00 01 62", "80 01 63");
    }

    @Test
    void control_frames_pass_between_fragments() {
        assertThat(
                        fed(
                                frame(0x01, bytes("a")),
                                frame(0x89, bytes("p")),
                                frame(0x80, bytes("b")),
                                frame(0x81, bytes("c"))))
                .isEqualTo("01 01 61|89 01 70|80 01 62|81 01 63");
    }

    @Test
    void empty_fragments_are_swallowed_and_the_message_keeps_its_type_and_its_end() {
        assertThat(fed(frame(0x01, bytes("")), frame(0x00, bytes("a")), frame(0x80, bytes(""))))
                .isEqualTo("01 01 61|80 00 ");
        assertThat(fed(frame(0x01, bytes("")), frame(0x80, bytes("")))).isEqualTo("81 00 ");
        assertThat(fed(frame(0x81, bytes("")))).isEqualTo("81 00 ");
    }

    @Test
    void what_comes_after_a_close_frame_is_dropped() {
        assertThat(fed(frame(0x88, closePayload(1000, bytes("bye"))), frame(0x83, bytes("x"))))
                .isEqualTo("88 05 03e8627965");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 999, 1000})
    void every_length_up_to_the_bound_passes(int length) {
        assertThat(fed(frame(0x81, bytes("x".repeat(length))))).doesNotContain("refused");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void a_violation_is_refused(String name, byte[] input, int code) {
        assertThat(fed(input)).endsWith("refused " + code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void a_violation_is_refused_at_the_last_byte_of_its_header_at_the_latest(
            String name, byte[] input, int code) throws FrameViolation {
        // Nothing of the payload is needed, except where the payload is the violation.
        var guard = guard(SETTINGS);
        int headerBytes = input.length;
        for (int at = 0; at < input.length; at++) {
            try {
                guard.next(ByteBuffer.wrap(input, at, 1));
            } catch (FrameViolation v) {
                headerBytes = at + 1;
                break;
            }
        }
        assertThat(headerBytes).isEqualTo(input.length);
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                violation("unmasked", 1002, 0x81, 0x05),
                violation("unmasked and empty", 1002, 0x81, 0x00),
                violation("RSV1", 1002, 0xC1),
                violation("RSV2", 1002, 0xA1),
                violation("RSV3", 1002, 0x91),
                violation("RSV1 on a control frame", 1002, 0xC9),
                violation("opcode 3", 1002, 0x83),
                violation("opcode 7", 1002, 0x87),
                violation("opcode 11", 1002, 0x8B),
                violation("opcode 15", 1002, 0x8F),
                violation("fragmented ping", 1002, 0x09),
                violation("fragmented pong", 1002, 0x0A),
                violation("fragmented close", 1002, 0x08),
                violation("ping of 126 bytes", 1002, 0x89, 0xFE),
                violation("ping of 64-bit length", 1002, 0x89, 0xFF),
                violation("16-bit length of 125", 1002, 0x81, 0xFE, 0, 125),
                violation("64-bit length of 65535", 1002, 0x81, 0xFF, 0, 0, 0, 0, 0, 0, 255, 255),
                violation("64-bit length of 0", 1002, 0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0),
                violation("64-bit length, top bit", 1002, 0x81, 0xFF, 0x80),
                violation("64-bit length, all bits", 1002, 0x81, 0xFF, 0xFF),
                violation("length beyond the bound", 1009, 0x81, 0xFE, 1001 >> 8, 1001 & 255),
                violation("a gigabyte", 1009, 0x81, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0),
                violation(
                        "the largest length",
                        1009,
                        0x81,
                        0xFF,
                        0x7F,
                        255,
                        255,
                        255,
                        255,
                        255,
                        255,
                        255),
                violation("continuation of nothing", 1002, 0x80),
                violation("open continuation of nothing", 1002, 0x00),
                violation("binary", 1003, 0x82),
                violation("fragmented binary", 1003, 0x02),
                violation("half a close code", 1002, 0x88, 0x81),
                after("text inside a message", 1002, frame(0x01, bytes("a")), 0x81),
                after("text inside an empty message", 1002, frame(0x01, bytes("")), 0x01),
                after("continuation after the end", 1002, frame(0x81, bytes("a")), 0x80),
                after(
                        "fragments too large in sum",
                        1009,
                        frame(0x01, bytes("x".repeat(900))),
                        0x80,
                        0x80 | 101),
                closing("close with code 0", 1002, closePayload(0, bytes(""))),
                closing("close with code 999", 1002, closePayload(999, bytes(""))),
                closing("close with code 1004", 1002, closePayload(1004, bytes(""))),
                closing("close with code 1005", 1002, closePayload(1005, bytes(""))),
                closing("close with code 1006", 1002, closePayload(1006, bytes(""))),
                closing("close with code 1012", 1002, closePayload(1012, bytes(""))),
                closing("close with code 1015", 1002, closePayload(1015, bytes(""))),
                closing("close with code 2999", 1002, closePayload(2999, bytes(""))),
                closing("close with code 5000", 1002, closePayload(5000, bytes(""))),
                closing("close with code 65535", 1002, closePayload(65535, bytes(""))),
                closing(
                        "close with a reason not UTF-8",
                        1007,
                        closePayload(1000, new byte[] {(byte) 0xC0, (byte) 0xAF})),
                closing(
                        "close with half a character",
                        1007,
                        closePayload(1000, new byte[] {(byte) 0xE2, (byte) 0x82})));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4999})
    void a_close_frame_with_a_good_code_passes(int code) {
        assertThat(fed(frame(0x88, closePayload(code, bytes("é"))))).startsWith("88 04 ");
    }

    @Test
    void a_refusal_is_final() {
        var pieces = new ArrayList<String>();
        var guard = guard(SETTINGS);
        assertThat(feed(guard, new byte[] {(byte) 0x83}, 1, pieces)).isEqualTo("refused 1002");
        assertThat(feed(guard, frame(0x81, bytes("a")), 1, pieces)).isEqualTo("refused 1002");
        assertThat(pieces).isEmpty();
    }

    @Test
    void the_bound_counts_each_message_anew() {
        var full = frame(0x81, bytes("x".repeat(MAX)));
        assertThat(fed(full, full, full)).doesNotContain("refused");
    }

    @Test
    void empty_fragments_without_end_are_refused() {
        var input = new ByteArrayOutputStream();
        input.writeBytes(frame(0x01, bytes("")));
        for (int i = 1; i < FrameGuard.MAX_EMPTY_FRAGMENTS; i++) {
            input.writeBytes(frame(0x00, bytes("")));
        }
        assertThat(fed(input.toByteArray())).isEmpty();
        input.writeBytes(frame(0x00, bytes("")));
        assertThat(fed(input.toByteArray())).isEqualTo("refused 1009");
    }

    @Test
    void fragments_without_end_are_refused() {
        var input = new ByteArrayOutputStream();
        input.writeBytes(frame(0x01, bytes("a")));
        for (int i = 1; i < SETTINGS.maxFragments(); i++) {
            input.writeBytes(frame(0x00, bytes("a")));
        }
        assertThat(fed(input.toByteArray())).doesNotContain("refused");
        input.writeBytes(frame(0x00, bytes("a")));
        assertThat(fed(input.toByteArray())).endsWith("refused 1009");
    }

    @Test
    void a_flood_of_control_frames_is_refused_and_a_slow_trickle_is_not() {
        var guard = guard(SETTINGS);
        var ping = frame(0x89, bytes("p"));
        var pieces = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            nanoTime.addAndGet(FrameGuard.CONTROL_INTERVAL_NANOS);
            assertThat(feed(guard, ping, Integer.MAX_VALUE, pieces)).isEmpty();
        }
        for (int i = 0; i < FrameGuard.CONTROL_BURST - 1; i++) {
            assertThat(feed(guard, ping, Integer.MAX_VALUE, pieces)).isEmpty();
        }
        assertThat(feed(guard, ping, Integer.MAX_VALUE, pieces)).isEqualTo("refused 4429");
    }

    @Test
    void binary_passes_where_it_is_allowed() {
        var pieces = new ArrayList<String>();
        assertThat(feed(SETTINGS.withBinary(), frame(0x82, bytes("a")), 99, pieces)).isEmpty();
        assertThat(pieces).containsExactly("82 01 61");
    }

    @Test
    void any_bytes_cut_in_any_way_get_the_same_verdict_and_hand_on_the_same_content() {
        for (int seed = 0; seed < 3_000; seed++) {
            var random = new Random(seed);
            var input = new Fuzz(random).stream(1 + random.nextInt(12));
            var settings = random.nextBoolean() ? SETTINGS : SETTINGS.withBinary();
            var whole = content(settings, input, Integer.MAX_VALUE);
            assertThat(content(settings, input, 1)).as("seed %d", seed).isEqualTo(whole);
            assertThat(content(settings, input, 1 + random.nextInt(50)))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
        }
    }

    /** What was handed on, pieces of one frame joined, and the verdict. */
    private String content(WebSocketSettings settings, byte[] input, int cut) {
        var pieces = new ArrayList<String>();
        var outcome = feed(settings, input, cut, pieces);
        var joined = new StringBuilder();
        for (var piece : pieces) {
            int first = Integer.parseInt(piece.substring(0, 2), 16);
            String payload = piece.substring(piece.lastIndexOf(' ') + 1);
            boolean control = (first & 0x8) != 0;
            if (control) {
                joined.append('[').append(piece).append(']');
            } else {
                joined.append((first & 0xF) == 0 ? "" : "#" + (first & 0xF) + ":").append(payload);
                joined.append((first & 0x80) != 0 ? "." : "");
            }
        }
        return joined + outcome;
    }

    private String fed(byte[]... input) {
        var all = new ByteArrayOutputStream();
        for (var part : input) {
            all.writeBytes(part);
        }
        var pieces = new ArrayList<String>();
        var outcome = feed(SETTINGS, all.toByteArray(), Integer.MAX_VALUE, pieces);
        if (!outcome.isEmpty()) {
            pieces.add(outcome);
        }
        return String.join("|", pieces);
    }

    private String feed(WebSocketSettings settings, byte[] input, int cut, List<String> pieces) {
        return feed(guard(settings), input, cut, pieces);
    }

    private FrameGuard guard(WebSocketSettings settings) {
        return new FrameGuard(settings, nanoTime::get);
    }

    private static String feed(FrameGuard guard, byte[] input, int cut, List<String> pieces) {
        try {
            for (int at = 0; at < input.length; at += Math.min(cut, input.length)) {
                var read = ByteBuffer.wrap(input, at, Math.min(cut, input.length - at));
                var piece = guard.next(read);
                while (piece != null) {
                    var bytes = new byte[piece.remaining()];
                    piece.get(bytes);
                    pieces.add(shown(bytes));
                    piece = guard.next(read);
                }
                assertThat(read.hasRemaining()).isFalse();
            }
            return "";
        } catch (FrameViolation v) {
            return "refused " + v.closing().code();
        }
    }

    private static String shown(byte[] frame) {
        int header = (frame[1] & 0x7F) == 126 ? 4 : 2;
        var hex = new StringBuilder();
        for (int i = 0; i < frame.length; i++) {
            hex.append(i == 1 || i == header ? " " : "").append("%02x".formatted(frame[i]));
        }
        return hex.append(frame.length == header ? " " : "").toString();
    }

    private static Arguments violation(String name, int code, int... input) {
        return Arguments.of(name, raw(input), code);
    }

    private static Arguments after(String name, int code, byte[] before, int... input) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(before);
        all.writeBytes(raw(input));
        return Arguments.of(name, all.toByteArray(), code);
    }

    private static Arguments closing(String name, int code, byte[] payload) {
        return Arguments.of(name, frame(0x88, payload), code);
    }

    private static byte[] raw(int... values) {
        var bytes = new byte[values.length];
        IntStream.range(0, values.length).forEach(i -> bytes[i] = (byte) values[i]);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
