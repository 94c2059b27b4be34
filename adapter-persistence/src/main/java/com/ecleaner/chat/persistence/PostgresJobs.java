package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.persistence.LockedRooms.Locking;

import org.hibernate.LockMode;
import org.hibernate.StatelessSession;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Jobs in PostgreSQL. Thread-safe.
 *
 * <p>Locks are taken in one order everywhere: the job, its rooms by id, then people.
 */
public final class PostgresJobs implements Jobs {
    private final Transactions transactions;
    private final MessageIds ids;

    PostgresJobs(Transactions transactions, MessageIds ids) {
        this.transactions = transactions;
        this.ids = ids;
    }

    @Override
    public Optional<Job> find(JobId id) {
        return transactions
                .write(session -> Optional.ofNullable(session.get(JobRow.class, id.value())))
                .map(JobRow::job);
    }

    @Override
    public Written write(Writing writing, Actor platform, Instant at) {
        // Whatever makes no job is refused before anything is locked.
        Job asked = job(writing, writing.active().orElse(true));
        return transactions.write(session -> write(session, writing, asked, platform, at));
    }

    private static Job job(Writing writing, boolean active) {
        return new Job(
                writing.id(),
                writing.title(),
                writing.status(),
                writing.client().map(Person::id),
                writing.cleaner().map(Person::id),
                active);
    }

    private Written write(
            StatelessSession session, Writing writing, Job asked, Actor platform, Instant at) {
        boolean created = insertIfNew(session, asked);
        JobRow row =
                Columns.present(
                        session.get(JobRow.class, asked.id().value(), LockMode.PESSIMISTIC_WRITE));
        Job before = row.job();
        Job after = job(writing, writing.active().orElse(before.active()));
        if (!after.equals(before)) {
            session.update(JobRow.of(after));
        }
        Rooms.Opened main =
                Opening.make(
                        session,
                        RoomKey.OfJob.main(after.id()),
                        after.people(),
                        after.active(),
                        at);
        return session.doReturningWork(
                connection -> {
                    List<RoomChange> changes =
                            changes(connection, main, before, after, platform, at);
                    LockedRooms rooms = LockedRooms.lock(connection, ids, changes, Locking.WAIT);
                    // Rooms before people, here as everywhere.
                    name(session, writing);
                    List<Outcome> outcomes = new ArrayList<>();
                    if (main.created()) {
                        outcomes.add(opened(main));
                    }
                    for (RoomChange change : changes) {
                        Outcome outcome = rooms.apply(change);
                        if (!outcome.events().isEmpty()) {
                            outcomes.add(outcome);
                        }
                    }
                    rooms.write();
                    return new Written(after, created, List.copyOf(outcomes));
                });
    }

    /** For each room of the job, in order of id, what follows from the job's change. */
    private static List<RoomChange> changes(
            Connection connection,
            Rooms.Opened main,
            Job before,
            Job after,
            Actor platform,
            Instant at)
            throws SQLException {
        Map<RoomId, Boolean> rooms = new TreeMap<>();
        new RoundTrip()
                .query(
                        "select id, is_active from room where job_id = ? and room_type = 'job'",
                        rs -> rooms.put(new RoomId(rs.getLong(1)), rs.getBoolean(2)),
                        after.id().value())
                .run(connection);
        List<RoomChange> changes = new ArrayList<>();
        rooms.forEach(
                (room, open) -> {
                    RoomChange follow =
                            new RoomChange.FollowJob(room, after.people(), after.active(), at);
                    boolean tell =
                            room.equals(main.room().id())
                                    && !before.status().equals(after.status());
                    boolean closing = open && !after.active();
                    if (tell && closing) {
                        changes.add(announcement(room, before, after, platform, at));
                    }
                    changes.add(follow);
                    if (tell && !closing) {
                        changes.add(announcement(room, before, after, platform, at));
                    }
                });
        return changes;
    }

    private static RoomChange announcement(
            RoomId room, Job before, Job after, Actor platform, Instant at) {
        return new RoomChange.Announce(
                room, platform, Draft.statusChanged(before.status(), after.status()), at);
    }

    private static Outcome opened(Rooms.Opened main) {
        RoomEvent event =
                new RoomEvent.RoomChanged(
                        main.room().id(),
                        main.room().version(),
                        main.room().type(),
                        main.joined(),
                        Set.of());
        return new Outcome(
                main.room().id(), event.version(), List.of(event), Optional.empty(), false, 0, 0);
    }

    private static void name(StatelessSession session, Writing writing) {
        record Named(String field, Person person) {}
        List<Named> people = new ArrayList<>();
        writing.client().ifPresent(person -> people.add(new Named("client", person)));
        writing.cleaner().ifPresent(person -> people.add(new Named("cleaner", person)));
        people.sort((a, b) -> a.person().id().compareTo(b.person().id()));
        for (Named named : people) {
            if (PostgresUsers.write(session, named.person(), Optional.empty()).isEmpty()) {
                throw Refusal.invalid(named.field(), "was erased");
            }
        }
    }

    private static boolean insertIfNew(StatelessSession session, Job job) {
        return session.createNativeMutationQuery(
                                """
                                insert into job (id, title, status, is_active)
                                values (:id, :title, :status, :active) on conflict do nothing\
                                """)
                        .setParameter("id", job.id().value())
                        .setParameter("title", job.title())
                        .setParameter("status", job.status())
                        .setParameter("active", job.active())
                        .executeUpdate()
                == 1;
    }
}
