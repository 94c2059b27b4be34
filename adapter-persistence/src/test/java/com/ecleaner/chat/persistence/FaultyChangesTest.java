package com.ecleaner.chat.persistence;

import static com.ecleaner.chat.domain.Refusal.Code.INVALID;
import static com.ecleaner.chat.domain.Refusal.Code.UNAVAILABLE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What one change, or the database, does to the others of a batch. */
class FaultyChangesTest {
    @AutoClose private final Store store = Store.fresh();
    private final Given given = new Given(store.ports());
    private final Somebody anna = given.client("anna");

    @Test
    void a_message_that_cannot_be_stored_fails_alone() throws SQLException {
        store.execute(
                "alter table message add constraint no_poison check (content not like '%poison%')");
        Talk one = given.general("one");
        Talk two = given.general("two");
        Map<Integer, CompletableFuture<Outcome>> sent = new TreeMap<>();
        // All of them wait for the first commit, so they go into one batch for each lane.
        try (Connection holder = holdEverything()) {
            for (int i = 0; i < 60; i++) {
                String text = i == 17 || i == 40 ? "poison " + i : "message " + i;
                sent.put(i, append(i % 3 == 0 ? two : one, text));
            }
            holder.rollback();
        }

        sent.forEach(
                (i, future) -> {
                    if (i == 17 || i == 40) {
                        Refused.as(INVALID, () -> Talk.outcome(future));
                    } else {
                        Talk.outcome(future);
                    }
                });
        List<Message> log = new ArrayList<>(one.log(anna));
        log.addAll(two.log(anna));
        assertThat(log).hasSize(58).noneMatch(m -> m.content().contains("poison"));
        assertThat(one.log(anna))
                .extracting(m -> Integer.valueOf(m.content().substring(8)))
                .isSorted();
    }

    @Test
    void a_connection_that_was_cut_is_unavailable_and_the_next_commit_goes_through()
            throws SQLException {
        Talk talk = given.general("lobby");
        talk.say(anna, "before");
        CompletableFuture<Outcome> cut;
        try (Connection holder = holdEverything()) {
            cut = append(talk, "cut");
            WaitingForLocks.await(store);
            store.ask("select pg_terminate_backend(" + WaitingForLocks.in(store).getFirst() + ")");
            holder.rollback();
        }

        Refused.as(UNAVAILABLE, () -> Talk.outcome(cut));
        assertThat(talk.say(anna, "after").seq()).isEqualTo(2);
    }

    @Test
    void a_database_that_is_away_refuses_everything_in_a_bounded_time_and_serves_when_it_is_back() {
        Talk talk = given.general("lobby");
        talk.say(anna, "before");
        String name = store.ask("select current_database()").getFirst();
        TestServer.execute("alter database " + name + " allow_connections false");
        TestServer.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                        + name
                        + "'");

        List<CompletableFuture<Outcome>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(append(talk, "message " + i));
        }
        sent.forEach(one -> Refused.as(UNAVAILABLE, () -> Talk.outcome(one)));
        Refused.as(UNAVAILABLE, talk::room);
        Refused.as(UNAVAILABLE, () -> talk.log(anna));
        Refused.as(UNAVAILABLE, () -> given.somebody("john", anna.role()));
        assertThat(store.database().answers()).isFalse();

        TestServer.execute("alter database " + name + " allow_connections true");
        // The pool asks again after a pause of its own.
        await().atMost(Duration.ofSeconds(30)).until(store.database()::answers);
        assertThat(talk.say(anna, "after").seq()).isEqualTo(2);
    }

    private Connection holdEverything() throws SQLException {
        Connection holder = store.connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("lock table participant in access exclusive mode");
        }
        return holder;
    }

    private CompletableFuture<Outcome> append(Talk talk, String text) {
        return store.ports()
                .log()
                .append(
                        new RoomChange.Post(
                                talk.id(), anna.actor(), Draft.text(text), given.now()));
    }
}
