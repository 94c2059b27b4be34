package com.ecleaner.chat.persistence;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
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

    private static final String MOVE =
            """
            with moved as (
                delete from message_words_new where message_id in (
                    select message_id from message_words_new order by message_id limit ?
                    for update skip locked)
                returning message_id, room_id, sent_at, words)
            insert into message_words (message_id, room_id, sent_at, words)
            select message_id, room_id, sent_at, words from moved\
            """;

    private final DataSource source;
    private final Thread thread;

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
        while (!Thread.currentThread().isInterrupted()) {
            long start = System.nanoTime();
            int moved = 0;
            try {
                moved = move();
            } catch (SQLException e) {
                LOG.debug("words wait for another time", e);
            }
            long millis =
                    moved == AT_ONCE
                            ? REST * (System.nanoTime() - start) / 1_000_000 + 1
                            : IDLE_MILLIS;
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                return;
            }
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
