package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.user.Role;

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
import java.util.stream.LongStream;

/** A large commit takes the names of its messages for new, and finds out where one is not. */
class RepeatsTest {
    private static final int MANY = 2 * GroupCommit.LARGE;

    private final Watched watched = new Watched();
    private Store store;
    private Given given;
    private Somebody anna;
    private Talk lobby;

    @BeforeEach
    void open() {
        // One lane, so that what waits meets in one commit.
        store =
                Store.over(
                        TestServer.fresh(
                                new PostgresRoomLog.Settings(
                                        1, 500, 20_000, 2, Duration.ofSeconds(20))),
                        watched::watch);
        given = new Given(store.ports());
        anna = given.client("anna");
        lobby = given.general("lobby");
        lobby.say(anna, "the first");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_large_commit_of_new_messages_asks_for_no_names() throws SQLException {
        List<Outcome> outcomes = together(news("n-"));

        assertThat(outcomes).hasSize(MANY).noneMatch(Outcome::repeated);
        assertThat(watched.statements()).isNotEmpty().noneMatch(RepeatsTest::asksForNames);
        assertThat(lobby.log(anna)).hasSize(1 + MANY);
    }

    @Test
    void a_repeat_among_many_new_ones_gives_the_first_and_no_hole() throws SQLException {
        Message first = lobby.say(anna, "said before", "again").message().orElseThrow();
        List<RoomChange> changes = news("n-");
        changes.add(MANY / 2, post(lobby, "something else", "again"));

        List<Outcome> outcomes = together(changes);

        assertThat(outcomes.get(MANY / 2).repeated()).isTrue();
        assertThat(outcomes.get(MANY / 2).message().orElseThrow().id()).isEqualTo(first.id());
        assertThat(outcomes).filteredOn(Outcome::repeated).hasSize(1);
        assertThat(lobby.log(anna))
                .extracting(Message::seq)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 2 + MANY).boxed().toList());
        assertThat(Recount.differences(store)).isEmpty();
    }

    @Test
    void after_a_repeat_large_commits_ask_for_names_for_a_while() throws SQLException {
        lobby.say(anna, "said before", "again");
        List<RoomChange> changes = news("n-");
        changes.add(post(lobby, "said before", "again"));
        together(changes);
        watched.clear();

        together(news("m-"));

        assertThat(watched.statements()).anyMatch(RepeatsTest::asksForNames);
    }

    @Test
    void a_repeat_that_would_be_refused_as_something_new_is_answered_among_many_too()
            throws SQLException {
        Message first = lobby.say(anna, "said before", "again").message().orElseThrow();
        Talk other = given.general("other");
        lobby.close(anna.as(Role.ADMIN));
        List<RoomChange> changes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            changes.add(post(other, "new", "n-" + i));
        }
        changes.add(post(lobby, "said before", "again"));

        List<Outcome> outcomes = together(changes);

        assertThat(outcomes.getLast().repeated()).isTrue();
        assertThat(outcomes.getLast().message().orElseThrow().id()).isEqualTo(first.id());
        assertThat(outcomes).filteredOn(Outcome::repeated).hasSize(1);
    }

    private List<RoomChange> news(String names) {
        List<RoomChange> changes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            changes.add(post(lobby, "new", names + i));
        }
        return changes;
    }

    private RoomChange post(Talk talk, String text, String name) {
        return new RoomChange.Post(
                talk.id(), anna.actor(), Draft.text(text).with(new ClientId(name)), given.now());
    }

    /** Lets these wait behind one that is under way, so that they go into one commit. */
    private List<Outcome> together(List<RoomChange> changes) throws SQLException {
        CompletableFuture<Outcome> busy;
        List<CompletableFuture<Outcome>> sent = new ArrayList<>();
        try (Connection holder = store.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table participant in access exclusive mode");
            busy = store.ports().log().append(new RoomChange.Read(lobby.id(), anna.actor(), 1));
            WaitingForLocks.await(store);
            watched.clear();
            changes.forEach(change -> sent.add(store.ports().log().append(change)));
            holder.rollback();
        }
        Talk.outcome(busy);
        return sent.stream().map(Talk::outcome).toList();
    }

    private static boolean asksForNames(String sql) {
        return sql.startsWith("select") && sql.contains("m.client_id = a.client_id");
    }
}
