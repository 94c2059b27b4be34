package com.ecleaner.chat.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What holds in every transaction of ours, whatever the server's, the database's or the user's
 * defaults say.
 *
 * <ul>
 *   <li>A commit that was acknowledged is on disk: {@code synchronous_commit} is at least {@code
 *       on}.
 *   <li>No lock is waited for without end, and none is held by a transaction that nobody goes on
 *       with.
 *   <li>Every statement is answered by index, row by row, as the tables are made for. Left alone,
 *       the planner scans tables that it believes to be small, and a statement that was planned on
 *       an empty database goes on doing so when there are a million messages.
 *   <li>Each statement is planned once, for all parameters, and never compiled: planning a commit's
 *       statements costs more than running them.
 * </ul>
 */
final class SessionSettings {
    private static final String DURABLE =
            "set_config('synchronous_commit', case current_setting('synchronous_commit')"
                    + " when 'remote_apply' then 'remote_apply' else 'on' end, %s)";

    /**
     * A node that stands still, or whose line is dead, in the middle of a transaction holds its
     * rooms no longer than this.
     */
    private static final Duration ABANDONED = Duration.ofSeconds(5);

    private SessionSettings() {}

    /** The statement that a new connection begins with. */
    static String of(Duration lockTimeout) {
        return "select "
                + DURABLE.formatted("false")
                + ", set_config('lock_timeout', '"
                + lockTimeout.toMillis()
                + "', false), set_config('idle_in_transaction_session_timeout', '"
                + ABANDONED.toMillis()
                + "', false), set_config('tcp_keepalives_idle', '10', false)"
                + ", set_config('tcp_keepalives_interval', '5', false)"
                + ", set_config('tcp_keepalives_count', '3', false)"
                + ", set_config('enable_seqscan', 'off', false)"
                + ", set_config('enable_hashjoin', 'off', false)"
                + ", set_config('enable_mergejoin', 'off', false)"
                + ", set_config('plan_cache_mode', 'force_generic_plan', false)"
                + ", set_config('jit', 'off', false)";
    }

    /** Makes the transaction under way durable, on a connection of somebody else. */
    static void requireDurability(Connection connection) throws SQLException {
        new RoundTrip().query("select " + DURABLE.formatted("true"), rs -> {}).run(connection);
    }
}
