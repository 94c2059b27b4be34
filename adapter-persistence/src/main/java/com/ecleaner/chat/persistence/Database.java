package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.port.Users;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

/**
 * The chat's PostgreSQL: a bounded pool of connections, Hibernate over it, and the domain's ports.
 * The only public way in; {@link #close()} finishes what waits to be committed. Thread-safe.
 */
public final class Database implements AutoCloseable {
    /**
     * Where the database is, and how much of it to use.
     *
     * @param url {@code jdbc:postgresql://host:port/database}
     * @param connections how many at most; above {@code log.lanes + log.heldRooms}, the rest serves
     *     reads
     * @param answer how long to wait for a connection, and (four times that) for a statement,
     *     before the store counts as away
     */
    public record Settings(
            String url,
            String user,
            String password,
            int connections,
            Duration answer,
            PostgresRoomLog.Settings log) {
        public Settings {
            if (connections <= log.lanes() + log.heldRooms()) {
                throw new IllegalArgumentException(
                        "connections: more than the log's lanes and held rooms together");
            }
        }

        /** With 20 connections and three seconds of patience. */
        public static Settings of(String url, String user, String password) {
            return new Settings(
                    url,
                    user,
                    password,
                    20,
                    Duration.ofSeconds(3),
                    PostgresRoomLog.Settings.DEFAULT);
        }

        /** The same, with at most so many changes in one commit. */
        public Settings withBatch(int batch) {
            return new Settings(url, user, password, connections, answer, log.withBatch(batch));
        }

        @Override
        public String toString() {
            return "Settings[" + url + ", user " + user + ", " + connections + " connections]";
        }
    }

    /** How long it is known that the database answers, or does not. */
    private static final int MOMENT_MILLIS = 500;

    private final HikariDataSource pool;
    private final SessionFactory sessions;
    private final Transactions transactions;
    private final PostgresRoomLog log;
    private final PostgresRooms rooms;
    private final PostgresJobs jobs;
    private final PostgresUsers users;
    private final PostgresAttachments attachments;
    private final PostgresSearch search;
    private final MessageWords words;
    private final Remembered answers;

    private Database(HikariDataSource pool, SessionFactory sessions, Settings settings) {
        this.pool = pool;
        this.sessions = sessions;
        this.transactions = new Transactions(sessions);
        MessageIds ids = new MessageIds();
        this.log = new PostgresRoomLog(transactions, ids, settings.log());
        this.rooms = new PostgresRooms(transactions);
        this.jobs = new PostgresJobs(transactions, ids);
        this.users = new PostgresUsers(transactions, ids);
        this.attachments = new PostgresAttachments(transactions);
        this.search = new PostgresSearch(transactions, settings.answer());
        this.words = new MessageWords(pool);
        this.answers = new Remembered(rooms::answers, Duration.ofMillis(MOMENT_MILLIS));
    }

    /**
     * Brings the schema up to date. Nodes that start together take turns.
     *
     * @return how many migrations were new
     */
    public static int migrate(Settings settings) {
        return flyway(settings).migrate().migrationsExecuted;
    }

    /**
     * How far the schema has come.
     *
     * @param version of the newest migration that was applied; nothing in an empty database
     * @param pending how many migrations this version would add
     */
    public record Schema(Optional<String> version, int pending) {}

    /**
     * Asks the database how far its schema has come, and changes nothing.
     *
     * @throws RuntimeException where the database is away
     */
    public static Schema schema(Settings settings) {
        MigrationInfoService info = flyway(settings).info();
        return new Schema(
                Optional.ofNullable(info.current())
                        .map(MigrationInfo::getVersion)
                        .map(MigrationVersion::toString),
                info.pending().length);
    }

    /**
     * Opens the pool over a schema that is as this version expects it.
     *
     * @throws RuntimeException where it is not, or the database is away
     */
    public static Database open(Settings settings) {
        return open(settings, UnaryOperator.identity());
    }

    /** As {@link #open(Settings)}, with something between Hibernate and the pool: for tests. */
    static Database open(Settings settings, UnaryOperator<DataSource> around) {
        flyway(settings).validate();
        HikariDataSource pool = new HikariDataSource(pool(settings));
        try {
            return new Database(pool, sessions(around.apply(pool)), settings);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    public PostgresRoomLog log() {
        return log;
    }

    public Rooms rooms() {
        return rooms;
    }

    public Jobs jobs() {
        return jobs;
    }

    public Users users() {
        return users;
    }

    public Attachments attachments() {
        return attachments;
    }

    public Search search() {
        return search;
    }

    /**
     * How many messages' words waited to be moved to their index when they were last counted, which
     * is every ten seconds; 500,000 are that many or more. A search reads them one by one.
     */
    public long searchWordsWaiting() {
        return words.waiting();
    }

    /** For tests that do not wait for the words to be moved. */
    MessageWords words() {
        return words;
    }

    /** For tests that look at the sessions themselves. */
    Transactions transactions() {
        return transactions;
    }

    /** From now on somebody hears of every commit of the log, and measures the pool; once. */
    public void watchedBy(CommitWatch commits, MetricsTrackerFactory poolMetrics) {
        log.watchedBy(commits);
        pool.setMetricsTrackerFactory(poolMetrics);
    }

    /**
     * Whether the database answers, now or {@value #MOMENT_MILLIS} ms ago; waits as long as the
     * settings allow. Asking often costs nothing.
     */
    public boolean answers() {
        return answers.getAsBoolean();
    }

    @Override
    public void close() {
        log.close();
        words.close();
        sessions.close();
        pool.close();
    }

    private static Flyway flyway(Settings settings) {
        // Not from the pool: a migration may take longer than any answer is waited for.
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings.url());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setConnectTimeout((int) Math.max(1, settings.answer().toSeconds()));
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .cleanDisabled(true)
                .load();
    }

    private static HikariConfig pool(Settings settings) {
        long patience = settings.answer().toMillis();
        HikariConfig config = new HikariConfig();
        config.setPoolName("chat");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(Math.min(settings.connections(), settings.log().lanes() + 2));
        config.setConnectionTimeout(patience);
        config.setValidationTimeout(Math.max(250, patience / 2));
        config.setAutoCommit(false);
        config.setConnectionInitSql(SessionSettings.of(settings.log().lockTimeout()));
        // Else the first rollback would take those settings back.
        config.setIsolateInternalQueries(true);
        config.addDataSourceProperty("ApplicationName", "e-cleaner-chat");
        // As text: the driver passes over numbers, and would wait for ever.
        config.addDataSourceProperty("connectTimeout", seconds(patience));
        config.addDataSourceProperty("socketTimeout", seconds(4 * patience));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("prepareThreshold", "3");
        config.addDataSourceProperty("reWriteBatchedInserts", "false");
        return config;
    }

    private static String seconds(long millis) {
        return Long.toString(Math.max(1, millis / 1000));
    }

    private static SessionFactory sessions(DataSource source) {
        return new HibernatePersistenceConfiguration("chat")
                .managedClasses(Rows.ALL)
                .property(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, source)
                .property(JdbcSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT, true)
                // Every fault is told, and logged where it is news, by whoever meets it.
                .property(JdbcSettings.LOG_JDBC_ERRORS, false)
                .property(SchemaToolingSettings.JAKARTA_HBM2DDL_DATABASE_ACTION, "none")
                .createEntityManagerFactory();
    }
}
