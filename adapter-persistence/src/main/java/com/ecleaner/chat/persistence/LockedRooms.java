package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.log.RoomLedger;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rooms that one transaction has locked, what their changes need to be decided, and the ledgers
 * that decide. The one way in which anything about a room is written, whoever owns the transaction:
 * lock in id order, read in later statements, apply, write. One use, one thread.
 *
 * <p>Reading and writing take a fixed number of statements each, however many changes there are.
 */
final class LockedRooms {
    /** What to do about a room that somebody else has locked. */
    enum Locking {
        /** Wait, for as long as the transaction's {@code lock_timeout} allows. */
        WAIT,
        /** Leave it out. */
        SKIP
    }

    private record Erasing(RoomId room, RoomLedger.Erasure of) {}

    private record Taken(AttachmentId file, Message by) {}

    private record Said(Message message, String words) {}

    private final Connection connection;
    private final Facts facts;
    private final Map<RoomId, Room> locked = new LinkedHashMap<>();
    private final Map<RoomId, RoomLedger> ledgers = new LinkedHashMap<>();

    private LockedRooms(Connection connection, Facts facts) {
        this.connection = connection;
        this.facts = facts;
    }

    /** Locks the rooms of these changes, in order of id, and reads what the changes need. */
    static LockedRooms lock(
            Connection connection,
            MessageIds ids,
            Collection<? extends RoomChange> changes,
            Locking locking)
            throws SQLException {
        return lock(connection, ids, changes, locking, Facts.Names.ASKED);
    }

    /** The same, and says what to take messages' names for. */
    static LockedRooms lock(
            Connection connection,
            MessageIds ids,
            Collection<? extends RoomChange> changes,
            Locking locking,
            Facts.Names names)
            throws SQLException {
        Set<RoomId> rooms = new TreeSet<>();
        changes.forEach(change -> rooms.add(change.room()));
        Facts facts = new Facts(connection, ids, names);
        LockedRooms these = new LockedRooms(connection, facts);
        RoundTrip trip =
                new RoundTrip()
                        .query(
                                "select "
                                        + RoomRow.COLUMNS
                                        + " from room r where r.id = any(?) order by r.id"
                                        + " for update"
                                        + (locking == Locking.SKIP ? " skip locked" : ""),
                                rs -> {
                                    Room room = RoomRow.room(rs);
                                    these.locked.put(room.id(), room);
                                },
                                RoundTrip.longs(rooms, RoomId::value));
        facts.gather(trip, changes);
        trip.run(connection);
        facts.gatherMarksOfRepeats();
        for (Room room : these.locked.values()) {
            these.ledgers.put(room.id(), new RoomLedger(room, facts.of(room)));
        }
        return these;
    }

    /** Those of {@code rooms} that exist though they could not be locked. */
    Set<RoomId> held(Collection<RoomId> rooms) throws SQLException {
        List<RoomId> missing = rooms.stream().filter(room -> !locked.containsKey(room)).toList();
        Set<RoomId> held = new TreeSet<>();
        if (!missing.isEmpty()) {
            new RoundTrip()
                    .query(
                            "select id from room where id = any(?)",
                            rs -> held.add(new RoomId(rs.getLong(1))),
                            RoundTrip.longs(missing, RoomId::value))
                    .run(connection);
        }
        return held;
    }

    boolean has(RoomId room) {
        return locked.containsKey(room);
    }

    /** The room as the changes so far have made it. */
    Room room(RoomId id) {
        return ledger(id).room();
    }

    /**
     * Decides one change.
     *
     * @throws Refusal the ledger's, or {@code not_found} where there is no such room
     */
    Outcome apply(RoomChange change) {
        RoomLedger ledger = ledger(change.room());
        try {
            return ledger.apply(change);
        } catch (Refusal refusal) {
            if (facts.isRepeatAfterAll(change)) {
                return ledger.apply(change);
            }
            throw refusal;
        }
    }

