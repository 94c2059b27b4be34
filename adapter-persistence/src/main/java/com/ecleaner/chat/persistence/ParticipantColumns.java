package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import java.sql.ResultSet;
import java.sql.SQLException;

/** How a participant is read. */
final class ParticipantColumns {
    /** Of a table called {@code p}; the first is its room. */
    static final String COLUMNS =
            "p.room_id, p.user_id, p.role, p.joined_at, p.last_read_seq, p.skipped, p.is_present,"
                    + " p.version";

    /** How many columns that are. */
    static final int COLUMN_COUNT = 8;

    private ParticipantColumns() {}

    static Participant participant(ResultSet rs) throws SQLException {
        return participant(rs, 0);
    }

    /** From the columns after the first {@code others}. */
    static Participant participant(ResultSet rs, int others) throws SQLException {
        return new Participant(
                new UserId(rs.getString(others + 2)),
                Columns.present(Role.named(rs.getString(others + 3)).orElse(null)),
                Columns.instant(rs, others + 4),
                rs.getLong(others + 5),
                rs.getLong(others + 6),
                rs.getBoolean(others + 7),
                rs.getLong(others + 8));
    }
}
