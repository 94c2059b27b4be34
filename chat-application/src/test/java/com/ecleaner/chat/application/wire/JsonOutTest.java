package com.ecleaner.chat.application.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;

class JsonOutTest {
    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Property
    void any_well_formed_text_comes_back_from_a_json_library_as_it_was(
            @ForAll Random random, @ForAll @IntRange(max = 300) int length) throws Exception {
        String text = wellFormed(random, length);

        JsonNode read = JACKSON.readTree(new JsonOut(16).array().value(text).endArray().toString());

        assertThat(read.get(0).textValue()).isEqualTo(text);
    }

    @Property
    void any_string_at_all_gives_well_formed_utf_8_and_names_are_escaped_too(@ForAll String text)
            throws Exception {
        byte[] bytes = new JsonOut(16).object().name(text).value(text).end().toByteArray();

        String whole =
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        String expected =
                new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
        assertThat(JACKSON.readTree(whole).get(expected).textValue()).isEqualTo(expected);
    }

    @Property
    void any_whole_number_is_written_with_all_its_digits(@ForAll long number) {
        assertThat(new JsonOut().value(number)).hasToString(Long.toString(number));
    }

    @Property
    void any_time_is_written_in_utc_to_the_millisecond(
            @ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long millis,
            @ForAll @IntRange(max = 999_999) int nanos) {
        Instant time = Instant.ofEpochMilli(millis).plusNanos(nanos);

        assertThat(new JsonOut().value(time)).hasToString('"' + ISO.format(time) + '"');
    }

    @Example
    void the_edges_of_numbers_and_times_are_right() {
        assertThat(
                        new JsonOut()
                                .array()
                                .value(Long.MIN_VALUE)
                                .value(Long.MAX_VALUE)
                                .value(0)
                                .value(-1)
                                .value(Instant.EPOCH)
                                .value(Instant.parse("2024-02-29T23:59:59.999Z"))
                                .value(Instant.parse("1969-12-31T23:59:59.999Z"))
                                .value(1.5)
                                .value(Double.NaN)
                                .endArray())
                .hasToString(
                        "[-9223372036854775808,9223372036854775807,0,-1,"
                                + "\"1970-01-01T00:00:00.000Z\",\"2024-02-29T23:59:59.999Z\","
                                + "\"1969-12-31T23:59:59.999Z\",1.5,null]");
    }

    @Example
    void commas_stand_between_members_and_elements_and_nowhere_else() {
        JsonOut out = new JsonOut().object();
        out.name("a").array().endArray();
        out.name("b").object().end();
        out.name("c")
                .array()
                .value(true)
                .nullValue()
                .raw(new byte[] {'{', '}'})
                .value(1)
                .endArray();
        out.end();

        assertThat(out).hasToString("{\"a\":[],\"b\":{},\"c\":[true,null,{},1]}");
        assertThat(out.size()).isEqualTo(out.toByteArray().length);
    }

    @Example
    void what_ends_a_line_for_javascript_or_a_terminal_is_escaped() {
        assertThat(new JsonOut().value("\u2028\u2029\n\r\t\0\u001b\"\\"))
                .hasToString("\"\\u2028\\u2029\\n\\r\\t\\u0000\\u001b\\\"\\\\\"");
    }

    @Example
    void half_a_surrogate_pair_becomes_the_replacement_character() {
        for (String half : List.of("a\ud83d", "\udc4b", "\ud83d\ud83d\udc4b")) {
            assertThat(new JsonOut().value(half).toString()).contains("\ufffd");
        }
    }

    private static String wellFormed(Random random, int length) {
        StringBuilder text = new StringBuilder();
        int[] tops = {0x80, 0x800, 0x3000, 0x10000, 0x110000};
        while (text.length() < length) {
            int c = random.nextInt(tops[random.nextInt(tops.length)]);
            if (c < 0xd800 || c > 0xdfff) {
                text.appendCodePoint(c);
            }
        }
        return text.toString();
    }
}
