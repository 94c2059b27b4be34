package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.hibernate.LockMode;
import org.hibernate.StatelessSession;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes rooms, inside a transaction of whoever calls. */
final class Opening {
    private Opening() {}

    /** The room of that key, looked up without locking it. */
    static Optional<Room> find(Connection connection, RoomKey key) throws SQLException {
        List<Room> found = new ArrayList<>();
        new RoundTrip()
                .query(
                        "select "
                                + RoomRow.COLUMNS
                                + """
                                 from room r
                                where r.room_type = ?
                                    and r.job_id is not distinct from ?
                                    and r.opener_id is not distinct from ?
                                    and r.topic is not distinct from ?
                                    and r.name is not distinct from ?\
                                """,
                        rs -> found.add(RoomRow.room(rs)),
                        parts(key))
                .run(connection);
        return found.stream().findFirst();
    }

    /**
     * The room of that key, made where there is none. The job's row is held against changes until
     * the transaction ends, so that the new room has the people the job has then.
     */
    static Rooms.Opened open(StatelessSession session, RoomKey key, Instant at) {
        Optional<Job> job = key.job().map(id -> held(session, id));
        return session.doReturningWork(
                connection -> {
                    Optional<Room> there = find(connection, key);
                    if (there.isPresent()) {
                        return new Rooms.Opened(there.get(), false, java.util.Set.of());
                    }
                    boolean further = key instanceof RoomKey.OfJob && key.topic().isPresent();
                    if (further && !job.orElseThrow().active()) {
                        throw Refusal.roomClosed();
                    }
                    return switch (key) {
                        case RoomKey.OfJob of ->
                                make(
                                        connection,
                                        key,
                                        job.orElseThrow().people(),
                                        job.orElseThrow().active(),
                                        at);
                        case RoomKey.OfSupport support -> {
                            refuseErased(connection, support.opener());
                            yield make(
                                    connection,
                                    key,
                                    Map.of(support.opener(), Role.CLIENT),
                                    true,
                                    at);
                        }
                        case RoomKey.OfAll all -> make(connection, key, Map.of(), true, at);
                    };
                });
    }

    /** Makes the room, or returns the one that somebody else made meanwhile. */
    static Rooms.Opened make(
            Connection connection,
            RoomKey key,
            Map<UserId, Role> people,
            boolean active,
            Instant at)
            throws SQLException {
        List<RoomId> made = new ArrayList<>();
        Object[] parts = parts(key);
        new RoundTrip()
                .query(
                        """
                        insert into room (room_type, job_id, opener_id, topic, name, created_at,
                            updated_at, is_active, version, state_version, last_seq,
                            participant_count)
                        select ?, ?, ?, ?, ?, a.at, a.at, ?, 1, 1, 0, ?
                        from (select timestamptz 'epoch' + ? * interval '1 millisecond') as a(at)
                        on conflict on constraint room_key do nothing
                        returning id\
                        """,
                        rs -> made.add(new RoomId(rs.getLong(1))),
                        parts[0],
                        parts[1],
                        parts[2],
                        parts[3],
                        parts[4],
                        active,
                        people.size(),
                        at.toEpochMilli())
                .run(connection);
        if (made.isEmpty()) {
            return new Rooms.Opened(find(connection, key).orElseThrow(), false, java.util.Set.of());
        }
        RoomId id = made.getFirst();
        if (!people.isEmpty()) {
            new RoundTrip()
                    .update(
                            """
                            insert into participant (room_id, user_id, role, joined_at,
                                last_read_seq, skipped, is_present, version)
                            select ?, a.user_id, a.role,
                                timestamptz 'epoch' + ? * interval '1 millisecond', 0, 0, true, 1
                            from unnest(?, ?) as a(user_id, role)\
                            """,
                            id.value(),
                            at.toEpochMilli(),
                            RoundTrip.texts(people.keySet(), UserId::value),
                            RoundTrip.texts(people.values(), Role::wireName))
                    .run(connection);
        }
        return new Rooms.Opened(
                find(connection, key).orElseThrow(), true, new LinkedHashSet<>(people.keySet()));
    }

    private static Job held(StatelessSession session, JobId id) {
        JobRow row = session.get(JobRow.class, id.value(), LockMode.PESSIMISTIC_READ);
        if (row == null) {
            throw Refusal.notFound("job");
        }
        return row.job();
    }

    private static void refuseErased(Connection connection, UserId user) throws SQLException {
        new RoundTrip()
                .query(
                        "select erased_at is not null from chat_user where id = ? for share",
                        rs -> {
                            if (rs.getBoolean(1)) {
                                throw Refusal.notFound("user");
                            }
                        },
                        user.value())
                .run(connection);
    }

    private static Object[] parts(RoomKey key) {
        String opener = key instanceof RoomKey.OfSupport support ? support.opener().value() : null;
        String name = key instanceof RoomKey.OfAll all ? all.name() : null;
        return new Object[] {
            key.type().wireName(),
            key.job().map(JobId::value).orElse(null),
            opener,
            key.topic().orElse(null),
            name
        };
    }
}
