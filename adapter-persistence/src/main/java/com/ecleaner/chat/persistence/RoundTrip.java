package com.ecleaner.chat.persistence;

import org.jspecify.annotations.Nullable;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Several statements sent to PostgreSQL together and answered together: they run one after another,
 * each seeing what was committed when it began, and cost one journey. One use, one thread.
 *
 * <p>Lists go in as arrays of columns, for {@code unnest}.
 */
final class RoundTrip {
    /** Takes one row. */
    @FunctionalInterface
    interface Row {
        void take(ResultSet rs) throws SQLException;
    }

    private static final Row NONE =
            rs -> {
                throw new IllegalStateException("rows from a statement that has none");
            };

    private static final class Column {
        private final String type;
        private final Object[] values;

        Column(String type, Object[] values) {
            this.type = type;
            this.values = values;
        }
    }

    private final StringBuilder sql = new StringBuilder();
    private final List<Row> readers = new ArrayList<>();
    private final List<@Nullable Object> parameters = new ArrayList<>();

    /** A column of 64-bit numbers. */
    static <T> Object longs(Collection<T> rows, Function<? super T, @Nullable Long> of) {
        Long[] values = new Long[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = of.apply(row);
        }
        return new Column("bigint", values);
    }

    /** A column of texts. */
    static <T> Object texts(Collection<T> rows, Function<? super T, @Nullable String> of) {
        String[] values = new String[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = of.apply(row);
        }
        return new Column("text", values);
    }

    /** A column of truth values. */
    static <T> Object flags(Collection<T> rows, Function<? super T, Boolean> of) {
        Boolean[] values = new Boolean[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = of.apply(row);
        }
        return new Column("boolean", values);
    }

    /** Adds a query. */
    RoundTrip query(String statement, Row reader, @Nullable Object... values) {
        if (!sql.isEmpty()) {
            sql.append(";\n");
        }
        sql.append(statement);
        readers.add(reader);
        for (Object value : values) {
            parameters.add(value);
        }
        return this;
    }

    /** Adds a statement that returns no rows. */
    RoundTrip update(String statement, @Nullable Object... values) {
        return query(statement, NONE, values);
    }

    boolean isEmpty() {
        return readers.isEmpty();
    }

    /** Sends all and reads all answers. */
    void run(Connection connection) throws SQLException {
        if (readers.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            List<Array> arrays = new ArrayList<>();
            for (int i = 0; i < parameters.size(); i++) {
                Object value = parameters.get(i);
                if (value instanceof Column column) {
                    Array array = connection.createArrayOf(column.type, column.values);
                    arrays.add(array);
                    statement.setArray(i + 1, array);
                } else {
                    statement.setObject(i + 1, value);
                }
            }
            boolean rows = statement.execute();
            for (Row reader : readers) {
                if (rows) {
                    try (ResultSet rs = statement.getResultSet()) {
                        while (rs.next()) {
                            reader.take(rs);
                        }
                    }
                }
                rows = statement.getMoreResults();
            }
            for (Array array : arrays) {
                array.free();
            }
        }
    }
}
