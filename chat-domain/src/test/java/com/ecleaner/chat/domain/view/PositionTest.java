package com.ecleaner.chat.domain.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

class PositionTest {
    private static final long SEED = 7;

    @Test
    void a_position_below_zero_is_invalid_and_names_its_field() {
        Refused.invalid("before_seq", () -> new Position.Before(-1));
        Refused.invalid("after_seq", () -> new Position.After(-1));
        Refused.invalid("around_seq", () -> new Position.Around(Long.MIN_VALUE));
    }

    @Test
    void a_run_is_what_filtering_the_log_gives_and_the_page_says_what_it_left_out() {
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            long end = random.nextInt(12);
            int limit = 1 + random.nextInt(6);
            long seq = random.nextInt(20) == 0 ? Long.MAX_VALUE : random.nextInt(15);
            List<Position> positions =
                    List.of(
                            new Position.Latest(),
                            new Position.Before(seq),
                            new Position.After(seq),
                            new Position.Around(seq));
            for (Position position : positions) {
                String where = "seed " + SEED + ": " + position + " of " + end + ", " + limit;
                List<Long> log = LongStream.rangeClosed(1, end).boxed().toList();
                List<Long> expected = filtered(log, position, limit);

                Position.Run run = position.run(limit, end);
                List<Long> seqs =
                        LongStream.rangeClosed(run.fromSeq(), run.toSeq()).boxed().toList();
                MessagePage page =
                        MessagePage.of(
                                seqs.stream().map(PositionTest::message).toList(), position, end);

                assertThat(seqs).as(where).isEqualTo(expected);
                if (!expected.isEmpty()) {
                    assertThat(page.moreBefore()).as(where).isEqualTo(expected.getFirst() > 1);
                    assertThat(page.moreAfter()).as(where).isEqualTo(expected.getLast() < end);
                } else if (position instanceof Position.Before) {
                    assertThat(page.moreBefore()).as(where).isFalse();
                    assertThat(page.moreAfter()).as(where).isEqualTo(end > 0);
                } else {
                    assertThat(page.moreBefore()).as(where).isEqualTo(end > 0);
                    assertThat(page.moreAfter()).as(where).isFalse();
                }
            }
        }
    }

    private static List<Long> filtered(List<Long> log, Position position, int limit) {
        return switch (position) {
            case Position.Latest latest -> last(log, limit);
            case Position.Before before ->
                    last(log.stream().filter(s -> s < before.seq()).toList(), limit);
            case Position.After after ->
                    log.stream().filter(s -> s > after.seq()).limit(limit).toList();
            case Position.Around around -> {
                if (log.isEmpty()) {
                    yield log;
                }
                long middle = Math.max(1, Math.min(around.seq(), log.getLast()));
                int before = limit / 2;
                int after = limit - 1 - before;
                yield log.stream()
                        .filter(s -> s >= middle - before && s <= middle + after)
                        .toList();
            }
        };
    }

    private static List<Long> last(List<Long> log, int limit) {
        return log.subList(Math.max(0, log.size() - limit), log.size());
    }

    private static Message message(long seq) {
        return new Message(
                new MessageId(seq),
                new RoomId(1),
                seq,
                seq + 1,
                Person.nameless(new UserId("26")),
                MessageType.TEXT,
                "m",
                Instant.EPOCH,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
