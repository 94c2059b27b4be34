package com.ecleaner.chat.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Refused;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    private static final String SPONGE = "🧽";

    @Test
    void characters_are_counted_as_code_points() {
        assertThat(Text.length("")).isZero();
        assertThat(Text.length("a" + SPONGE)).isEqualTo(2);
        assertThat(Text.line("f", SPONGE.repeat(64), 1, 64)).isEqualTo(SPONGE.repeat(64));
        Refused.invalid("f", () -> Text.line("f", SPONGE.repeat(65), 1, 64));
        Refused.invalid("f", () -> Text.line("f", "a".repeat(65), 1, 64));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u00A0\u2003\u3000",
                "a\u0000",
                "a\nb",
                "a\tb",
                "a\u001Fb",
                "\u007F",
                "a\u0085b",
                "a\u009Fb",
                "\uD800",
                "a\uDC00",
                "\uDC00\uD800",
                "x\uD83E"
            })
    void a_line_that_is_blank_broken_or_has_controls_is_invalid(String text) {
        Refused.invalid("title", () -> Text.line("title", text, 1, 64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", " a ", "\u200Ba", "é", "e\u0301", "\u202Eabc", "<b>", "' OR 1=1"})
    void a_line_comes_back_as_it_is(String text) {
        assertThat(Text.line("title", text, 1, 64)).isSameAs(text);
    }

    @Test
    void a_line_that_may_be_empty_may_be_blank() {
        assertThat(Text.line("title", "", 0, 5)).isEmpty();
        assertThat(Text.line("title", " ", 0, 5)).isEqualTo(" ");
    }

    @Test
    void a_paragraph_welcomes_tabs_and_line_ends_and_no_other_control() {
        assertThat(Text.paragraph("message", "a\r\n\tb", 1, 9)).isEqualTo("a\r\n\tb");
        Refused.invalid("message", () -> Text.paragraph("message", "\r\n\t ", 1, 9));
        Refused.invalid("message", () -> Text.paragraph("message", "a\u000B", 1, 9));
        Refused.invalid("message", () -> Text.paragraph("message", "a\u001B[31m", 1, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u202A", "\u202E", "\u2066", "\u2069"})
    void a_name_has_no_marks_that_turn_the_text_around_it(String mark) {
        Refused.invalid("name", () -> Text.name("name", "lob" + mark + "by", 1, 100));
        assertThat(Text.harmless("lob" + mark + "by", 100)).isEqualTo("lobby");
    }

    @Test
    void the_plain_direction_marks_of_honest_names_stay() {
        assertThat(Text.name("name", "محمد\u200F", 1, 100)).isEqualTo("محمد\u200F");
        assertThat(Text.harmless("محمد\u200F", 100)).isEqualTo("محمد\u200F");
    }

    @Test
    void a_name_of_another_system_is_made_harmless_rather_than_refused() {
        assertThat(Text.harmless("a\u0000b\nc\uD800d\u0085", 10)).isEqualTo("abcd");
        assertThat(Text.harmless(SPONGE.repeat(11), 10)).isEqualTo(SPONGE.repeat(10));
        assertThat(Text.harmless("\u0000".repeat(20) + "ab", 1)).isEqualTo("a");
        assertThat(Text.harmless("", 10)).isEmpty();
    }

    @Test
    void an_excerpt_is_cut_between_characters_and_says_so() {
        assertThat(Text.excerpt("abc", 3)).isEqualTo("abc");
        assertThat(Text.excerpt("abcd", 3)).isEqualTo("abc…");
        assertThat(Text.excerpt(SPONGE.repeat(4), 3)).isEqualTo(SPONGE.repeat(3) + "…");
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "26, true",
        "9007199254740991, true",
        "9007199254740992, false",
        "9999999999999999, false",
        "10000000000000000, false",
        "99999999999999999999999, false",
        "'', false",
        "00, false",
        "007, false",
        "-1, false",
        "+1, false",
        "1.0, false",
        "1e3, false",
        "' 1', false",
        "٣, false",
        "26a, false"
    })
    void an_integer_is_canonical_as_json_writes_it_below_2_to_the_53(String text, boolean is) {
        assertThat(Text.isCanonicalInteger(text)).isEqualTo(is);
    }
}
