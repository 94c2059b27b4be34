package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.log.LedgerRecord;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the ledgers of one commit will ask, fetched for all of its changes at once; what nobody
 * foresaw is fetched when it is asked. One use, one thread.
 */
final class Facts {
    /** What is known of the names that senders gave their messages. */
    enum Names {
        /** Whether each was given before is asked for. */
        ASKED,
        /**
         * Each is taken for new. Where one is not, the insert fails by the index over names, and
         * the commit has to be tried again with {@link #ASKED}; a refusal is to be doubted.
         */
        TAKEN_FOR_NEW
    }

    /** Somebody in a room. */
    record Seat(RoomId room, UserId user) {}

    private record Name(RoomId room, UserId sender, ClientId clientId) {}

    private record Upload(RoomId room, UserId uploader, AttachmentId id) {}

    /** A read that ends before the room's end: what lies between is to be counted. */
    private record Stretch(RoomId room, UserId user, long upToSeq) {}

    private static final String MARKS =
            """
            select a.room_id, p.user_id, p.last_read_seq
            from unnest(?) as a(room_id)
            cross join lateral (
                select user_id, last_read_seq from participant
                where room_id = a.room_id and last_read_seq > 0
                order by last_read_seq desc limit 2
            ) as p
            order by a.room_id, p.last_read_seq desc\
            """;

    private final Connection connection;
    private final MessageIds ids;
    private final Names about;

    private final Map<Seat, Optional<Participant>> participants = new HashMap<>();
    private final Map<UserId, Optional<User>> users = new HashMap<>();
    private final Map<RoomId, List<Participant>> present = new HashMap<>();
    private final Map<MessageId, Optional<Message>> messages = new HashMap<>();
    private final Map<Name, Optional<Message>> named = new HashMap<>();

    /** Those of the named that nobody asked for. */
    private final Set<Name> taken = new HashSet<>();

    private final Map<RoomId, ReadMarks> marks = new HashMap<>();

    private final Map<Upload, Optional<Attachment>> uploads = new HashMap<>();

    /** How many messages are to be skipped between the stored mark and this number. */
    private final Map<Stretch, Long> skippable = new HashMap<>();

    Facts(Connection connection, MessageIds ids, Names about) {
        this.connection = connection;
        this.ids = ids;
        this.about = about;
    }

    /** Adds the queries for what these changes need. */
    void gather(RoundTrip trip, Collection<? extends RoomChange> changes) {
        Set<Seat> seats = new LinkedHashSet<>();
        Set<Name> names = new LinkedHashSet<>();
        Set<MessageId> targets = new LinkedHashSet<>();
        Set<Stretch> stretches = new LinkedHashSet<>();
        Set<Upload> files = new LinkedHashSet<>();
        Set<RoomId> marked = new TreeSet<>();
        Set<RoomId> followed = new TreeSet<>();
        for (RoomChange change : changes) {
            RoomId room = change.room();
            switch (change) {
                case RoomChange.Post post -> {
                    seats.add(new Seat(room, post.actor().id()));
                    Draft draft = post.draft();
                    draft.clientId()
                            .ifPresent(id -> names.add(new Name(room, post.actor().id(), id)));
                    draft.replyTo().ifPresent(targets::add);
                    draft.attachment()
                            .ifPresent(id -> files.add(new Upload(room, post.actor().id(), id)));
                }
                case RoomChange.Repeat repeat -> seats.add(new Seat(room, repeat.actor().id()));
                case RoomChange.Edit edit -> {
                    seats.add(new Seat(room, edit.actor().id()));
                    targets.add(edit.message());
                    marked.add(room);
                }
                case RoomChange.Delete delete -> {
                    seats.add(new Seat(room, delete.actor().id()));
                    targets.add(delete.message());
                    marked.add(room);
                }
                case RoomChange.Read read -> {
                    seats.add(new Seat(room, read.actor().id()));
                    stretches.add(new Stretch(room, read.actor().id(), read.upToSeq()));
                    marked.add(room);
                }
                case RoomChange.Join join -> seats.add(new Seat(room, join.actor().id()));
                case RoomChange.Leave leave -> seats.add(new Seat(room, leave.actor().id()));
                case RoomChange.SetOpen open -> seats.add(new Seat(room, open.actor().id()));
                case RoomChange.FollowJob follow -> {
                    follow.people().keySet().forEach(user -> seats.add(new Seat(room, user)));
                    followed.add(room);
                }
                case RoomChange.Announce announce -> {
                    seats.add(new Seat(room, announce.platform().id()));
                    announce.draft().replyTo().ifPresent(targets::add);
                }
                case RoomChange.FollowRole follow -> seats.add(new Seat(room, follow.user()));
                case RoomChange.EraseAuthor erase -> seats.add(new Seat(room, erase.user()));
            }
        }
        if (!seats.isEmpty()) {
            askParticipants(trip, seats);
        }
        if (about == Names.TAKEN_FOR_NEW) {
            names.forEach(name -> named.put(name, Optional.empty()));
            taken.addAll(names);
        } else if (!names.isEmpty()) {
            askNamed(trip, names);
        }
        if (!targets.isEmpty()) {
            askMessages(trip, targets);
        }
        if (!stretches.isEmpty()) {
            askSkippable(trip, stretches);
        }
        if (!files.isEmpty()) {
            askUploads(trip, files);
        }
        if (!marked.isEmpty()) {
            askMarks(trip, marked);
        }
        if (!followed.isEmpty()) {
            askPresent(trip, followed);
        }
    }