    /** Writes what was decided, in one journey. Returns whether there was anything. */
    boolean write() throws SQLException {
        List<Room> changed = new ArrayList<>();
        List<RoomLedger> written = new ArrayList<>();
        for (RoomLedger ledger : ledgers.values()) {
            if (ledger.room().version() != locked(ledger).version()) {
                changed.add(ledger.room());
                written.add(ledger);
            }
        }
        if (changed.isEmpty()) {
            return false;
        }
        holdNewcomers(written);
        List<Erasing> erasings = new ArrayList<>();
        for (RoomLedger ledger : written) {
            ledger.erased().forEach(of -> erasings.add(new Erasing(ledger.room().id(), of)));
        }
        RoundTrip trip = new RoundTrip();
        writeRooms(trip, changed);
        writePosted(trip, written);
        writeTaken(trip, written);
        writeEarlier(trip, written);
        writeRewritten(trip, written);
        writeWords(trip, written);
        writeDeletions(trip, written);
        writeParticipants(trip, written);
        writeErasings(trip, erasings);
        trip.run(connection);
        return true;
    }

    private RoomLedger ledger(RoomId id) {
        RoomLedger ledger = ledgers.get(id);
        if (ledger == null) {
            throw Refusal.notFound("room");
        }
        return ledger;
    }

    private Room locked(RoomLedger ledger) {
        return Columns.present(locked.get(ledger.room().id()));
    }

    /**
     * Who comes into a room must not be erased or become something else meanwhile: whoever is
     * already looking for the rooms of the user would not find this one. So they wait for this
     * commit, or this commit begins again and sees what the user is.
     */
    private void holdNewcomers(List<RoomLedger> written) throws SQLException {
        Set<UserId> newcomers = new TreeSet<>();
        for (RoomLedger ledger : written) {
            for (Participant row : ledger.moved()) {
                if (row.present() && !facts.wasIn(ledger.room().id(), row.user())) {
                    newcomers.add(row.user());
                }
            }
        }
        if (newcomers.isEmpty()) {
            return;
        }
        boolean[] changed = new boolean[1];
        new RoundTrip()
                .query(
                        "select id, role, erased_at is not null from chat_user where id = any(?)"
                                + " order by id for share",
                        rs ->
                                changed[0] |=
                                        rs.getBoolean(3)
                                                || !facts.isRole(
                                                        new UserId(rs.getString(1)),
                                                        Columns.maybe(rs, 2).flatMap(Role::named)),
                        RoundTrip.texts(newcomers, UserId::value))
                .run(connection);
        if (changed[0]) {
            throw new SQLException("somebody who joins has become something else", "40001");
        }
    }

    private static void writeRooms(RoundTrip trip, List<Room> rooms) {
        trip.update(
                """
                update room r set
                    updated_at = timestamptz 'epoch' + a.updated_at * interval '1 millisecond',
                    is_active = a.is_active, version = a.version, state_version = a.state_version,
                    last_seq = a.last_seq, participant_count = a.participant_count,
                    changed_at = date_trunc('second', clock_timestamp()),
                    state_changed_at = case when a.state_version > r.state_version
                        then date_trunc('second', clock_timestamp()) else r.state_changed_at end
                from unnest(?, ?, ?, ?, ?, ?, ?) as a(
                    id, updated_at, is_active, version, state_version, last_seq, participant_count)
                where r.id = a.id\
                """,
                RoundTrip.longs(rooms, room -> room.id().value()),
                RoundTrip.longs(rooms, room -> room.updatedAt().toEpochMilli()),
                RoundTrip.flags(rooms, Room::active),
                RoundTrip.longs(rooms, Room::version),
                RoundTrip.longs(rooms, Room::stateVersion),
                RoundTrip.longs(rooms, Room::lastSeq),
                RoundTrip.longs(rooms, room -> (long) room.participantCount()));
    }

