package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Seat;

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

    /**
     * That a {@code p} who is present is so on their own account: {@link Participant#membership}.
     */
    private static final String OWN =
            "(p.role <> 'admin' or exists (select 1 from room r where r.id = p.room_id"
                    + " and (r.room_type = 'general' or r.opener_id = p.user_id)))";

    /** That a {@code p} is a participant as an admin alone. */
    static final String AS_ADMIN = "p.is_present and not " + OWN;

    private ParticipantColumns() {}

    /** That a {@code p} is a participant, where somebody with that role asks for themselves. */
    static String counts(Role asker) {
        return asker == Role.ADMIN ? "p.is_present" : "p.is_present and " + OWN;
    }

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

    /** A room's columns, and after them those of a {@code p} that may not be there. */
    static Seat seat(ResultSet rs) throws SQLException {
        Room room = RoomRow.room(rs);
        return new Seat(
                room,
                rs.getString(RoomRow.COLUMN_COUNT + 1) == null
                        ? Membership.NONE
                        : participant(rs, RoomRow.COLUMN_COUNT).membership(room.key()));
    }
}