    /** A repeat is told with its receipt, and that there is one is known only now. */
    void gatherMarksOfRepeats() throws SQLException {
        Set<RoomId> rooms = new TreeSet<>();
        named.forEach(
                (name, first) -> {
                    if (first.isPresent() && !marks.containsKey(name.room())) {
                        rooms.add(name.room());
                    }
                });
        if (!rooms.isEmpty()) {
            RoundTrip trip = new RoundTrip();
            askMarks(trip, rooms);
            trip.run(connection);
        }
    }

    /**
     * Whether this was taken for new and is a repeat, which may be answered where a new one is not.
     */
    boolean isRepeatAfterAll(RoomChange change) {
        if (!(change instanceof RoomChange.Post post) || post.draft().clientId().isEmpty()) {
            return false;
        }
        Name name = new Name(post.room(), post.actor().id(), post.draft().clientId().orElseThrow());
        if (!taken.remove(name)) {
            return false;
        }
        RoundTrip trip = new RoundTrip();
        askNamed(trip, Set.of(name));
        run(trip);
        return named.getOrDefault(name, Optional.empty()).isPresent();
    }

    /** Whether the user was in the room when it was locked. */
    boolean wasIn(RoomId room, UserId user) {
        return participants
                .getOrDefault(new Seat(room, user), Optional.empty())
                .filter(Participant::present)
                .isPresent();
    }

    /** Whether the changes were decided by this being what the platform says the user is. */
    boolean isRole(UserId user, Optional<Role> now) {
        return users.getOrDefault(user, Optional.empty()).flatMap(User::role).equals(now);
    }

    LedgerRecord of(Room room) {
        return new OfRoom(room);
    }

    private Optional<Message> find(MessageId id) {
        if (!messages.containsKey(id)) {
            RoundTrip trip = new RoundTrip();
            askMessages(trip, Set.of(id));
            run(trip);
        }
        return messages.getOrDefault(id, Optional.empty());
    }

    private void askParticipants(RoundTrip trip, Collection<Seat> seats) {
        for (Seat seat : seats) {
            participants.put(seat, Optional.empty());
            users.put(seat.user(), Optional.empty());
        }
        trip.query(
                "select "
                        + ParticipantColumns.COLUMNS
                        + """
                        , a.user_id, u.id, u.username, u.first_name, u.role, u.named,
                            u.erased_at is not null
                        from unnest(?, ?) as a(room_id, user_id)
                        left join participant p
                            on p.room_id = a.room_id and p.user_id = a.user_id
                        left join chat_user u on u.id = a.user_id\
                        """,
                rs -> {
                    if (rs.getString(2) != null) {
                        Participant row = ParticipantColumns.participant(rs);
                        participants.put(
                                new Seat(new RoomId(rs.getLong(1)), row.user()), Optional.of(row));
                    }
                    if (rs.getString(10) != null) {
                        users.put(new UserId(rs.getString(9)), Optional.of(user(rs)));
                    }
                },
                RoundTrip.longs(seats, seat -> seat.room().value()),
                RoundTrip.texts(seats, seat -> seat.user().value()));
    }

    private static User user(ResultSet rs) throws SQLException {
        return new User(
                new Person(new UserId(rs.getString(10)), rs.getString(11), rs.getString(12)),
                Columns.maybe(rs, 13).flatMap(Role::named),
                rs.getBoolean(14),
                rs.getBoolean(15));
    }