    private static void writePosted(RoundTrip trip, List<RoomLedger> written) {
        List<Message> plain = new ArrayList<>();
        List<Message> others = new ArrayList<>();
        for (RoomLedger ledger : written) {
            ledger.posted().forEach(m -> (isPlain(m) ? plain : others).add(m));
        }
        if (!plain.isEmpty()) {
            trip.update(
                    """
                    insert into message (id, room_id, seq, version, sender_id, client_id,
                        message_type, content, created_at)
                    select a.id, a.room_id, a.seq, a.version, a.sender_id, a.client_id,
                        a.message_type, a.content,
                        timestamptz 'epoch' + a.created_at * interval '1 millisecond'
                    from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) as a(
                        id, room_id, seq, version, sender_id, client_id,
                        message_type, content, created_at)\
                    """,
                    posted(plain).toArray());
        }
        if (!others.isEmpty()) {
            List<Object> columns = posted(others);
            columns.add(
                    RoundTrip.longs(
                            others, m -> m.replyTo().map(q -> q.id().value()).orElse(null)));
            columns.add(
                    RoundTrip.texts(
                            others, m -> m.attachment().map(a -> a.id().value()).orElse(null)));
            columns.add(
                    RoundTrip.texts(others, m -> m.data().map(JobChangesText::write).orElse(null)));
            columns.add(
                    RoundTrip.longs(
                            others, m -> m.editedAt().map(Instant::toEpochMilli).orElse(null)));
            columns.add(
                    RoundTrip.longs(
                            others, m -> m.deletedAt().map(Instant::toEpochMilli).orElse(null)));
            trip.update(
                    """
                    insert into message (id, room_id, seq, version, sender_id, client_id,
                        message_type, content, created_at, reply_to, attachment_id, data,
                        edited_at, deleted_at)
                    select a.id, a.room_id, a.seq, a.version, a.sender_id, a.client_id,
                        a.message_type, a.content,
                        timestamptz 'epoch' + a.created_at * interval '1 millisecond',
                        a.reply_to, a.attachment_id, a.data,
                        timestamptz 'epoch' + a.edited_at * interval '1 millisecond',
                        timestamptz 'epoch' + a.deleted_at * interval '1 millisecond'
                    from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as a(
                        id, room_id, seq, version, sender_id, client_id,
                        message_type, content, created_at, reply_to, attachment_id, data,
                        edited_at, deleted_at)\
                    """,
                    columns.toArray());
        }
    }

    /** What most messages are: words alone, which nobody has touched yet. */
    private static boolean isPlain(Message message) {
        return message.replyTo().isEmpty()
                && message.attachment().isEmpty()
                && message.data().isEmpty()
                && message.editedAt().isEmpty()
                && message.deletedAt().isEmpty();
    }

    /** The columns that every new message has. */
    private static List<Object> posted(List<Message> messages) {
        return new ArrayList<>(
                List.of(
                        RoundTrip.longs(messages, m -> m.id().value()),
                        RoundTrip.longs(messages, m -> m.room().value()),
                        RoundTrip.longs(messages, Message::seq),
                        RoundTrip.longs(messages, Message::version),
                        RoundTrip.texts(messages, m -> m.sender().id().value()),
                        RoundTrip.texts(
                                messages, m -> m.clientId().map(id -> id.value()).orElse(null)),
                        RoundTrip.texts(messages, m -> m.type().wireName()),
                        RoundTrip.texts(messages, Message::content),
                        RoundTrip.longs(messages, m -> m.timestamp().toEpochMilli())));
    }

    private static void writeTaken(RoundTrip trip, List<RoomLedger> written) {
        List<Taken> taken = new ArrayList<>();
        written.forEach(
                ledger -> ledger.taken().forEach((file, by) -> taken.add(new Taken(file, by))));
        if (!taken.isEmpty()) {
            trip.update(
                    """
                    update attachment f set message_id = a.message_id, is_gone = a.is_gone
                    from unnest(?, ?, ?) as a(id, message_id, is_gone) where f.id = a.id\
                    """,
                    RoundTrip.texts(taken, t -> t.file().value()),
                    RoundTrip.longs(taken, t -> t.by().id().value()),
                    RoundTrip.flags(taken, t -> t.by().isDeleted()));
        }
    }

