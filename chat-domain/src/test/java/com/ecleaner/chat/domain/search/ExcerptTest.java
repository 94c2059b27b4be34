package com.ecleaner.chat.domain.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class ExcerptTest {
    /** The excerpt with its marks drawn in. */
    private static String drawn(String typed, String text) {
        Excerpt excerpt = Excerpt.of(text, Terms.of(typed));
        StringBuilder drawn = new StringBuilder(excerpt.text());
        for (Excerpt.Mark mark : excerpt.marks().reversed()) {
            drawn.insert(mark.to(), ']').insert(mark.from(), '[');
        }
        return drawn.toString();
    }

    @ParameterizedTest(name = "{0} in \"{1}\"")
    @CsvSource({
        "key, The key. A key!, The [key]. A [key]!",
        "KEY out, The Key is outside, The [Key] is [out]side",
        "side, outside, out[side]",
        "ou, outside you, [ou]tside you",
        "strasse, Lange Straße 5, Lange [Straße] 5",
        "ass, Lange Straße 5, Lange Str[aß]e 5",
        "cafe, Un café!, Un [café]!",
        "b, <b>x</b>, <[b]>x</[b]>",
        "anan, ananan, [anan]an",
        "key eyr, keyring, [keyr]ing",
        "京, 北京市, 北[京]市",
        "👍, Done 👍🏽!, Done [👍🏽]!",
        "absent, The key, The key"
    })
    void what_matches_is_marked_where_it_stands(String typed, String text, String expected) {
        String decomposed = text.replace("é", "e\u0301");

        assertThat(drawn(typed, decomposed)).isEqualTo(expected.replace("e\\u0301", "e\u0301"));
    }

    @Test
    void a_long_message_is_cut_around_the_first_match_at_words_and_never_through_a_sign() {
        String text = "word ".repeat(100) + "key" + " 👍".repeat(200);

        Excerpt excerpt = Excerpt.of(text, Terms.of("key"));

        assertThat(excerpt.text()).startsWith("…word word").endsWith("👍…");
        assertThat(excerpt.marks()).hasSize(1);
        Excerpt.Mark mark = excerpt.marks().getFirst();
        assertThat(excerpt.text().substring(mark.from(), mark.to())).isEqualTo("key");
        assertThat(Text.length(excerpt.text())).isLessThanOrEqualTo(Excerpt.MAX_LENGTH + 2);
        assertThat(drawn("key", "key " + text)).startsWith("[key] word");
        assertThat(drawn("key", text.substring(0, 503))).endsWith("word [key]");
    }

    @Test
    void line_breaks_become_spaces_and_move_no_mark() {
        assertThat(drawn("key", "The\r\nkey\tis")).isEqualTo("The  [key] is");
    }

    @Test
    void marks_are_in_order_apart_and_inside_whatever_is_searched() {
        Random random = new Random(7);
        String signs = "ab äß京👍\u0301 -<";
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(500); i > 0; i--) {
                int at = signs.offsetByCodePoints(0, random.nextInt(Text.length(signs)));
                text.appendCodePoint(signs.codePointAt(at));
            }
            Excerpt excerpt = Excerpt.of(text.toString(), Terms.of("a ab bab ss 京"));

            int end = -1;
            for (Excerpt.Mark mark : excerpt.marks()) {
                assertThat(mark.from()).isGreaterThan(end);
                assertThat(mark.to()).isGreaterThan(mark.from());
                end = mark.to();
            }
            assertThat(end).isLessThanOrEqualTo(excerpt.text().length());
            assertThat(excerpt.text()).isEqualTo(wellFormed(excerpt.text()));
            assertThat(Text.length(excerpt.text())).isLessThanOrEqualTo(Excerpt.MAX_LENGTH + 2);
        }
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
