package com.ecleaner.chat.domain.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Refused;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Optional;

class TermsTest {
    @ParameterizedTest(name = "{0} in \"{1}\": {2}")
    @CsvSource({
        "key, The key is outside, WORDS",
        "KEY, the Key, WORDS",
        "outside key, The key is outside, WORDS",
        "key key, one key, WORDS",
        "is, The key is outside, WORDS",
        "side, The key is outside, PARTS",
        "key side, The key is outside, PARTS",
        "out, The key is outside, PARTS",
        "ou, The key is outside, PARTS",
        "de, The key is outside,",
        "keys, The key is outside,",
        "key window, The key is outside,",
        "schlussel, Hausschlüssel, PARTS",
        "京, 北京市, WORDS",
        "北京, 北京市, WORDS",
        "👍, Done 👍🏽, WORDS"
    })
    void all_terms_must_be_words_or_parts_and_short_ones_beginnings(
            String typed, String text, Terms.Tier tier) {
        assertThat(Terms.of(typed).in(Words.of(text))).isEqualTo(Optional.ofNullable(tier));
    }

    @ParameterizedTest
    @MethodSource
    void what_has_no_word_or_is_too_long_or_no_text_is_invalid(String typed) {
        Refused.invalid("q", () -> Terms.of(typed));
    }

    static List<String> what_has_no_word_or_is_too_long_or_no_text_is_invalid() {
        return List.of(
                "",
                " ",
                "?!",
                "%",
                "a".repeat(101),
                "a\u0000b",
                "a\nb",
                "\ud800",
                "\u0301",
                "\u200d");
    }
}
