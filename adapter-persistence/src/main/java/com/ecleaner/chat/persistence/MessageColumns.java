package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** How a message is read with its sender's names and what it answers, in one row. */
final class MessageColumns {
    /** Of a table called {@code m}, joined as {@link #JOINS} says. */
    static final String COLUMNS =
            "m.id, m.room_id, m.seq, m.version, m.sender_id, u.username, u.first_name,"
                    + " m.message_type, m.content, m.created_at, m.client_id, m.data, m.edited_at,"
                    + " m.deleted_at, m.reply_to, q.seq, q.sender_id, qu.username, qu.first_name,"
                    + " left(coalesce(nullif(q.content, ''), (select name from attachment"
                    + " where id = q.attachment_id), ''), "
                    + (Quote.MAX_EXCERPT + 1)
                    + "), "
                    + AttachmentColumns.COLUMNS;

    static final String JOINS =
            " left join chat_user u on u.id = m.sender_id"
                    + " left join message q on q.id = m.reply_to"
                    + " left join chat_user qu on qu.id = q.sender_id"
                    + " left join attachment f on f.id = m.attachment_id";

    private MessageColumns() {}

    /** The message of this row; whether it was read is for whoever knows the room's marks. */
    static Message message(ResultSet rs) throws SQLException {
        return message(rs, 0);
    }

    /** From the columns after the first {@code others}. */
    static Message message(ResultSet rs, int others) throws SQLException {
        long replyTo = rs.getLong(others + 15);
        Optional<Quote> quote =
                rs.wasNull()
                        ? Optional.empty()
                        : Optional.of(
                                new Quote(
                                        new MessageId(replyTo),
                                        rs.getLong(others + 16),
                                        person(rs, others + 17),
                                        rs.getString(others + 20)));
        return new Message(
                new MessageId(rs.getLong(others + 1)),
                new RoomId(rs.getLong(others + 2)),
                rs.getLong(others + 3),
                rs.getLong(others + 4),
                person(rs, others + 5),
                type(rs.getString(others + 8)),
                rs.getString(others + 9),
                Columns.instant(rs, others + 10),
                false,
                Columns.maybe(rs, others + 11).map(ClientId::new),
                quote,
                AttachmentColumns.attachment(rs, others + 20),
                Columns.maybe(rs, others + 12).map(JobChangesText::read),
                Columns.maybeInstant(rs, others + 13),
                Columns.maybeInstant(rs, others + 14));
    }

    /** An id and two names that may be missing, from three columns. */
    static Person person(ResultSet rs, int column) throws SQLException {
        UserId id = new UserId(rs.getString(column));
        String username = rs.getString(column + 1);
        return username == null
                ? Person.nameless(id)
                : new Person(id, username, rs.getString(column + 2));
    }

    private static MessageType type(String name) {
        return Columns.present(MessageType.named(name).orElse(null));
    }
}
