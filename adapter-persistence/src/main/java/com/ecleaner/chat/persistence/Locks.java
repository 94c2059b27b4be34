package com.ecleaner.chat.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** How long a transaction waits for rows that others hold. */
final class Locks {
    private Locks() {}

    /** For this transaction: no longer than {@code timeout} for each lock. */
    static void limit(Connection connection, Duration timeout) throws SQLException {
        new RoundTrip()
                .query(
                        "select set_config('lock_timeout', ?, true)",
                        rs -> {},
                        Long.toString(timeout.toMillis()))
                .run(connection);
    }
}