    private static void writeRewritten(RoundTrip trip, List<RoomLedger> written) {
        List<Message> rewritten = new ArrayList<>();
        written.forEach(ledger -> rewritten.addAll(ledger.rewritten()));
        if (!rewritten.isEmpty()) {
            trip.update(
                    """
                    update message m set
                        version = a.version, content = a.content,
                        attachment_id = case when a.deleted_at is null then m.attachment_id end,
                        data = case when a.deleted_at is null then m.data end,
                        edited_at = timestamptz 'epoch' + a.edited_at * interval '1 millisecond',
                        deleted_at = timestamptz 'epoch' + a.deleted_at * interval '1 millisecond'
                    from unnest(?, ?, ?, ?, ?) as a(id, version, content, edited_at, deleted_at)
                    where m.id = a.id\
                    """,
                    RoundTrip.longs(rewritten, m -> m.id().value()),
                    RoundTrip.longs(rewritten, Message::version),
                    RoundTrip.texts(rewritten, Message::content),
                    RoundTrip.longs(
                            rewritten, m -> m.editedAt().map(Instant::toEpochMilli).orElse(null)),
                    RoundTrip.longs(
                            rewritten, m -> m.deletedAt().map(Instant::toEpochMilli).orElse(null)));
            List<Message> deleted = rewritten.stream().filter(Message::isDeleted).toList();
            if (!deleted.isEmpty()) {
                trip.update(
                        "delete from message_edit where message_id = any(?)",
                        RoundTrip.longs(deleted, m -> m.id().value()));
                trip.update(
                        "update attachment set is_gone = true where message_id = any(?)",
                        RoundTrip.longs(deleted, m -> m.id().value()));
            }
        }
    }

    /** By what messages are found from now on. */
    private static void writeWords(RoundTrip trip, List<RoomLedger> written) {
        List<Message> rewritten = new ArrayList<>();
        List<Said> said = new ArrayList<>();
        for (RoomLedger ledger : written) {
            rewritten.addAll(ledger.rewritten());
            ledger.posted().forEach(message -> say(said, message));
            ledger.rewritten().forEach(message -> say(said, message));
        }
        if (!rewritten.isEmpty()) {
            MessageWords.forget(trip, RoundTrip.longs(rewritten, m -> m.id().value()));
        }
        if (!said.isEmpty()) {
            trip.update(
                    """
                    insert into message_words_new (message_id, room_id, sent_at, words)
                    select a.message_id, a.room_id,
                        timestamptz 'epoch' + a.sent_at * interval '1 millisecond', a.words
                    from unnest(?, ?, ?, ?) as a(message_id, room_id, sent_at, words)\
                    """,
                    RoundTrip.longs(said, s -> s.message().id().value()),
                    RoundTrip.longs(said, s -> s.message().room().value()),
                    RoundTrip.longs(said, s -> s.message().timestamp().toEpochMilli()),
                    RoundTrip.texts(said, Said::words));
        }
    }

    private static void say(List<Said> said, Message message) {
        String words = message.isDeleted() ? "" : Terms.wordsOf(message);
        if (!words.isEmpty()) {
            said.add(new Said(message, words));
        }
    }

    /** What edited messages said before, unless they are gone by the end of the commit. */
    private static void writeEarlier(RoundTrip trip, List<RoomLedger> written) {
        List<Message> kept = new ArrayList<>();
        written.forEach(ledger -> kept.addAll(ledger.earlier()));
        if (!kept.isEmpty()) {
            trip.update(
                    """
                    insert into message_edit (message_id, version, content, written_at)
                    select a.message_id, a.version, a.content,
                        timestamptz 'epoch' + a.written_at * interval '1 millisecond'
                    from unnest(?, ?, ?, ?) as a(message_id, version, content, written_at)\
                    """,
                    RoundTrip.longs(kept, m -> m.id().value()),
                    RoundTrip.longs(kept, Message::version),
                    RoundTrip.texts(kept, Message::content),
                    RoundTrip.longs(kept, m -> m.editedAt().orElse(m.timestamp()).toEpochMilli()));
        }
    }

