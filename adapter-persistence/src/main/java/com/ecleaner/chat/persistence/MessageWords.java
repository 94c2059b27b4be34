package com.ecleaner.chat.persistence;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import javax.sql.DataSource;

/**
 * The words of messages, in two tables: a commit puts them where writing costs least, and one
 * thread moves them, many at once, to where they are found by index. Each message is in one of the
 * two, in whatever snapshot one looks, so a search of both misses nothing. Nodes that move at the
 * same time leave each other's rows alone. Thread-safe.
 */
final class MessageWords implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MessageWords.class);

    /** So many rows are moved in one transaction, during which their messages cannot be changed. */
    private static final int AT_ONCE = 1_000;

    private static final long IDLE_MILLIS = 1_000;

    /**
     * As long as there is more, it works for one part of the time and rests for this many: a row
     * costs it as much as a commit costs for a message, and commits come first.
     */
    private static final int REST = 3;

    /**
     * From so many on that wait, it works half of the time: a search reads them one by one, a
     * millisecond for a thousand. They are counted no further. So far below it would take from a
     * burst of messages what the burst needs, and be done little sooner.
     */
    private static final long MANY = 1_000_000;

    private static final long COUNT_EVERY_NANOS = 10_000_000_000L;

    private static final String COUNT =
            "select count(*) from (select from message_words_new limit ?) as waiting";

    /**
     * By the rows' places: a join with the same table would be planned once, perhaps when it was
     * empty, and then look through all that wait for each of them.
     */
    private static final String MOVE =
            """
            with moved as (
                delete from message_words_new where ctid = any(array(
                    select ctid from message_words_new order by message_id limit ?
                    for update skip locked))
                returning message_id, room_id, sent_at, words)
            insert into message_words (message_id, room_id, sent_at, words)
            select message_id, room_id, sent_at, words from moved\
            """;

    private final DataSource source;
    private final Thread thread;
    private volatile long waiting;

    /** Moves from now on, on a connection of {@code source} now and then. */
    MessageWords(DataSource source) {
        this.source = source;
        this.thread = Thread.ofPlatform().name("chat-words").daemon().start(this::run);
    }

    /**
     * Adds what takes these messages' words away. The new ones first: whoever waits there for a
     * move finds its rows in the other table afterwards.
     */
    static void forget(RoundTrip trip, Object messages) {
        trip.update("delete from message_words_new where message_id = any(?)", messages);
        trip.update("delete from message_words where message_id = any(?)", messages);
    }

    /** The same for everything that these people said in these rooms. */
    static void forgetSentBy(RoundTrip trip, Object rooms, Object senders) {
        for (String table : new String[] {"message_words_new", "message_words"}) {
            trip.update(
                    "delete from "
                            + table
                            + " w using message m, unnest(?, ?) as a(room_id, sender_id)"
                            + " where m.room_id = a.room_id and m.sender_id = a.sender_id"
                            + " and m.seq > 0 and m.deleted_at is null and w.message_id = m.id",
                    rooms,
                    senders);
        }
    }

    private void run() {
        long counted = System.nanoTime() - COUNT_EVERY_NANOS;
        while (!Thread.currentThread().isInterrupted()) {
            long start = System.nanoTime();
            int moved = 0;
            try {
                if (start - counted >= COUNT_EVERY_NANOS) {
                    count();
                    counted = start;
                }
                moved = move();
            } catch (SQLException e) {
                LOG.debug("words wait for another time", e);
            }
            try {
                Thread.sleep(pauseMillis(moved, System.nanoTime() - start, waiting));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /**
     * How long to rest behind a move.
     *
     * @param moved so many rows
     * @param took in nanoseconds
     * @param waiting rows when they were counted last
     */
    static long pauseMillis(int moved, long took, long waiting) {
        if (moved < AT_ONCE) {
            return IDLE_MILLIS;
        }
        return (waiting >= MANY ? 1 : REST) * took / 1_000_000 + 1;
    }

    /**
     * How many messages' words waited when they were counted last, ten seconds ago at most while
     * the database answers; counted up to {@value #MANY}.
     */
    long waiting() {
        return waiting;
    }

    /** Counts those that wait. */
    void count() throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setLong(1, MANY);
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                waiting = found.getLong(1);
            }
            connection.commit();
        }
    }

    /** Moves some, and says how many. */
    int move() throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(MOVE)) {
            statement.setInt(1, AT_ONCE);
            int moved = statement.executeUpdate();
            connection.commit();
            return moved;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
