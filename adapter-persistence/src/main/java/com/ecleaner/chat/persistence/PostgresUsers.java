package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.persistence.LockedRooms.Locking;

import org.hibernate.LockMode;
import org.hibernate.StatelessSession;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Users in PostgreSQL. Thread-safe.
 *
 * <p>An erasure takes several transactions, so that no lock is held for longer than one room needs:
 * first the user is marked, from when on every door refuses them; then their jobs forget them; then
 * their rooms, in order of id, each through the room's ledger. After a crash in the middle, erasing
 * again does what is left, and nothing twice.
 */
public final class PostgresUsers implements Users {
    private final Transactions transactions;
    private final MessageIds ids;

    PostgresUsers(Transactions transactions, MessageIds ids) {
        this.transactions = transactions;
        this.ids = ids;
    }

    @Override
    public Optional<User> find(UserId id) {
        return row(id).map(UserRow::user);
    }

    private Optional<UserRow> row(UserId id) {
        return transactions.ask(
                session -> Optional.ofNullable(session.get(UserRow.class, id.value())));
    }

    @Override
    public User seen(Person person) {
        // Nearly always there is nothing to learn, and this is asked with every request.
        return row(person.id())
                .filter(row -> !learnsFrom(row, person))
                .map(UserRow::user)
                .orElseGet(() -> learn(person));
    }

    private User learn(Person person) {
        return transactions.write(
                session -> {
                    insertIfNew(session, person.id());
                    UserRow locked = locked(session, person.id());
                    if (learnsFrom(locked, person)) {
                        locked.name(locked.user().learning(person).person());
                        session.update(locked);
                    }
                    return locked.user();
                });
    }

    @Override
    public Written write(Person person, Optional<Role> role) {
        User user =
                transactions
                        .write(session -> write(session, person, role))
                        .orElseThrow(() -> Refusal.notFound("user"));
        boolean admin = user.role().filter(Role.ADMIN::equals).isPresent();
        return new Written(
                user, user.role().isEmpty() || admin ? List.of() : followRole(user.id()));
    }

    /**
     * Room by room, as an erasure does it; nobody sees more than their role lets them meanwhile.
     */
    private List<Outcome> followRole(UserId user) {
        List<Outcome> outcomes = new ArrayList<>();
        for (RoomId room : roomsAsAdmin(user)) {
            Outcome outcome =
                    transactions.write(
                            session ->
                                    session.doReturningWork(
                                            connection -> followRole(connection, room, user)));
            if (!outcome.events().isEmpty()) {
                outcomes.add(outcome);
            }
        }
        return List.copyOf(outcomes);
    }

    private Outcome followRole(Connection connection, RoomId room, UserId user)
            throws SQLException {
        RoomChange follow = new RoomChange.FollowRole(room, user);
        LockedRooms rooms = LockedRooms.lock(connection, ids, List.of(follow), Locking.WAIT);
        Outcome outcome = rooms.apply(follow);
        rooms.write();
        return outcome;
    }

    private List<RoomId> roomsAsAdmin(UserId user) {
        return transactions.read(
                connection -> {
                    List<RoomId> rooms = new ArrayList<>();
                    new RoundTrip()
                            .query(
                                    "select p.room_id from participant p where p.user_id = ? and "
                                            + ParticipantColumns.AS_ADMIN
                                            + " order by p.room_id",
                                    rs -> rooms.add(new RoomId(rs.getLong(1))),
                                    user.value())
                            .run(connection);
                    return rooms;
                });
    }

    /** Writes names in a transaction under way; nothing where the user was erased. */
    static Optional<User> write(StatelessSession session, Person person, Optional<Role> role) {
        insertIfNew(session, person.id());
        UserRow row = locked(session, person.id());
        if (row.erasedAt != null) {
            return Optional.empty();
        }
        row.name(person);
        row.named = true;
        role.ifPresent(said -> row.role = said.wireName());
        session.update(row);
        changed(session, row);
        return Optional.of(row.user());
    }

    /** Nodes that miss the event find it by this. */
    private static void changed(StatelessSession session, UserRow row) {
        session.createNativeMutationQuery(
                        "update chat_user set changed_at = date_trunc('second', clock_timestamp())"
                                + " where id = :id")
                .setParameter("id", row.id)
                .executeUpdate();
    }