    private static void writeDeletions(RoundTrip trip, List<RoomLedger> written) {
        record Gone(RoomId room, long seq, UserId sender) {}
        List<Gone> gone = new ArrayList<>();
        for (RoomLedger ledger : written) {
            for (RoomLedger.Deletion deletion : ledger.deletions()) {
                gone.add(new Gone(ledger.room().id(), deletion.seq(), deletion.sender()));
            }
        }
        if (!gone.isEmpty()) {
            trip.update(
                    """
                    update participant p set skipped = p.skipped + g.messages
                    from (
                        select p.room_id, p.user_id, count(*) as messages
                        from unnest(?, ?, ?) as a(room_id, seq, sender_id)
                        join participant p on p.room_id = a.room_id
                            and p.last_read_seq < a.seq and p.user_id <> a.sender_id
                        group by p.room_id, p.user_id
                    ) as g
                    where p.room_id = g.room_id and p.user_id = g.user_id\
                    """,
                    RoundTrip.longs(gone, g -> g.room().value()),
                    RoundTrip.longs(gone, Gone::seq),
                    RoundTrip.texts(gone, g -> g.sender().value()));
        }
    }

    private static void writeParticipants(RoundTrip trip, List<RoomLedger> written) {
        record Moved(RoomId room, Participant row) {}
        List<Moved> moved = new ArrayList<>();
        for (RoomLedger ledger : written) {
            for (Participant row : ledger.moved()) {
                moved.add(new Moved(ledger.room().id(), row));
            }
        }
        if (!moved.isEmpty()) {
            trip.update(
                    """
                    insert into participant as p (room_id, user_id, role, joined_at,
                        last_read_seq, skipped, is_present, version)
                    select a.room_id, a.user_id, a.role,
                        timestamptz 'epoch' + a.joined_at * interval '1 millisecond',
                        a.last_read_seq, a.skipped, a.is_present, a.version
                    from unnest(?, ?, ?, ?, ?, ?, ?, ?) as a(room_id, user_id, role, joined_at,
                        last_read_seq, skipped, is_present, version)
                    on conflict (room_id, user_id) do update set
                        role = excluded.role, joined_at = excluded.joined_at,
                        last_read_seq = excluded.last_read_seq, skipped = excluded.skipped,
                        is_present = excluded.is_present, version = excluded.version\
                    """,
                    RoundTrip.longs(moved, m -> m.room().value()),
                    RoundTrip.texts(moved, m -> m.row().user().value()),
                    RoundTrip.texts(moved, m -> m.row().role().wireName()),
                    RoundTrip.longs(moved, m -> m.row().joinedAt().toEpochMilli()),
                    RoundTrip.longs(moved, m -> m.row().lastReadSeq()),
                    RoundTrip.longs(moved, m -> m.row().skipped()),
                    RoundTrip.flags(moved, m -> m.row().present()),
                    RoundTrip.longs(moved, m -> m.row().version()));
        }
    }

    private static void writeErasings(RoundTrip trip, List<Erasing> erasings) {
        if (erasings.isEmpty()) {
            return;
        }
        MessageWords.forgetSentBy(
                trip,
                RoundTrip.longs(erasings, e -> e.room().value()),
                RoundTrip.texts(erasings, e -> e.of().user().value()));
        trip.update(
                """
                delete from message_edit e
                using message m, unnest(?, ?) as a(room_id, sender_id)
                where m.room_id = a.room_id and m.sender_id = a.sender_id
                    and m.seq > 0 and m.edited_at is not null and e.message_id = m.id\
                """,
                RoundTrip.longs(erasings, e -> e.room().value()),
                RoundTrip.texts(erasings, e -> e.of().user().value()));
        trip.update(
                """
                update message m set
                    version = a.version, content = '', attachment_id = null, data = null,
                    edited_at = null,
                    deleted_at = timestamptz 'epoch' + a.at * interval '1 millisecond'
                from unnest(?, ?, ?, ?) as a(room_id, sender_id, version, at)
                where m.room_id = a.room_id and m.sender_id = a.sender_id
                    and m.deleted_at is null\
                """,
                RoundTrip.longs(erasings, e -> e.room().value()),
                RoundTrip.texts(erasings, e -> e.of().user().value()),
                RoundTrip.longs(erasings, e -> e.of().version()),
                RoundTrip.longs(erasings, e -> e.of().at().toEpochMilli()));
    }
}
