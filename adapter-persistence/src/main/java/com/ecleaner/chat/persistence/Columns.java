package com.ecleaner.chat.persistence;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** What columns hold, as values of the domain. */
final class Columns {
    private Columns() {}

    /** A column that the schema, or the row's kind, says is not null. */
    static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("null in a column that has a value by its constraints");
        }
        return value;
    }

    static Instant instant(ResultSet rs, int column) throws SQLException {
        return present(rs.getObject(column, OffsetDateTime.class)).toInstant();
    }

    static Optional<Instant> maybeInstant(ResultSet rs, int column) throws SQLException {
        return Optional.ofNullable(rs.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    static Optional<String> maybe(ResultSet rs, int column) throws SQLException {
        return Optional.ofNullable(rs.getString(column));
    }
}
