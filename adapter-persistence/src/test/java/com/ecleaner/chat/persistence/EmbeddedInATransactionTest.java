package com.ecleaner.chat.persistence;

import static com.ecleaner.chat.domain.Refusal.Code.INVALID;
import static com.ecleaner.chat.domain.Refusal.Code.NOT_FOUND;
import static com.ecleaner.chat.domain.Refusal.Code.UNAVAILABLE;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.RoomLog;
import com.ecleaner.chat.domain.room.Room;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;

/** The booking of a job and its first message commit or roll back as one. */
class EmbeddedInATransactionTest {
    @AutoClose private static Store store;

    private Given given;
    private Somebody anna;
    private Somebody john;
    private Talk talk;

    @BeforeAll
    static void open() {
        store = Store.fresh();
        store.execute("create table booking (id text primary key)");
    }

    @BeforeEach
    void people() {
        given = new Given(store.ports());
        anna = given.client("anna");
        john = given.cleaner("john");
        talk = given.job("5").client(anna).cleaner(john).booked();
    }

    @Test
    void what_the_embedder_commits_is_there_with_their_own_rows() throws SQLException {
        Outcome outcome;
        try (Connection connection = begin()) {
            book(connection, given.unique("b"));
            outcome = append(connection, post(anna, "Hello", "c-1"));
            append(connection, new RoomChange.Read(talk.id(), john.actor(), 1));
            connection.commit();
        }

        assertThat(talk.log(john)).containsExactly(outcome.message().orElseThrow().withRead(true));
        assertThat(talk.unread(john)).isZero();
        assertThat(store.ask("select id from booking where id = '" + given.unique("b") + "'"))
                .hasSize(1);
        assertThat(talk.say(anna, "Hello", "c-1").repeated()).isTrue();
    }

    @Test
    void what_the_embedder_rolls_back_leaves_nothing() throws SQLException {
        Message first = talk.say(anna, "first");
        Room before = talk.room();
        try (Connection connection = begin()) {
            book(connection, given.unique("b"));
            append(connection, post(anna, "Hello", "c-1"));
            append(
                    connection,
                    new RoomChange.Edit(
                            talk.id(), anna.actor(), first.id(), "edited", given.now()));
            append(connection, new RoomChange.Read(talk.id(), john.actor(), 2));
            connection.rollback();
        }

        assertThat(talk.room()).isEqualTo(before);
        assertThat(talk.log(anna)).containsExactly(first);
        assertThat(talk.unread(john)).isEqualTo(1);
        assertThat(store.ask("select content from message_edit")).isEmpty();
        assertThat(store.ask("select id from booking where id = '" + given.unique("b") + "'"))
                .isEmpty();
        Outcome sent = talk.say(anna, "Hello", "c-1");
        assertThat(sent.repeated()).isFalse();
        assertThat(sent.message().orElseThrow().seq()).isEqualTo(2);
    }

    @Test
    void a_refusal_leaves_the_transaction_as_it_was() throws SQLException {
        try (Connection connection = begin()) {
            append(connection, post(anna, "one", "c-1"));
            Refused.as(
                    NOT_FOUND,
                    () -> append(connection, post(given.client("stranger"), "me too", "c-2")));
            Refused.as(
                    INVALID,
                    () ->
                            append(
                                    connection,
                                    new RoomChange.Post(
                                            talk.id(),
                                            anna.actor(),
                                            Draft.text("?").inReplyTo(new MessageId(1L << 60)),
                                            given.now())));
            append(connection, post(john, "two", "c-3"));
            connection.commit();
        }

        assertThat(talk.log(anna)).extracting(Message::content).containsExactly("one", "two");
    }

    @Test
    void the_nodes_own_sends_wait_for_the_embedder_and_go_behind() throws SQLException {
        CompletableFuture<Outcome> behind;
        try (Connection connection = begin()) {
            append(connection, post(anna, "one", "c-1"));
            behind = store.ports().log().append(post(john, "two", "c-2"));
            append(connection, post(anna, "three", "c-3"));
            assertThat(behind).isNotDone();
            connection.commit();
        }

        assertThat(Talk.outcome(behind).message().orElseThrow().seq()).isEqualTo(3);
        assertThat(talk.log(anna))
                .extracting(Message::content)
                .containsExactly("one", "three", "two");
    }

    @Test
    void a_broken_connection_is_unavailable() throws SQLException {
        Connection connection = begin();
        connection.close();

        Refused.as(UNAVAILABLE, () -> append(connection, post(anna, "one", "c-1")));
        assertThat(talk.room().lastSeq()).isZero();
    }

    private Connection begin() throws SQLException {
        Connection connection = store.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void book(Connection connection, String id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into booking values ('" + id + "')");
        }
    }

    private Outcome append(Connection connection, RoomChange change) {
        RoomLog log = store.database().log().within(connection);
        CompletableFuture<Outcome> done = log.append(change);
        assertThat(done).isDone();
        return Talk.outcome(done);
    }

    private RoomChange post(Somebody who, String text, String name) {
        return new RoomChange.Post(
                talk.id(), who.actor(), Draft.text(text).with(new ClientId(name)), given.now());
    }
}
