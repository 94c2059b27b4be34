package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;

/** How a file's row is read. */
final class AttachmentColumns {
    /** Of a table called {@code f}. */
    static final String COLUMNS =
            "f.id, f.name, f.content_type, f.size, f.width, f.height, f.has_thumbnail";

    /** How many columns that are. */
    static final int COLUMN_COUNT = 7;

    private AttachmentColumns() {}

    /** From the columns after the first {@code others}; nothing where an outer join found none. */
    static Optional<Attachment> attachment(ResultSet rs, int others) throws SQLException {
        String id = rs.getString(others + 1);
        return id == null
                ? Optional.empty()
                : Optional.of(
                        new Attachment(
                                new AttachmentId(id),
                                rs.getString(others + 2),
                                rs.getString(others + 3),
                                rs.getLong(others + 4),
                                maybe(rs, others + 5),
                                maybe(rs, others + 6),
                                rs.getBoolean(others + 7)));
    }

    private static OptionalInt maybe(ResultSet rs, int column) throws SQLException {
        int value = rs.getInt(column);
        return rs.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
