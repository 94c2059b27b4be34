package com.ecleaner.chat.persistence;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of this JVM, as it comes: with fsync off. */
final class TestServer {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestServer() {}

    /** Started by the first who asks, ended with the JVM. */
    private static final class Started {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("shared_buffers", "64MB")
                        // Whoever looks at plans finds them in the log, each with its database.
                        .setServerConfig("logging_collector", "on")
                        // In one file, also at midnight.
                        .setServerConfig("log_rotation_age", "0")
                        .setServerConfig("log_rotation_size", "0")
                        .setServerConfig("log_line_prefix", "%d@%a@")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Where a fresh, migrated database is, for the log to run in as {@code log} says. */
    static Database.Settings fresh(PostgresRoomLog.Settings log) {
        Database.Settings settings = empty(log);
        Database.migrate(settings);
        return settings;
    }

    /** The same before it is migrated. */
    static Database.Settings empty(PostgresRoomLog.Settings log) {
        String name = "chat_" + DATABASES.incrementAndGet();
        execute("create database " + name);
        Database.Settings defaults = Database.Settings.of(url(name), "postgres", "postgres");
        return new Database.Settings(
                defaults.url(),
                defaults.user(),
                defaults.password(),
                defaults.connections(),
                defaults.answer(),
                log);
    }

    static Database.Settings fresh() {
        return fresh(PostgresRoomLog.Settings.DEFAULT);
    }

    /** The database's own name. */
    static String database(Database.Settings settings) {
        return settings.url().replaceAll(".*/([^/?]+).*", "$1");
    }

    /** A connection beside the pool. */
    static Connection connect(Database.Settings settings) throws SQLException {
        return DriverManager.getConnection(settings.url(), settings.user(), settings.password());
    }

    static void execute(Database.Settings settings, String sql) {
        at(settings.url(), sql);
    }

    /** Beside all databases of tests. */
    static void execute(String sql) {
        at(url("postgres"), sql);
    }

    private static void at(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String url(String database) {
        return Started.SERVER.getJdbcUrl("postgres", database);
    }
}
