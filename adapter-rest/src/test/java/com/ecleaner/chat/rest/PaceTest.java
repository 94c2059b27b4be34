package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = 77 * SECOND;
    private final Pace pace = new Pace(Duration.ofSeconds(30), () -> now);

    private void moves(long bytes, long after) {
        now += after * SECOND;
        pace.moved(bytes);
    }

    @Test
    void each_wait_is_bounded_however_much_has_moved() {
        assertThat(pace.left()).isEqualTo(30 * SECOND);

        moves(100 * Pace.SLOWEST, 1);

        assertThat(pace.left()).isEqualTo(30 * SECOND);
    }

    @Test
    void a_few_bytes_before_each_wait_is_over_do_not_help_for_long() {
        moves(10, 29);
        assertThat(pace.left()).isBetween(SECOND, 2 * SECOND);

        moves(10, 2);

        assertThat(pace.left()).isNegative();
    }

    @Test
    void whoever_keeps_the_slowest_pace_has_all_the_time_they_need() {
        for (int minute = 0; minute < 60; minute++) {
            moves(29 * Pace.SLOWEST, 29);
            assertThat(pace.left()).isEqualTo(30 * SECOND);
        }
    }
}
