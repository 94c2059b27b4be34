package com.ecleaner.chat.persistence;

import static com.ecleaner.chat.domain.Refusal.Code.UNAVAILABLE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.view.SearchScope;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The words of messages on their way to the index, and what becomes of them. */
class MessageWordsTest {
    @AutoClose private static Store store;

    private Given given;
    private Somebody anna;
    private Talk talk;

    @BeforeAll
    static void open() {
        store = Store.fresh();
        // From here on words move when a test says so.
        store.database().words().close();
    }

    @BeforeEach
    void people() {
        given = new Given(store.ports());
        anna = given.client("anna");
        talk = given.job("1").client(anna).booked();
    }

    private static List<String> words(Talk talk) {
        return store.ask(
                """
                select words from (
                    select * from message_words union all select * from message_words_new) as w
                where room_id = %s order by message_id\
                """
                        .formatted(talk.id()));
    }

    private static void move() {
        try {
            while (store.database().words().move() > 0) {
                // There may be more.
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void every_word_is_in_one_of_the_two_tables_and_moves_to_the_one_that_has_an_index() {
        talk.say(anna, "Hello, World!");
        talk.say(anna, "?!");
        assertThat(words(talk)).containsExactly("hello world");

        move();

        assertThat(words(talk)).containsExactly("hello world");
        assertThat(store.ask("select words from message_words where room_id = " + talk.id()))
                .containsExactly("hello world");
    }

    @Test
    void those_that_wait_are_counted() throws SQLException {
        move();
        store.database().words().count();
        assertThat(store.database().searchWordsWaiting()).isZero();
        talk.say(anna, "one");
        talk.say(anna, "two");

        store.database().words().count();
        assertThat(store.database().searchWordsWaiting()).isEqualTo(2);

        move();
        assertThat(store.database().searchWordsWaiting()).as("until they are counted").isEqualTo(2);
        store.database().words().count();
        assertThat(store.database().searchWordsWaiting()).isZero();
    }

    @ParameterizedTest(name = "{0} moved in 8 ms while {1} wait: {2} ms of rest")
    @CsvSource({
        "1000, 0, 25",
        "1000, 999999, 25",
        "1000, 1000000, 9",
        "999, 1000000, 1000",
        "0, 0, 1000"
    })
    void the_more_wait_the_more_of_its_time_the_mover_works(int moved, long waiting, long rest) {
        assertThat(MessageWords.pauseMillis(moved, 8_000_000, waiting)).isEqualTo(rest);
    }

    @Test
    void the_mover_counts_them_itself_and_moves_them_all() {
        Database.Settings settings = TestServer.empty(PostgresRoomLog.Settings.DEFAULT);
        Database.migrate(settings);
        TestServer.execute(
                settings,
                """
                insert into message_words_new (message_id, room_id, sent_at, words)
                select n, 1, now(), 'word' from generate_series(1, 3000) as n\
                """);
        try (Store behind = Store.over(settings)) {
            await().until(() -> behind.database().searchWordsWaiting() == 3_000);
            await().until(
                            () ->
                                    behind.ask("select count(*) from message_words")
                                            .equals(List.of("3000")));
        }
    }

    @Test
    void no_more_are_moved_at_once_where_that_was_planned_while_none_waited() throws SQLException {
        Database.Settings settings = TestServer.empty(PostgresRoomLog.Settings.DEFAULT);
        Database.migrate(settings);
        try (Store calm = Store.over(settings)) {
            MessageWords words = calm.database().words();
            words.close();
            calm.execute("vacuum analyze message_words_new");
            for (int i = 0; i < 8; i++) {
                assertThat(words.move()).isZero();
            }
            calm.execute(
                    """
                    insert into message_words_new (message_id, room_id, sent_at, words)
                    select n, 1, now(), 'word' from generate_series(1, 2500) as n\
                    """);

            assertThat(List.of(words.move(), words.move(), words.move(), words.move()))
                    .containsExactly(1_000, 1_000, 500, 0);
        }
    }

    @Test
    void what_was_edited_away_deleted_or_erased_leaves_no_words_in_either_table() {
        Message edited = talk.say(anna, "edited one");
        Message deleted = talk.say(anna, "deleted one");
        move();
        Message editedNew = talk.say(anna, "edited two");
        Message deletedNew = talk.say(anna, "deleted two");
        talk.edit(anna, edited, "changed one");
        talk.edit(anna, editedNew, "changed two");
        talk.delete(anna, deleted);
        talk.delete(anna, deletedNew);
        assertThat(words(talk)).containsExactly("changed one", "changed two");
        move();
        talk.say(anna, "last words");

        store.ports().users().erase(anna.id(), given.now());

        assertThat(words(talk)).isEmpty();
        assertThat(store.ask("select words from chat_user where id = '" + anna.id() + "'"))
                .containsExactly("");
    }

    @Test
    void a_message_that_is_deleted_while_its_words_are_moved_leaves_none() throws Exception {
        Message message = talk.say(anna, "secret");
        move();
        talk.edit(anna, message, "secret again");
        try (Connection mover = store.connect()) {
            mover.setAutoCommit(false);
            try (Statement statement = mover.createStatement()) {
                statement.execute(
                        """
                        with moved as (delete from message_words_new where room_id = %s returning *)
                        insert into message_words select * from moved\
                        """
                                .formatted(talk.id()));
            }
            CompletableFuture<Outcome> deletion =
                    store.ports()
                            .log()
                            .append(
                                    new RoomChange.Delete(
                                            talk.id(), anna.actor(), message.id(), given.now()));
            WaitingForLocks.await(store);
            mover.commit();
            deletion.get(30, TimeUnit.SECONDS);
        }

        assertThat(words(talk)).isEmpty();
    }

    @Test
    void a_search_that_takes_too_long_is_given_up() throws SQLException {
        try (Connection holder = store.connect();
                Store impatient = Store.over(impatient())) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("lock table message_words in access exclusive mode");
            }
            assertThat(
                            Refused.as(
                                            UNAVAILABLE,
                                            () ->
                                                    impatient
                                                            .ports()
                                                            .search()
                                                            .find(
                                                                    anna.actor(),
                                                                    new SearchScope.EveryRoom(),
                                                                    Terms.of("key"),
                                                                    Optional.empty(),
                                                                    10))
                                    .detail())
                    .contains("too long");
            holder.rollback();
        }
    }

    /** Waits shorter for an answer than for a lock. */
    private static Database.Settings impatient() {
        Database.Settings s = store.settings();
        return new Database.Settings(
                s.url(),
                s.user(),
                s.password(),
                s.connections(),
                Duration.ofSeconds(1),
                new PostgresRoomLog.Settings(1, 500, 20_000, 1, Duration.ofSeconds(20)));
    }

    @Test
    void messages_from_before_there_was_a_search_are_found() {
        Database.Settings settings = TestServer.empty(PostgresRoomLog.Settings.DEFAULT);
        Flyway.configure()
                .dataSource(settings.url(), settings.user(), settings.password())
                .locations("classpath:db/migration")
                .target("4")
                .load()
                .migrate();
        TestServer.execute(
                settings,
                """
                insert into room (id, room_type, name, created_at, updated_at, is_active, version,
                    state_version, last_seq, participant_count)
                values (1, 'general', 'hall', now(), now(), true, 2, 1, 1, 0);
                insert into message (id, room_id, seq, version, sender_id, message_type, content,
                    created_at)
                values (1, 1, 1, 2, 'anna', 'text', 'The KEY is outside!', now());
                insert into chat_user (id, username, first_name) values ('anna', 'anna', 'Anna')\
                """);

        Database.migrate(settings);

        try (Store migrated = Store.over(settings)) {
            for (String typed : List.of("key", "side", "anna")) {
                assertThat(
                                migrated.ports()
                                        .search()
                                        .find(
                                                anna.actor(),
                                                new SearchScope.OneRoom(room(1), seat -> {}),
                                                Terms.of(typed),
                                                Optional.empty(),
                                                10)
                                        .messages())
                        .as(typed)
                        .hasSize(typed.equals("anna") ? 0 : 1);
            }
            assertThat(migrated.ask("select words from chat_user")).containsExactly("anna anna");
        }
    }

    private static RoomId room(long id) {
        return new RoomId(id);
    }

    @Test
    void a_server_that_may_not_have_the_extension_says_which_and_what_to_do() {
        Database.Settings settings = TestServer.empty(PostgresRoomLog.Settings.DEFAULT);
        String user = "nobody_" + TestServer.database(settings);
        TestServer.execute("create user " + user + " password 'x'");
        TestServer.execute(settings, "grant usage on schema public to " + user);
        TestServer.execute(settings, "grant create on schema public to " + user);
        Database.Settings limited =
                new Database.Settings(
                        settings.url(),
                        user,
                        "x",
                        settings.connections(),
                        settings.answer(),
                        settings.log());

        assertThatThrownBy(() -> Database.migrate(limited))
                .hasStackTraceContaining("pg_trgm")
                .hasStackTraceContaining("CREATE EXTENSION");
    }
}
