package com.ecleaner.chat.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What holds in every transaction of ours, whatever the server's, the database's or the user's
 * defaults say: a commit that was acknowledged is on disk ({@code synchronous_commit} at least
 * {@code on}), and no lock is waited for without end.
 */
final class SessionSettings {
    private static final String DURABLE =
            "set_config('synchronous_commit', case current_setting('synchronous_commit')"
                    + " when 'remote_apply' then 'remote_apply' else 'on' end, %s)";

    private SessionSettings() {}

    /** The statement that a new connection begins with. */
    static String of(Duration lockTimeout) {
        return "select "
                + DURABLE.formatted("false")
                + ", set_config('lock_timeout', '"
                + lockTimeout.toMillis()
                + "', false)";
    }

    /** Makes the transaction under way durable, on a connection of somebody else. */
    static void requireDurability(Connection connection) throws SQLException {
        new RoundTrip().query("select " + DURABLE.formatted("true"), rs -> {}).run(connection);
    }
}
