package com.ecleaner.chat.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL of the run's own that waits for the disk, with a database for each server. */
final class Postgres implements AutoCloseable {
    private final EmbeddedPostgres server;

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * Started as a production's would be.
     *
     * @param libraries loaded into it, by commas
     */
    static Postgres start(String libraries) {
        try {
            Postgres started =
                    new Postgres(
                            EmbeddedPostgres.builder()
                                    .setServerConfig("shared_preload_libraries", libraries)
                                    .setServerConfig("fsync", "on")
                                    .setServerConfig("synchronous_commit", "on")
                                    .setServerConfig("full_page_writes", "on")
                                    .setServerConfig("shared_buffers", "256MB")
                                    .setServerConfig("max_wal_size", "8GB")
                                    .setServerConfig("min_wal_size", "4GB")
                                    .start());
            started.age();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes through some files of the log, which then wait to be used again. A server that has run
     * for an hour has them; a new one makes one of 16 MB whenever one is full, and all commits wait
     * for it.
     */
    private void age() {
        for (int i = 0; i < 160; i++) {
            ask(
                    "postgres",
                    "select pg_logical_emit_message(false, 'age', ''); select pg_switch_wal()");
        }
        ask("postgres", "checkpoint");
        ask("postgres", "select pg_switch_wal(); checkpoint");
    }

    /** Makes an empty database and says where it is, as {@code CHAT_DATABASE_URL} wants it. */
    String create(String name) {
        ask("postgres", "create database " + name);
        return "postgres://postgres:postgres@127.0.0.1:" + server.getPort() + "/" + name;
    }

    /** Runs statements, and returns the first column of the last one's rows. */
    List<String> ask(String database, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(
                                server.getJdbcUrl("postgres", database), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            boolean more = statement.execute(sql);
            while (more || statement.getUpdateCount() >= 0) {
                if (more) {
                    rows.clear();
                    try (ResultSet rs = statement.getResultSet()) {
                        while (rs.next()) {
                            rows.add(rs.getString(1));
                        }
                    }
                }
                more = statement.getMoreResults();
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String version() {
        return ask("postgres", "show server_version").getFirst();
    }

    /** The process that all others of the server descend from. */
    long pid() {
        return Long.parseLong(
                ask("postgres", "select pg_read_file('postmaster.pid')")
                        .getFirst()
                        .lines()
                        .findFirst()
                        .orElseThrow());
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
