package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.hibernate.LockMode;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds and makes rooms by their key, inside a transaction of whoever calls. */
final class Opening {
    private Opening() {}

    /** The room of that key, looked up without locking it. */
    static Optional<Room> find(Connection connection, RoomKey key) throws SQLException {
        // Written out, because no index serves "is not distinct from".
        StringBuilder sql =
                new StringBuilder("select ")
                        .append(RoomRow.COLUMNS)
                        .append(" from room r where r.room_type = ?");
        List<@Nullable Object> values = new ArrayList<>();
        values.add(key.type().wireName());
        either(sql, values, "r.job_id", job(key));
        either(sql, values, "r.opener_id", opener(key));
        either(sql, values, "r.topic", topic(key));
        either(sql, values, "r.name", name(key));
        List<Room> found = new ArrayList<>();
        new RoundTrip()
                .query(sql.toString(), rs -> found.add(RoomRow.room(rs)), values.toArray())
                .run(connection);
        return found.stream().findFirst();
    }

    private static void either(
            StringBuilder sql,
            List<@Nullable Object> values,
            String column,
            @Nullable String value) {
        sql.append(" and ").append(column).append(value == null ? " is null" : " = ?");
        if (value != null) {
            values.add(value);
        }
    }

    /**
     * The room of that key, made where there is none. The job's row is held against changes until
     * the transaction ends, so that the new room has the people the job has then.
     *
     * @throws Refusal as {@link Rooms#open} says
     */
    static Rooms.Opened open(StatelessSession session, RoomKey key, Actor by, Instant at) {
        Optional<Job> job = key.job().map(id -> held(session, id));
        if (key instanceof RoomKey.OfJob && !job.orElseThrow().active()) {
            Optional<Room> there = session.doReturningWork(connection -> find(connection, key));
            return new Rooms.Opened(there.orElseThrow(Refusal::roomClosed), false, Set.of());
        }
        Map<UserId, Role> people =
                switch (key) {
                    case RoomKey.OfJob of -> job.orElseThrow().people();
                    case RoomKey.OfSupport of ->
                            Map.of(
                                    of.opener(),
                                    held(session, of.opener())
                                            .orElse(
                                                    of.opener().equals(by.id())
                                                            ? by.role()
                                                            : Role.CLIENT));
                    case RoomKey.OfAll of -> Map.of();
                };
        return make(session, key, people, true, at);
    }

    /** Makes the room, or returns the one that is there already. */
    static Rooms.Opened make(
            StatelessSession session,
            RoomKey key,
            Map<UserId, Role> people,
            boolean active,
            Instant at) {
        Optional<RoomId> made =
                session.doReturningWork(
                        connection -> insert(connection, key, people.size(), active, at));
        List<ParticipantRow> rows = new ArrayList<>();
        made.ifPresent(
                id ->
                        people.forEach(
                                (user, role) ->
                                        rows.add(
                                                ParticipantRow.of(
                                                        id,
                                                        Participant.joining(
                                                                user, role, at, 0, 1)))));
        session.insertMultiple(rows);
        Room room = session.doReturningWork(connection -> find(connection, key)).orElseThrow();
        return new Rooms.Opened(
                room,
                made.isPresent(),
                made.isPresent() ? new LinkedHashSet<>(people.keySet()) : Set.of());
    }

    /** The new room's id; nothing where somebody else made it. */
    private static Optional<RoomId> insert(
            Connection connection, RoomKey key, int people, boolean active, Instant at)
            throws SQLException {
        List<RoomId> made = new ArrayList<>();
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
                        key.type().wireName(),
                        job(key),
                        opener(key),
                        topic(key),
                        name(key),
                        active,
                        people,
                        at.toEpochMilli())
                .run(connection);
        return made.stream().findFirst();
    }

    private static Job held(StatelessSession session, JobId id) {
        JobRow row = session.get(JobRow.class, id.value(), LockMode.PESSIMISTIC_READ);
        if (row == null) {
            throw Refusal.notFound("job");
        }
        return row.job();
    }

    /** What the platform says the user is, held against an erasure. */
    private static Optional<Role> held(StatelessSession session, UserId id) {
        UserRow row = session.get(UserRow.class, id.value(), LockMode.PESSIMISTIC_READ);
        if (row != null && row.erasedAt != null) {
            throw Refusal.notFound("user");
        }
        return Optional.ofNullable(row).flatMap(user -> user.user().role());
    }

    private static @Nullable String job(RoomKey key) {
        return key.job().map(JobId::value).orElse(null);
    }

    private static @Nullable String opener(RoomKey key) {
        return key instanceof RoomKey.OfSupport support ? support.opener().value() : null;
    }

    private static @Nullable String topic(RoomKey key) {
        return key.topic().orElse(null);
    }

    private static @Nullable String name(RoomKey key) {
        return key instanceof RoomKey.OfAll all ? all.name() : null;
    }
}
