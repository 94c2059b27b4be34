package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.message.MessageId;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands out message ids from blocks that the database's sequence gives: one call for {@value
 * #BLOCK} ids. An id that is not used is lost, which nobody minds. Thread-safe.
 */
final class MessageIds {
    /** The increment of the sequence {@code message_block}. */
    static final long BLOCK = 1_000;

    // A lock rather than synchronized: on JDK 21 a virtual thread that waits inside would pin.
    private final ReentrantLock lock = new ReentrantLock();
    private long next = 1;
    private long end = 1;

    MessageId next(Connection connection) throws SQLException {
        lock.lock();
        try {
            if (next == end) {
                next = nextBlock(connection);
                end = next + BLOCK;
            }
            return new MessageId(next++);
        } finally {
            lock.unlock();
        }
    }

    private static long nextBlock(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("select nextval('message_block')");
                ResultSet rs = statement.executeQuery()) {
            rs.next();
            return rs.getLong(1);
        }
    }
}
