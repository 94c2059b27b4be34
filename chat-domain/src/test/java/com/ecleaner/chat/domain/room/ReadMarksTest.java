package com.ecleaner.chat.domain.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class ReadMarksTest {
    private static final UserId ANNA = new UserId("anna");
    private static final UserId JOHN = new UserId("john");

    @Test
    void nobody_has_read_anything_in_a_room_without_marks() {
        assertThat(ReadMarks.NONE.isRead(ANNA, 1)).isFalse();
    }

    @Test
    void ones_own_mark_does_not_count_for_ones_own_messages() {
        ReadMarks marks = ReadMarks.NONE.advance(ANNA, 5);

        assertThat(marks.isRead(ANNA, 1)).isFalse();
        assertThat(marks.isRead(JOHN, 5)).isTrue();
        assertThat(marks.isRead(JOHN, 6)).isFalse();
        assertThat(marks.advance(JOHN, 2).isRead(ANNA, 2)).isTrue();
        assertThat(marks.advance(JOHN, 2).isRead(ANNA, 3)).isFalse();
    }

    @Test
    void the_two_furthest_marks_say_the_same_as_all_marks() {
        long seed = 42;
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            List<UserId> people = List.of(ANNA, JOHN, new UserId("mary"), new UserId("eve"));
            Map<UserId, Long> all = new HashMap<>();
            ReadMarks marks = ReadMarks.NONE;
            for (int step = 0; step < 20; step++) {
                UserId reader = people.get(random.nextInt(people.size()));
                // Marks only move forward; a repeated one changes nothing.
                long seq = all.getOrDefault(reader, 0L) + random.nextInt(4);
                all.put(reader, seq);
                marks = marks.advance(reader, seq);
                for (UserId sender : people) {
                    for (long m = 1; m < 40; m++) {
                        long number = m;
                        boolean naive =
                                all.entrySet().stream()
                                        .anyMatch(
                                                e ->
                                                        !e.getKey().equals(sender)
                                                                && e.getValue() >= number);
                        assertThat(marks.isRead(sender, m))
                                .as("seed %d, run %d: %s of %s in %s", seed, run, m, sender, all)
                                .isEqualTo(naive);
                    }
                }
            }
        }
    }

    @Test
    void unread_is_what_lies_behind_the_mark_without_ones_own_and_the_deleted() {
        assertThat(Unread.count(10, 4, 0)).isEqualTo(6);
        assertThat(Unread.count(10, 4, 6)).isZero();
        Participant in = Participant.joining(ANNA, Role.CLIENT, Instant.EPOCH, 4, 1).withSkipped(2);
        assertThat(in.unread(10)).isEqualTo(4);
        assertThat(in.leaving(2).unread(10)).isZero();
    }
}
