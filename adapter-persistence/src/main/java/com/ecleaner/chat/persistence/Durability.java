package com.ecleaner.chat.persistence;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A commit that was acknowledged is on disk: {@code synchronous_commit} is at least {@code on},
 * whatever the server's, the database's or the user's default says.
 */
final class Durability {
    private static final String REQUIRE =
            "select set_config('synchronous_commit', 'on', %s)"
                    + " where current_setting('synchronous_commit') not in ('on', 'remote_apply')";

    /** For a session, once it is opened. */
    static final String OF_SESSION = REQUIRE.formatted("false");

    private Durability() {}

    /** For the transaction under way. */
    static void require(Connection connection) throws SQLException {
        new RoundTrip().query(REQUIRE.formatted("true"), rs -> {}).run(connection);
    }
}
