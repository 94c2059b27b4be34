package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;
import com.ecleaner.chat.bootstrap.settings.Secret;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.persistence.Database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;

/**
 * The database the settings name, or the chat's own where they name none, with its schema up to
 * date.
 *
 * @param migrations how many were new
 * @param embedded the PostgreSQL that stops with the chat, if it is the chat's own
 */
record Store(Database database, int migrations, Optional<EmbeddedDatabase> embedded)
        implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Store.class);

    /** For benchmarks alone: shows what the group commit is worth. */
    private static final String ONE_COMMIT_PER_MESSAGE = "chat.benchmark.oneCommitPerMessage";

    /**
     * Starts or finds it, and opens it.
     *
     * @throws CannotStart where it does not start or does not answer
     */
    static Store open(Settings settings) {
        if (settings.database().isPresent()) {
            DatabaseAddress address = settings.database().get();
            try {
                return open(address, Optional.empty());
            } catch (RuntimeException e) {
                throw new CannotStart(
                        "CHAT_DATABASE_URL: " + address.place() + ": " + reason(e), e);
            }
        }
        EmbeddedDatabase embedded = start(settings);
        try {
            return open(embedded.address(), Optional.of(embedded));
        } catch (RuntimeException e) {
            embedded.close();
            throw new CannotStart("the database in " + settings.dataDir() + ": " + reason(e), e);
        }
    }

    /** As the persistence adapter wants it. */
    static Database.Settings connection(DatabaseAddress address) {
        Database.Settings settings =
                Database.Settings.of(
                        address.jdbcUrl(),
                        address.user().orElse(System.getProperty("user.name")),
                        address.password().map(Secret::value).orElse(""));
        return Boolean.getBoolean(ONE_COMMIT_PER_MESSAGE) ? settings.withBatch(1) : settings;
    }

    private static EmbeddedDatabase start(Settings settings) {
        try {
            return EmbeddedDatabase.start(settings.dataDir());
        } catch (IOException e) {
            throw new CannotStart("CHAT_DATA_DIR: " + e.getMessage(), e);
        }
    }

    private static Store open(DatabaseAddress address, Optional<EmbeddedDatabase> embedded) {
        Database.Settings connection = connection(address);
        int migrations = Database.migrate(connection);
        return new Store(Database.open(connection), migrations, embedded);
    }

    /** What lies at the bottom of a chain of wrappers, in one line. */
    static String reason(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    }

    /** Commits what waits, then stops the database if it is the chat's own. */
    @Override
    public void close() {
        try {
            database.close();
        } catch (RuntimeException e) {
            log.error("the database was not closed in order", e);
        }
        embedded.ifPresent(EmbeddedDatabase::close);
    }
}
