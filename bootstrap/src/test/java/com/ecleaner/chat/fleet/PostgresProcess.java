package com.ecleaner.chat.fleet;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A durable PostgreSQL of the test's own that can be stopped in the middle of everything, and
 * started again on its data. Its port may be another one then.
 */
public final class PostgresProcess implements AutoCloseable {
    private final Path directory;
    private EmbeddedDatabase database;

    private PostgresProcess(Path directory) throws IOException {
        this.directory = directory;
        this.database = EmbeddedDatabase.start(directory);
    }

    public static PostgresProcess start(Path directory) throws IOException {
        return new PostgresProcess(directory);
    }

    /** Where it answers by itself. */
    public int port() {
        return URI.create(database.address().jdbcUrl().substring("jdbc:".length())).getPort();
    }

    /** Its address for a node that comes by another port. */
    public String url(int port) {
        DatabaseAddress address = database.address();
        return "postgresql://%s:%s@127.0.0.1:%d/postgres"
                .formatted(
                        address.user().orElseThrow(),
                        address.password().orElseThrow().value(),
                        port);
    }

    /** A connection that comes by no line. */
    public Connection connect() throws SQLException {
        DatabaseAddress address = database.address();
        return DriverManager.getConnection(
                address.jdbcUrl(),
                address.user().orElseThrow(),
                address.password().orElseThrow().value());
    }

    /** The process that all others of the server descend from. */
    public ProcessHandle postmaster() throws IOException {
        String pid = Files.readAllLines(directory.resolve("postgres/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** An immediate stop: nothing is written any more; the next start recovers from its log. */
    public void stopImmediately() throws IOException {
        ProcessHandle postmaster = postmaster();
        Signals.to("QUIT", postmaster);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (postmaster.isAlive() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        database.close();
    }

    /** Starts it again on what it left. */
    public void startAgain() throws IOException {
        database = EmbeddedDatabase.start(directory);
    }

    /** It stands still, all of it, and its connections stay open. */
    public void pause() throws IOException {
        Signals.toTree("STOP", postmaster());
    }

    public void resume() throws IOException {
        Signals.toTree("CONT", postmaster());
    }

    @Override
    public void close() {
        database.close();
    }
}
