package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Seat;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What is known of files, in PostgreSQL. Thread-safe. */
final class PostgresAttachments implements Attachments {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAttachments.class);

    private final Transactions transactions;

    PostgresAttachments(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void add(Upload upload, Quota quota) {
        transactions.write(
                session -> {
                    PostgresUsers.insertIfNew(session, upload.uploader());
                    return session.doReturningWork(
                            connection -> {
                                add(connection, upload, quota);
                                return upload;
                            });
                });
    }

    private static void add(Connection connection, Upload upload, Quota quota) throws SQLException {
        // The user's row is held: uploads of one user are counted one after another, and whoever
        // erases them is before this or finds it.
        boolean[] known = new boolean[2];
        long[] has = new long[2];
        new RoundTrip()
                .query(
                        "select erased_at is null from chat_user where id = ? for no key update",
                        rs -> known[0] = rs.getBoolean(1),
                        upload.uploader().value())
                .query(
                        "select 1 from room where id = ?",
                        rs -> known[1] = true,
                        upload.room().value())
                .run(connection);
        if (!known[0] || !known[1]) {
            throw Refusal.notFound(known[0] ? "room" : "user");
        }
        new RoundTrip()
                .query(
                        """
                        select count(*) filter (where message_id is null),
                            coalesce(sum(size) filter (where created_at > ?), 0)::bigint
                        from attachment where uploader_id = ? and not is_gone
                            and (message_id is null or created_at > ?)\
                        """,
                        rs -> {
                            has[0] = rs.getLong(1);
                            has[1] = rs.getLong(2);
                        },
                        Timestamp.from(quota.since()),
                        upload.uploader().value(),
                        Timestamp.from(quota.since()))
                .run(connection);
        Attachment file = upload.file();
        quota.require(has[0] + 1, Math.addExact(has[1], file.size()));
        new RoundTrip()
                .update(
                        "insert into attachment (id, room_id, uploader_id, name, content_type,"
                                + " size, width, height, has_thumbnail, created_at)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        file.id().value(),
                        upload.room().value(),
                        upload.uploader().value(),
                        file.name(),
                        file.contentType(),
                        file.size(),
                        boxed(file.width()),
                        boxed(file.height()),
                        file.thumbnail(),
                        Timestamp.from(upload.at()))
                .run(connection);
    }

    @Override
    public Optional<Found> find(AttachmentId id, UserId viewer) {
        return transactions.read(
                connection -> {
                    List<Found> found = new ArrayList<>(1);
                    new RoundTrip()
                            .query(
                                    "select "
                                            + RoomRow.COLUMNS
                                            + ", "
                                            + ParticipantColumns.COLUMNS
                                            + ", "
                                            + AttachmentColumns.COLUMNS
                                            + ", f.uploader_id, f.created_at"
                                            + " from attachment f join room r on r.id = f.room_id"
                                            + " left join participant p on p.room_id = r.id"
                                            + " and p.user_id = ?"
                                            + " where f.id = ? and not f.is_gone",
                                    rs -> {
                                        int others =
                                                RoomRow.COLUMN_COUNT
                                                        + ParticipantColumns.COLUMN_COUNT;
                                        int after = others + AttachmentColumns.COLUMN_COUNT;
                                        Seat seat = ParticipantColumns.seat(rs);
                                        found.add(
                                                new Found(
                                                        new Upload(
                                                                AttachmentColumns.attachment(
                                                                                rs, others)
                                                                        .orElseThrow(),
                                                                seat.room().id(),
                                                                new UserId(rs.getString(after + 1)),
                                                                Columns.instant(rs, after + 2)),
                                                        seat));
                                    },
                                    viewer.value(),
                                    id.value())
                            .run(connection);
                    return found.stream().findFirst();
                });
    }

    @Override
    public void drop(AttachmentId id) {
        change(
                "update attachment set is_gone = true where id = ? and message_id is null",
                id.value());
    }

    @Override
    public int dropUnsent(Instant before) {
        // One that a message is just taking is held, and left alone. By their places: a join with
        // the same table would be planned once, for however few there were.
        return change(
                """
                update attachment set is_gone = true where ctid = any(array(
                    select ctid from attachment
                    where message_id is null and not is_gone and created_at < ?
                    for update skip locked))\
                """,
                Timestamp.from(before));
    }

    private int change(String sql, Object parameter) {
        return transactions.write(
                session ->
                        session.doReturningWork(
                                connection -> {
                                    try (var statement = connection.prepareStatement(sql)) {
                                        statement.setObject(1, parameter);
                                        return statement.executeUpdate();
                                    }
                                }));
    }

    @Override
    public int removeGone(int limit, Consumer<AttachmentId> removal) {
        return transactions.write(
                session ->
                        session.doReturningWork(
                                connection -> removeGone(connection, limit, removal)));
    }

    private static int removeGone(Connection connection, int limit, Consumer<AttachmentId> removal)
            throws SQLException {
        List<AttachmentId> gone = new ArrayList<>();
        new RoundTrip()
                .query(
                        "select id from attachment where is_gone order by id limit ?"
                                + " for update skip locked",
                        rs -> gone.add(new AttachmentId(rs.getString(1))),
                        limit)
                .run(connection);
        List<AttachmentId> removed = new ArrayList<>();
        for (AttachmentId id : gone) {
            try {
                removal.accept(id);
                removed.add(id);
            } catch (RuntimeException e) {
                LOG.warn("a file that is gone could not be removed yet", e);
            }
        }
        if (!removed.isEmpty()) {
            new RoundTrip()
                    .update(
                            "delete from attachment where id = any(?)",
                            RoundTrip.texts(removed, AttachmentId::value))
                    .run(connection);
        }
        return removed.size();
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
