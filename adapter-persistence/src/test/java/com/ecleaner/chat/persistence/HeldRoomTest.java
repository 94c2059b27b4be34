package com.ecleaner.chat.persistence;

import static com.ecleaner.chat.domain.Refusal.Code.UNAVAILABLE;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A room whose row somebody holds for long delays itself and nobody else. */
class HeldRoomTest {
    private Store store;
    private Given given;
    private Somebody anna;

    private void open(Duration lockTimeout) {
        // One lane, so that all rooms would wait if one could make it.
        store = Store.fresh(new PostgresRoomLog.Settings(1, 500, 1_000, 2, lockTimeout));
        given = new Given(store.ports());
        anna = given.client("anna");
    }

    @BeforeEach
    void patient() {
        open(Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void other_rooms_go_on_while_one_is_held_and_it_follows_in_order_when_it_is_released()
            throws SQLException {
        Talk held = given.general("held");
        Talk free = given.general("free");
        held.say(anna, "before");
        List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
        try (Connection holder = hold(held)) {
            for (int i = 1; i <= 50; i++) {
                waiting.add(append(held, "held " + i));
                assertThat(free.say(anna, "free " + i).seq()).isEqualTo(i);
            }
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            holder.rollback();
        }
        waiting.forEach(Talk::outcome);

        assertThat(held.log(anna))
                .extracting(Message::content)
                .startsWith("before", "held 1")
                .containsSubsequence(
                        IntStream.rangeClosed(1, 50).mapToObj(i -> "held " + i).toList());
        // The room is back in its lane.
        assertThat(held.say(anna, "after").seq()).isEqualTo(52);
    }

    @Test
    void who_waits_too_long_is_told_and_nothing_was_written() throws SQLException {
        store.close();
        open(Duration.ofMillis(200));
        Talk held = given.general("held");
        held.say(anna, "before");
        try (Connection holder = hold(held)) {
            CompletableFuture<Outcome> first = append(held, "one");
            CompletableFuture<Outcome> second = append(held, "two");
            Refused.as(UNAVAILABLE, () -> Talk.outcome(first));
            Refused.as(UNAVAILABLE, () -> Talk.outcome(second));
            holder.rollback();
        }

        assertThat(held.say(anna, "after").seq()).isEqualTo(2);
    }

    @Test
    void more_held_rooms_than_are_waited_for_at_once_are_told_too() throws SQLException {
        store.close();
        open(Duration.ofMillis(200));
        List<Talk> rooms = IntStream.range(0, 5).mapToObj(i -> given.general("held " + i)).toList();
        Talk free = given.general("free");
        List<Connection> holders = new ArrayList<>();
        try {
            List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
            for (Talk room : rooms) {
                holders.add(hold(room));
                waiting.add(append(room, "one"));
            }
            assertThat(free.say(anna, "free").seq()).isEqualTo(1);
            waiting.forEach(one -> Refused.as(UNAVAILABLE, () -> Talk.outcome(one)));
        } finally {
            for (Connection holder : holders) {
                holder.close();
            }
        }
        rooms.forEach(room -> assertThat(room.say(anna, "after").seq()).isEqualTo(1));
    }

    @Test
    void closing_finishes_what_waits_for_a_held_room() throws Exception {
        Talk held = given.general("held");
        CompletableFuture<Outcome> waiting;
        Thread closing;
        try (Connection holder = hold(held)) {
            waiting = append(held, "one");
            closing = Thread.ofPlatform().start(() -> store.database().log().close());
            assertThat(waiting).isNotDone();
            holder.rollback();
        }
        closing.join(Duration.ofSeconds(30));

        assertThat(waiting).isCompletedWithValueMatching(o -> o.message().isPresent());
        Refused.as(UNAVAILABLE, () -> Talk.outcome(append(held, "two")));
    }

    @Test
    void a_lane_that_is_full_refuses_at_once() throws SQLException {
        store.close();
        store = Store.fresh(new PostgresRoomLog.Settings(1, 10, 20, 1, Duration.ofSeconds(20)));
        given = new Given(store.ports());
        anna = given.client("anna");
        Talk talk = given.general("lobby");
        List<CompletableFuture<Outcome>> sent = new ArrayList<>();
        try (Connection holder = store.connect()) {
            holder.setAutoCommit(false);
            // Everything waits, in whatever room.
            try (Statement statement = holder.createStatement()) {
                statement.execute("lock table participant in access exclusive mode");
            }
            for (int i = 0; i < 100; i++) {
                sent.add(append(talk, "message " + i));
            }
            long refused = sent.stream().filter(CompletableFuture::isDone).count();
            // A batch under way and a full queue wait; the rest was refused without waiting.
            assertThat(refused).isBetween(70L, 99L);
            holder.rollback();
        }
        long stored =
                sent.stream()
                        .filter(
                                f ->
                                        f.handle((o, fault) -> fault == null)
                                                .orTimeout(30, TimeUnit.SECONDS)
                                                .join())
                        .count();

        assertThat(talk.room().lastSeq()).isEqualTo(stored);
        assertThat(stored).isBetween(1L, 30L);
    }

    private CompletableFuture<Outcome> append(Talk talk, String text) {
        return store.ports()
                .log()
                .append(
                        new RoomChange.Post(
                                talk.id(), anna.actor(), Draft.text(text), given.now()));
    }

    private Connection hold(Talk talk) throws SQLException {
        Connection holder = store.connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("select 1 from room where id = " + talk.id() + " for update");
        }
        return holder;
    }
}
