package com.ecleaner.chat.domain.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;

class WordsTest {
    @ParameterizedTest(name = "\"{0}\" is \"{1}\"")
    @CsvSource(
            delimiter = '|',
            value = {
                "Hello, World!|hello world",
                "  two   spaces |two spaces",
                "foo-bar_baz/qux|foo bar baz qux",
                "don't|don t",
                "10:30, 5kg|10 30 5kg",
                "anna@example.com|anna example com",
                "Über Straße|uber strasse",
                "café ÇA NAÏVE|cafe ca naive",
                "Żółć|zołc",
                "İstanbul ısı|istanbul isi",
                "Ключ під Килимком|ключ під килимком",
                "ΟΔΟΣ οδός|οδοσ οδοσ",
                "שָׁלוֹם|שלום",
                "北京市|北 京 市",
                "カギ|カ キ",
                "done👍🏽👍|done 👍 👍",
                "ﬁle|file",
                "<b>bold</b>|b bold b",
                "%_'\"\\|''"
            })
    void text_is_cut_into_words_without_case_accents_and_punctuation(String text, String words) {
        assertThat(Words.of(text)).isEqualTo(words);
    }

    @Test
    void a_word_is_compared_by_its_first_hundred_letters() {
        assertThat(Words.of("a".repeat(4_000))).isEqualTo("a".repeat(100));
        assertThat(Words.of("ä".repeat(4_000))).isEqualTo("a".repeat(100));
        assertThat(Words.of("\ufdfa".repeat(200)).split(" ")).allMatch(w -> w.length() <= 100);
    }

    @Test
    void both_ways_of_cutting_agree_on_plain_text() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append((char) (' ' + random.nextInt(0x7f - ' ')));
            }
            String plain = text.toString();

            assertThat(Words.of(plain))
                    .isEqualTo(
                            String.join(
                                    " ", Words.cut(plain).stream().map(Words.Word::text).toList()));
        }
    }

    @Test
    void words_hold_nothing_that_a_pattern_or_a_query_would_take_for_a_sign() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.appendCodePoint(c);
            }
        }

        assertThat(Words.of(all.toString())).doesNotContainPattern("[%_'\"\\\\&|!():*<>\\x00]");
        assertThat(Words.of(all.toString())).doesNotContain("  ");
    }
}
