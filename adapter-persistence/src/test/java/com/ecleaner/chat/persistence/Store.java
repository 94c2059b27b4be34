package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

/** A database of a test's own, the ports over it, and a look past them. */
final class Store implements AutoCloseable {
    private final Database.Settings settings;
    private final Database database;

    private Store(Database.Settings settings, Database database) {
        this.settings = settings;
        this.database = database;
    }

    static Store fresh() {
        return fresh(PostgresRoomLog.Settings.DEFAULT);
    }

    static Store fresh(PostgresRoomLog.Settings log) {
        return over(TestServer.fresh(log));
    }

    /** With something between Hibernate and its pool. */
    static Store over(Database.Settings settings, UnaryOperator<DataSource> around) {
        return new Store(settings, Database.open(settings, around));
    }

    /** One more node over a database that is there. */
    static Store over(Database.Settings settings) {
        return new Store(settings, Database.open(settings));
    }

    Database.Settings settings() {
        return settings;
    }

    Database database() {
        return database;
    }

    Ports ports() {
        return new Ports(
                database.log(),
                database.rooms(),
                database.jobs(),
                database.users(),
                database.attachments(),
                database.search());
    }

    /** A connection beside the pool. */
    Connection connect() throws SQLException {
        return TestServer.connect(settings);
    }

    void execute(String sql) {
        TestServer.execute(settings, sql);
    }

    /** The first column of what the query gives, as text. */
    List<String> ask(String sql) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rs = statement.executeQuery()) {
            List<String> values = new ArrayList<>();
            while (rs.next()) {
                values.add(rs.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