    private void askNamed(RoundTrip trip, Collection<Name> names) {
        names.forEach(name -> named.put(name, Optional.empty()));
        trip.query(
                "select "
                        + MessageColumns.COLUMNS
                        + " from unnest(?, ?, ?) as a(room_id, sender_id, client_id)"
                        + " join message m on m.room_id = a.room_id and m.sender_id = a.sender_id"
                        + " and m.client_id = a.client_id"
                        + MessageColumns.JOINS,
                rs -> {
                    Message message = MessageColumns.message(rs);
                    named.put(
                            new Name(
                                    message.room(),
                                    message.sender().id(),
                                    message.clientId().orElseThrow()),
                            Optional.of(message));
                },
                RoundTrip.longs(names, name -> name.room().value()),
                RoundTrip.texts(names, name -> name.sender().value()),
                RoundTrip.texts(names, name -> name.clientId().value()));
    }

    private void askMessages(RoundTrip trip, Collection<MessageId> targets) {
        targets.forEach(id -> messages.put(id, Optional.empty()));
        trip.query(
                "select "
                        + MessageColumns.COLUMNS
                        + " from message m"
                        + MessageColumns.JOINS
                        + " where m.id = any(?)",
                rs -> {
                    Message message = MessageColumns.message(rs);
                    messages.put(message.id(), Optional.of(message));
                },
                RoundTrip.longs(targets, MessageId::value));
    }

    /** A read to the end needs no counting: all that is skipped lies before the end. */
    private void askSkippable(RoundTrip trip, Collection<Stretch> stretches) {
        trip.query(
                """
                select a.room_id, a.user_id, a.up_to_seq,
                    (select count(*) from message m
                        where m.room_id = a.room_id and m.sender_id = a.user_id
                            and m.seq > 0
                            and m.seq > p.last_read_seq and m.seq <= a.up_to_seq)
                    + (select count(*) from message m
                        where m.room_id = a.room_id and m.deleted_at is not null
                            and m.sender_id <> a.user_id
                            and m.seq > p.last_read_seq and m.seq <= a.up_to_seq)
                from unnest(?, ?, ?) as a(room_id, user_id, up_to_seq)
                join room r on r.id = a.room_id
                join participant p on p.room_id = a.room_id and p.user_id = a.user_id
                where p.last_read_seq < a.up_to_seq and a.up_to_seq < r.last_seq\
                """,
                rs ->
                        skippable.put(
                                new Stretch(
                                        new RoomId(rs.getLong(1)),
                                        new UserId(rs.getString(2)),
                                        rs.getLong(3)),
                                rs.getLong(4)),
                RoundTrip.longs(stretches, s -> s.room().value()),
                RoundTrip.texts(stretches, s -> s.user().value()),
                RoundTrip.longs(stretches, Stretch::upToSeq));
    }

    private void askUploads(RoundTrip trip, Collection<Upload> files) {
        files.forEach(file -> uploads.put(file, Optional.empty()));
        trip.query(
                "select "
                        + AttachmentColumns.COLUMNS
                        + ", f.room_id, f.uploader_id"
                        + " from attachment f join unnest(?, ?) as a(id, room_id) on f.id = a.id"
                        + " and f.room_id = a.room_id"
                        // Held until the message has it, so that nobody clears it up meanwhile.
                        + " where f.message_id is null and not f.is_gone for update of f",
                rs -> {
                    Optional<Attachment> file = AttachmentColumns.attachment(rs, 0);
                    uploads.put(
                            new Upload(
                                    new RoomId(rs.getLong(8)),
                                    new UserId(rs.getString(9)),
                                    file.orElseThrow().id()),
                            file);
                },
                RoundTrip.texts(files, file -> file.id().value()),
                RoundTrip.longs(files, file -> file.room().value()));
    }

    private void askMarks(RoundTrip trip, Collection<RoomId> rooms) {
        askMarks(trip, rooms, marks);
    }

    /** Adds the query for the two furthest marks of each room, in order. */
    static void askMarks(RoundTrip trip, Collection<RoomId> rooms, Map<RoomId, ReadMarks> marks) {
        rooms.forEach(room -> marks.put(room, ReadMarks.NONE));
        trip.query(
                MARKS,
                rs -> {
                    UserId user = new UserId(rs.getString(2));
                    long seq = rs.getLong(3);
                    marks.computeIfPresent(
                            new RoomId(rs.getLong(1)), (room, known) -> known.advance(user, seq));
                },
                RoundTrip.longs(rooms, RoomId::value));
    }

    private void askPresent(RoundTrip trip, Collection<RoomId> rooms) {
        rooms.forEach(room -> present.put(room, new ArrayList<>()));
        trip.query(
                "select "
                        + ParticipantColumns.COLUMNS
                        + " from participant p where p.room_id = any(?) and p.is_present"
                        + " order by p.room_id, p.joined_at, p.user_id",
                rs -> {
                    RoomId room = new RoomId(rs.getLong(1));
                    Participant row = ParticipantColumns.participant(rs);
                    present.computeIfAbsent(room, r -> new ArrayList<>()).add(row);
                    participants.put(new Seat(room, row.user()), Optional.of(row));
                },
                RoundTrip.longs(rooms, RoomId::value));
    }