    @Override
    public Erasure erase(UserId id, Instant at) {
        boolean platforms = mark(id, at);
        // After the mark nobody adds to their files, and a message that takes one meanwhile will be
        // blanked below.
        long files =
                transactions.write(
                        session ->
                                session.createNativeMutationQuery(
                                                "update attachment set is_gone = true where"
                                                        + " uploader_id = :id and not is_gone")
                                        .setParameter("id", id.value())
                                        .executeUpdate());
        transactions.write(
                session -> {
                    session.doWork(connection -> forgetInJobs(connection, id));
                    return id;
                });
        List<Outcome> outcomes = new ArrayList<>();
        long messages = 0;
        long edits = 0;
        for (RoomId room : roomsOf(id, platforms)) {
            Removed removed =
                    transactions.write(
                            session ->
                                    session.doReturningWork(
                                            connection -> eraseIn(connection, room, id, at)));
            messages += removed.messages();
            edits += removed.edits();
            removed.outcome().ifPresent(outcomes::add);
        }
        return new Erasure(id, messages, edits, files, List.copyOf(outcomes));
    }

    private record Removed(long messages, long edits, Optional<Outcome> outcome) {
        static final Removed NOTHING = new Removed(0, 0, Optional.empty());
    }

    /**
     * From here on every door refuses them, and whoever lets them into a new room is before this or
     * sees it. Returns whether they speak for the platform.
     */
    private boolean mark(UserId id, Instant at) {
        return transactions.write(
                session -> {
                    insertIfNew(session, id);
                    UserRow row = locked(session, id);
                    if (row.erasedAt == null) {
                        row.name(Person.nameless(id));
                        row.erasedAt = at;
                        session.update(row);
                        changed(session, row);
                    }
                    return Role.SERVICE.wireName().equals(row.role);
                });
    }

    private static void forgetInJobs(Connection connection, UserId id) throws SQLException {
        List<String> jobs = new ArrayList<>();
        new RoundTrip()
                .query(
                        "select id from job where client_id = ? or cleaner_id = ?"
                                + " order by id for update",
                        rs -> jobs.add(rs.getString(1)),
                        id.value(),
                        id.value())
                .run(connection);
        if (!jobs.isEmpty()) {
            new RoundTrip()
                    .update(
                            """
                            update job set client_id = nullif(client_id, ?),
                                cleaner_id = nullif(cleaner_id, ?)
                            where id = any(?)\
                            """,
                            id.value(),
                            id.value(),
                            RoundTrip.texts(jobs, job -> job))
                    .run(connection);
        }
    }

    /** Who talks has a row in the room, except the platform. */
    private List<RoomId> roomsOf(UserId id, boolean platforms) {
        return transactions.read(
                connection -> {
                    List<RoomId> rooms = new ArrayList<>();
                    new RoundTrip()
                            .query(
                                    platforms
                                            ? """
                                            select r.id from room r where exists (
                                                select 1 from message m
                                                where m.room_id = r.id and m.sender_id = ? and m.seq > 0)
                                            order by r.id\
                                            """
                                            : """
                                            select room_id from participant where user_id = ?
                                            order by room_id\
                                            """,
                                    rs -> rooms.add(new RoomId(rs.getLong(1))),
                                    id.value())
                            .run(connection);
                    return rooms;
                });
    }

    private Removed eraseIn(Connection connection, RoomId room, UserId id, Instant at)
            throws SQLException {
        RoomChange erase = new RoomChange.EraseAuthor(room, id, at);
        LockedRooms rooms = LockedRooms.lock(connection, ids, List.of(erase), Locking.WAIT);
        long[] left = new long[3];
        new RoundTrip()
                .query(
                        """
                        select
                            (select count(*) from message
                                where room_id = ? and sender_id = ? and seq > 0
                                    and deleted_at is null),
                            (select count(*) from participant
                                where room_id = ? and user_id = ? and is_present),
                            (select count(*) from message m
                                join message_edit e on e.message_id = m.id
                                where m.room_id = ? and m.sender_id = ? and m.seq > 0
                                    and m.deleted_at is null and m.edited_at is not null)\
                        """,
                        rs -> {
                            left[0] = rs.getLong(1);
                            left[1] = rs.getLong(2);
                            left[2] = rs.getLong(3);
                        },
                        room.value(),
                        id.value(),
                        room.value(),
                        id.value(),
                        room.value(),
                        id.value())
                .run(connection);
        if (left[0] == 0 && left[1] == 0) {
            return Removed.NOTHING;
        }
        Outcome outcome = rooms.apply(erase);
        rooms.write();
        return new Removed(left[0], left[2], Optional.of(outcome));
    }

    private static boolean learnsFrom(UserRow row, Person person) {
        User known = row.user();
        return !known.learning(person).equals(known);
    }

    /** Makes the row of somebody who has none. */
    static void insertIfNew(StatelessSession session, UserId id) {
        session.createNativeMutationQuery(
                        "insert into chat_user (id) values (:id) on conflict do nothing")
                .setParameter("id", id.value())
                .executeUpdate();
    }

    private static UserRow locked(StatelessSession session, UserId id) {
        return Columns.present(session.get(UserRow.class, id.value(), LockMode.PESSIMISTIC_WRITE));
    }
}
