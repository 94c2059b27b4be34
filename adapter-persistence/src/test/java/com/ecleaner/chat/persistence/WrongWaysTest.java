package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Why a commit locks its rooms first, in order of id, and acts in later statements. Each of the
 * obvious ways goes wrong here with two writers at a table that is like ours, and the way of {@link
 * LockedRooms} does not.
 */
class WrongWaysTest {
    private static final String NUMBER_AND_INSERT =
            """
            with numbered as (
                update r set last_seq = last_seq + 1 where id = %1$d returning id, last_seq)
            insert into m select id, last_seq, 'anna', '%2$s' from numbered\
            """;

    /** A thread for each: they wait for each other. */
    private static final Executor THREADS = Thread::startVirtualThread;

    @AutoClose private static final Store STORE = Store.fresh();

    private static void fresh() {
        STORE.execute("drop table if exists r; drop table if exists m");
        STORE.execute("create table r (id bigint primary key, last_seq bigint not null)");
        STORE.execute(
                "create table m (room_id bigint, seq bigint, sender text, client_id text,"
                        + " unique (room_id, seq), unique (room_id, sender, client_id))");
        STORE.execute("insert into r values (1, 0), (2, 0)");
    }

    @Test
    void two_batches_that_number_their_rooms_in_any_order_deadlock() throws Exception {
        fresh();
        try (Connection one = begin();
                Connection two = begin()) {
            run(one, NUMBER_AND_INSERT.formatted(1, "a"));
            run(two, NUMBER_AND_INSERT.formatted(2, "b"));
            CompletableFuture<String> waits = later(one, NUMBER_AND_INSERT.formatted(2, "a"));
            WaitingForLocks.await(STORE);
            CompletableFuture<String> closes = later(two, NUMBER_AND_INSERT.formatted(1, "b"));

            assertThat(
                            new String[] {
                                waits.get(30, TimeUnit.SECONDS), closes.get(30, TimeUnit.SECONDS)
                            })
                    .containsExactlyInAnyOrder("40P01", "");
        }
    }

    @Test
    void looking_for_repeats_before_the_lock_ends_in_a_unique_violation() throws Exception {
        fresh();
        try (Connection one = begin();
                Connection two = begin()) {
            // Both look, neither sees the name, both number and insert it.
            assertThat(names(one)).isZero();
            assertThat(names(two)).isZero();
            run(one, NUMBER_AND_INSERT.formatted(1, "same"));
            CompletableFuture<String> waits = later(two, NUMBER_AND_INSERT.formatted(1, "same"));
            WaitingForLocks.await(STORE);
            one.commit();

            assertThat(waits.get(30, TimeUnit.SECONDS)).isEqualTo("23505");
        }
    }

    @Test
    void on_conflict_do_nothing_leaves_a_hole() throws Exception {
        fresh();
        String insert = NUMBER_AND_INSERT + " on conflict do nothing";
        try (Connection one = begin();
                Connection two = begin()) {
            run(one, insert.formatted(1, "same"));
            CompletableFuture<String> waits = later(two, insert.formatted(1, "same"));
            WaitingForLocks.await(STORE);
            one.commit();
            assertThat(waits.get(30, TimeUnit.SECONDS)).isEmpty();
            run(two, insert.formatted(1, "next"));
            two.commit();
        }

        assertThat(STORE.ask("select seq from m order by seq")).containsExactly("1", "3");
        assertThat(STORE.ask("select last_seq from r where id = 1")).containsExactly("3");
    }

    @Test
    void locking_and_looking_in_one_statement_looks_into_the_past() throws Exception {
        fresh();
        String lockAndLook =
                "select count(m.seq) from (select id from r where id = 1 for update) as locked"
                        + " left join m on m.room_id = locked.id";
        try (Connection one = begin();
                Connection two = begin()) {
            run(one, "select 1 from r where id = 1 for update");
            CompletableFuture<Integer> looked =
                    CompletableFuture.supplyAsync(() -> count(two, lockAndLook), THREADS);
            WaitingForLocks.await(STORE);
            run(one, NUMBER_AND_INSERT.formatted(1, "a"));
            one.commit();

            // It has the lock, and does not see what was committed before it got it.
            assertThat(looked.get(30, TimeUnit.SECONDS)).isZero();
            assertThat(names(two)).isEqualTo(1);
        }
    }

    @Test
    void locking_in_order_and_acting_in_later_statements_is_sound() throws Exception {
        fresh();
        String lock = "select 1 from r where id in (1, 2) order by id for update";
        try (Connection one = begin();
                Connection two = begin()) {
            run(one, lock);
            CompletableFuture<String> waits = later(two, lock);
            WaitingForLocks.await(STORE);
            run(one, NUMBER_AND_INSERT.formatted(2, "same"));
            run(one, NUMBER_AND_INSERT.formatted(1, "same"));
            one.commit();
            assertThat(waits.get(30, TimeUnit.SECONDS)).isEmpty();
            assertThat(names(two)).isEqualTo(2);
            run(two, NUMBER_AND_INSERT.formatted(1, "next"));
            two.commit();
        }

        assertThat(STORE.ask("select room_id || ':' || seq from m order by room_id, seq"))
                .containsExactly("1:1", "1:2", "2:1");
    }

    private static Connection begin() throws SQLException {
        Connection connection = STORE.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The SQL state it ends in, empty where it went well. */
    private static CompletableFuture<String> later(Connection connection, String sql) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        run(connection, sql);
                        return "";
                    } catch (SQLException e) {
                        return e.getSQLState();
                    }
                },
                THREADS);
    }

    private static int names(Connection connection) {
        return count(connection, "select count(*) from m");
    }

    private static int count(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery(sql)) {
            rs.next();
            return rs.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