    private void run(RoundTrip trip) {
        try {
            trip.run(connection);
        } catch (SQLException e) {
            throw new StoreFault(e);
        }
    }

    /** One room's part. */
    private final class OfRoom implements LedgerRecord {
        private final Room room;

        OfRoom(Room room) {
            this.room = room;
        }

        @Override
        public Optional<Participant> participant(UserId user) {
            Seat seat = new Seat(room.id(), user);
            if (!participants.containsKey(seat)) {
                RoundTrip trip = new RoundTrip();
                askParticipants(trip, Set.of(seat));
                run(trip);
            }
            return participants.getOrDefault(seat, Optional.empty());
        }

        @Override
        public List<Participant> present() {
            if (!present.containsKey(room.id())) {
                RoundTrip trip = new RoundTrip();
                askPresent(trip, Set.of(room.id()));
                run(trip);
            }
            return present.getOrDefault(room.id(), List.of());
        }

        @Override
        public Optional<User> user(UserId user) {
            if (!users.containsKey(user)) {
                participant(user);
            }
            return users.getOrDefault(user, Optional.empty());
        }

        @Override
        public Optional<Message> message(MessageId id) {
            return find(id).filter(message -> message.room().equals(room.id()));
        }

        @Override
        public Optional<Message> message(UserId sender, ClientId clientId) {
            Name name = new Name(room.id(), sender, clientId);
            if (!named.containsKey(name)) {
                RoundTrip trip = new RoundTrip();
                askNamed(trip, Set.of(name));
                run(trip);
            }
            return named.getOrDefault(name, Optional.empty());
        }

        @Override
        public long skippable(UserId user, long afterSeq, long upToSeq) {
            long from = Math.min(afterSeq, room.lastSeq());
            long to = Math.min(upToSeq, room.lastSeq());
            if (from >= to) {
                return 0;
            }
            Long before = skippableUpTo(user, from);
            Long all = skippableUpTo(user, to);
            return before != null && all != null ? all - before : count(user, from, to);
        }

        /** Counted from the stored mark; null where nobody foresaw this number. */
        private @Nullable Long skippableUpTo(UserId user, long seq) {
            Optional<Participant> row = participant(user);
            if (row.isEmpty()) {
                return null;
            }
            if (seq == row.get().lastReadSeq()) {
                return 0L;
            }
            return seq == room.lastSeq()
                    ? Long.valueOf(row.get().skipped())
                    : skippable.get(new Stretch(room.id(), user, seq));
        }

        private long count(UserId user, long afterSeq, long upToSeq) {
            long[] count = new long[1];
            run(
                    new RoundTrip()
                            .query(
                                    """
                                    select
                                        (select count(*) from message where room_id = ?
                                            and sender_id = ? and seq > 0
                                            and seq > ? and seq <= ?)
                                        + (select count(*) from message where room_id = ?
                                            and deleted_at is not null and sender_id <> ?
                                            and seq > ? and seq <= ?)\
                                    """,
                                    rs -> count[0] = rs.getLong(1),
                                    room.id().value(),
                                    user.value(),
                                    afterSeq,
                                    upToSeq,
                                    room.id().value(),
                                    user.value(),
                                    afterSeq,
                                    upToSeq));
            return count[0];
        }

        @Override
        public ReadMarks readMarks() {
            if (!marks.containsKey(room.id())) {
                RoundTrip trip = new RoundTrip();
                askMarks(trip, Set.of(room.id()));
                run(trip);
            }
            return marks.getOrDefault(room.id(), ReadMarks.NONE);
        }

        @Override
        public List<Long> seqsOf(UserId sender) {
            List<Long> seqs = new ArrayList<>();
            run(
                    new RoundTrip()
                            .query(
                                    "select seq from message where room_id = ? and sender_id = ?"
                                            + " and seq > 0 and deleted_at is null order by seq",
                                    rs -> seqs.add(rs.getLong(1)),
                                    room.id().value(),
                                    sender.value()));
            return seqs;
        }

        @Override
        public Optional<Attachment> attachment(UserId uploader, AttachmentId id) {
            Upload upload = new Upload(room.id(), uploader, id);
            if (!uploads.containsKey(upload)) {
                RoundTrip trip = new RoundTrip();
                askUploads(trip, Set.of(upload));
                run(trip);
            }
            return uploads.getOrDefault(upload, Optional.empty());
        }

        @Override
        public MessageId nextMessageId() {
            try {
                return ids.next(connection);
            } catch (SQLException e) {
                throw new StoreFault(e);
            }
        }
    }
}
