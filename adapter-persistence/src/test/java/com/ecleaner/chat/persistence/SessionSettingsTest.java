package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What was acknowledged is on disk, and nothing is waited for without end. */
class SessionSettingsTest {
    @AutoClose private static Store store;

    @BeforeAll
    static void open() {
        Database.Settings settings = TestServer.fresh();
        // As careless as a server can be.
        String name = TestServer.database(settings);
        TestServer.execute(settings, "alter database " + name + " set synchronous_commit = off");
        TestServer.execute(settings, "alter database " + name + " set lock_timeout = 0");
        store = Store.over(settings);
    }

    @Test
    void the_database_itself_would_not_wait_for_the_disk() {
        assertThat(store.ask("show synchronous_commit")).containsExactly("off");
    }

    @ParameterizedTest
    @CsvSource({
        "synchronous_commit, on",
        "lock_timeout, 2s",
        "idle_in_transaction_session_timeout, 5s",
        "tcp_keepalives_idle, 10",
        "enable_seqscan, off"
    })
    void our_transactions_do_again_and_again(String setting, String value) {
        for (int i = 0; i < 3; i++) {
            String now =
                    store.database()
                            .transactions()
                            .write(
                                    session ->
                                            session.createNativeQuery(
                                                            "show " + setting, String.class)
                                                    .getSingleResult());
            assertThat(now).isEqualTo(value);
        }
    }

    @Test
    void a_line_that_fell_silent_is_not_waited_for_without_end() {
        int millis =
                store.database().transactions().read(connection -> connection.getNetworkTimeout());
        assertThat(millis).isEqualTo(12_000);
    }

    @Test
    void a_transaction_of_an_embedder_becomes_durable_with_what_it_posts() throws SQLException {
        Given given = new Given(store.ports());
        Somebody anna = given.client("anna");
        Talk talk = given.general("lobby");
        try (Connection connection = store.connect()) {
            connection.setAutoCommit(false);
            assertThat(show(connection)).isEqualTo("off");

            store.database()
                    .log()
                    .within(connection)
                    .append(
                            new RoomChange.Post(
                                    talk.id(), anna.actor(), Draft.text("hi"), given.now()))
                    .join();

            assertThat(show(connection)).isEqualTo("on");
            connection.commit();
            assertThat(show(connection)).isEqualTo("off");
        }
    }

    private static String show(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("show synchronous_commit")) {
            rs.next();
            return rs.getString(1);
        }
    }
}
