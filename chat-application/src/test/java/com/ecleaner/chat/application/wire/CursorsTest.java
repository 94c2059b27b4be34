package com.ecleaner.chat.application.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.SearchCursor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

class CursorsTest {
    @Test
    void a_mark_comes_back_as_it_was() {
        RoomCursor mark =
                new RoomCursor(Instant.parse("2025-10-25T10:30:00.123Z"), new RoomId(1L << 60));

        assertThat(Cursors.room(Cursors.text(mark))).isEqualTo(mark);
        assertThat(Cursors.text(mark)).matches("[A-Za-z0-9_-]{22}");
    }

    @Test
    void a_number_comes_back_as_it_was() {
        assertThat(Cursors.number(Cursors.text(1))).isEqualTo(1);
        assertThat(Cursors.number(Cursors.text(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_place_among_results_comes_back_as_it_was() {
        SearchCursor mark =
                new SearchCursor(
                        Terms.Tier.SENDER,
                        Instant.parse("2025-10-25T10:30:00.123Z"),
                        new MessageId(1L << 60));

        assertThat(Cursors.search(Cursors.text(mark))).isEqualTo(mark);
        assertThat(Cursors.text(mark)).matches("[A-Za-z0-9_-]{23}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "AAAAAAAAAAAAAAAAAAAAAAA",
                "AwAAAAAAAAAAAAAAAAAAAAE",
                "_wAAAAAAAAAAAAAAAAAAAAE",
                "AAAAAAAAAAAAAAAAAAAAAAF",
                "AP__________AAAAAAAAAAE",
                "AAAAAAAAAAAAAAAAAAAA!AE"
            })
    void what_is_no_place_of_ours_is_refused_by_name(String garbage) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Cursors.search(garbage))
                .satisfies(refusal -> assertThat(refusal.field()).contains("cursor"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "AAAAAAAAAAA", "_________9g", "AAAAAAAAAAF", "AAAAAAAA!AE"})
    void what_is_no_number_of_ours_is_refused_by_name(String garbage) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Cursors.number(garbage))
                .satisfies(refusal -> assertThat(refusal.field()).contains("cursor"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "AAAAAAAAAAAAAAAAAAAAAA",
                "_____________________w",
                "AAAAAAAAAAAAAAAAAAAAAQ==",
                "AAAAAAAAAAAAAAAAAAAAAR",
                "AAAAAAAAAAAAAAAAAAAA!Q",
                "AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAQ"
            })
    void what_is_no_mark_of_ours_is_refused_by_name(String garbage) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Cursors.room(garbage))
                .satisfies(refusal -> assertThat(refusal.field()).contains("cursor"));
    }
}
