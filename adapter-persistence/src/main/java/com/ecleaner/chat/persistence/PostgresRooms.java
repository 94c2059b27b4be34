package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Admission;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.Earlier;
import com.ecleaner.chat.domain.view.EarlierPage;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.Recent;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.domain.view.Seat;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rooms in PostgreSQL, read by keyset and straight into views. Thread-safe.
 *
 * <p>What takes more than one statement reads in one snapshot.
 */
public final class PostgresRooms implements Rooms {
    /** The first statement of a transaction in which all others see one state. */
    static final String SNAPSHOT = "set transaction isolation level repeatable read, read only";

    /**
     * The moment before which nothing is under way any more: now, or when the oldest transaction
     * that writes was begun, as far as it may be seen whose it is. One that is kept open for longer
     * than half a minute is not waited for.
     */
    private static final String MARK =
            "select extract(epoch from least(now(), (select min(xact_start) from pg_stat_activity"
                    + " where datname = current_database() and backend_xid is not null"
                    + " and xact_start > now() - interval '30 seconds'))) * 1000";

    /**
     * Since when it is asked what changed: whoever was committing at the earlier question has to be
     * found by the next, and what is compared is cut to seconds.
     */
    private static final String AGO = "to_timestamp(? / 1000.0) - interval '6 seconds'";

    private static final Comparator<Room> LATEST_FIRST =
            Comparator.comparing(Room::updatedAt).thenComparing(Room::id).reversed();

    private final Transactions transactions;

    PostgresRooms(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Opened open(RoomKey key, Actor by, Instant at) {
        // Nearly always it is there: then nothing is locked.
        Optional<Room> there = find(key);
        return there.isPresent()
                ? new Opened(there.get(), false, Set.of())
                : transactions.write(session -> Opening.open(session, key, by, at));
    }

    @Override
    public Optional<Room> find(RoomId room) {
        return transactions
                .write(session -> Optional.ofNullable(session.get(RoomRow.class, room.value())))
                .map(RoomRow::room);
    }

    @Override
    public Optional<Room> find(RoomKey key) {
        return transactions.askOn(connection -> Opening.find(connection, key));
    }

    @Override
    public Optional<Seat> seat(RoomId room, UserId user) {
        return transactions.askOn(
                connection -> {
                    SeatQuery seat = new SeatQuery(room, user);
                    RoundTrip trip = new RoundTrip();
                    seat.ask(trip);
                    trip.run(connection);
                    return seat.found();
                });
    }

    @Override
    public Optional<RoomView> view(RoomId room, UserId viewer) {
        return Optional.ofNullable(views(room, Set.of(viewer)).get(viewer));
    }

    @Override
    public Map<UserId, RoomView> views(RoomId room, Set<UserId> viewers) {
        return transactions.read(
                connection -> {
                    List<Room> rooms = new ArrayList<>();
                    RoomDetails details = new RoomDetails();
                    Map<UserId, Participant> rows = new HashMap<>();
                    new RoundTrip()
                            .update(SNAPSHOT)
                            .query(
                                    "select "
                                            + RoomRow.COLUMNS
                                            + ", "
                                            + RoomDetails.COLUMNS
                                            + " from room r"
                                            + RoomDetails.JOINS
                                            + " where r.id = ?",
                                    rs -> {
                                        rooms.add(RoomRow.room(rs));
                                        details.take(room, rs, RoomRow.COLUMN_COUNT);
                                    },
                                    room.value())
                            .query(
                                    "select "
                                            + ParticipantColumns.COLUMNS
                                            + " from participant p"
                                            + " where p.room_id = ? and p.user_id = any(?)",
                                    rs -> {
                                        Participant row = ParticipantColumns.participant(rs);
                                        rows.put(row.user(), row);
                                    },
                                    room.value(),
                                    RoundTrip.texts(viewers, UserId::value))
                            .run(connection);
                    Map<UserId, RoomView> views = new LinkedHashMap<>();
                    if (!rooms.isEmpty()) {
                        details.readPeople(connection, rooms);
                        for (UserId viewer : viewers) {
                            views.put(
                                    viewer,
                                    details.view(
                                            rooms.getFirst(),
                                            Optional.ofNullable(rows.get(viewer))));
                        }
                    }
                    return views;
                });
    }

    @Override
    public RoomPage list(Actor viewer, RoomFilter filter, Optional<RoomCursor> after, int limit) {
        return transactions.read(
                connection -> {
                    List<Room> rooms = new ArrayList<>();
                    Map<RoomId, Participant> rows = new HashMap<>();
                    RoomDetails details = new RoomDetails();
                    pageOf(viewer, filter, after, limit + 1, rooms, rows, details).run(connection);
                    rooms.sort(LATEST_FIRST);
                    boolean more = rooms.size() > limit;
                    if (more) {
                        rooms.removeLast();
                    }
                    if (rooms.isEmpty()) {
                        return new RoomPage(List.of(), Optional.empty());
                    }
                    details.readPeople(connection, rooms);
                    Room last = rooms.getLast();
                    return new RoomPage(
                            rooms.stream()
                                    .map(
                                            room ->
                                                    details.view(
                                                            room,
                                                            Optional.ofNullable(
                                                                    rows.get(room.id()))))
                                    .toList(),
                            more
                                    ? Optional.of(new RoomCursor(last.updatedAt(), last.id()))
                                    : Optional.empty());
                });
    }

    /**
     * First which rooms, then all there is once of each. Outer joins, so that nothing but the page
     * can lead the plan; its rows come in any order.
     */
    private static RoundTrip pageOf(
            Actor viewer,
            RoomFilter filter,
            Optional<RoomCursor> after,
            int rowsAtMost,
            List<Room> rooms,
            Map<RoomId, Participant> rows,
            RoomDetails details) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(viewer.id().value());
        StringBuilder sql =
                new StringBuilder("select ")
                        .append(RoomRow.COLUMNS)
                        .append(", ")
                        .append(ParticipantColumns.COLUMNS)
                        .append(", ")
                        .append(RoomDetails.COLUMNS)
                        .append(" from (select r.id from room r ")
                        .append(filter.everyRoom() ? "left join" : "join")
                        .append(" participant p on p.room_id = r.id and p.user_id = ?")
                        .append(" where ")
                        .append(
                                filter.everyRoom()
                                        ? "true"
                                        : ParticipantColumns.counts(viewer.role()));
        filter.type()
                .map(RoomType::wireName)
                .ifPresent(
                        type -> {
                            sql.append(" and r.room_type = ?");
                            values.add(type);
                        });
        filter.active()
                .ifPresent(
                        active -> {
                            sql.append(" and r.is_active = ?");
                            values.add(active);
                        });
        after.ifPresent(
                cursor -> {
                    // The first finds the place in the index, the second the place in its second.
                    sql.append(
                            " and r.recent_at <= timestamp 'epoch' + ? * interval '1 second'"
                                    + " and (r.updated_at, r.id) <"
                                    + " (timestamptz 'epoch' + ? * interval '1 millisecond', ?)");
                    values.add(cursor.updatedAt().getEpochSecond());
                    values.add(cursor.updatedAt().toEpochMilli());
                    values.add(cursor.room().value());
                });
        sql.append(" order by r.recent_at desc, r.updated_at desc, r.id desc limit ?) as page")
                .append(" left join room r on r.id = page.id")
                .append(" left join participant p on p.room_id = r.id and p.user_id = ?")
                .append(RoomDetails.JOINS);
        values.add(rowsAtMost);
        values.add(viewer.id().value());
        return new RoundTrip()
                .update(SNAPSHOT)
                .query(
                        sql.toString(),
                        rs -> {
                            Room room = RoomRow.room(rs);
                            rooms.add(room);
                            if (rs.getString(RoomRow.COLUMN_COUNT + 1) != null) {
                                rows.put(
                                        room.id(),
                                        ParticipantColumns.participant(rs, RoomRow.COLUMN_COUNT));
                            }
                            details.take(
                                    room.id(),
                                    rs,
                                    RoomRow.COLUMN_COUNT + ParticipantColumns.COLUMN_COUNT);
                        },
                        values.toArray());
    }

    @Override
    public long totalUnread(Actor user) {
        return transactions.askOn(
                connection -> {
                    long[] total = new long[1];
                    new RoundTrip()
                            .query(
                                    """
                                    select coalesce(
                                        sum(r.last_seq - p.last_read_seq - p.skipped), 0)::bigint
                                    from participant p join room r on r.id = p.room_id
                                    where p.user_id = ? and \
                                    """
                                            + ParticipantColumns.counts(user.role()),
                                    rs -> total[0] = rs.getLong(1),
                                    user.id().value())
                            .run(connection);
                    return total[0];
                });
    }

    @Override
    public List<RoomLevel> levels(UserId user) {
        return transactions.askOn(
                connection -> {
                    List<RoomLevel> levels = new ArrayList<>();
                    new RoundTrip()
                            .query(
                                    "select "
                                            + RoomRow.COLUMNS
                                            + ", "
                                            + ParticipantColumns.COLUMNS
                                            + " from participant p join room r on r.id = p.room_id"
                                            + " where p.user_id = ? and p.is_present order by r.id",
                                    rs -> levels.add(level(rs)),
                                    user.value())
                            .run(connection);
                    return levels;
                });
    }

    private static RoomLevel level(ResultSet rs) throws SQLException {
        Room room = RoomRow.room(rs);
        Participant row = ParticipantColumns.participant(rs, RoomRow.COLUMN_COUNT);
        return new RoomLevel(
                room, row.lastReadSeq(), row.unread(room.lastSeq()), row.membership(room.key()));
    }

    /**
     * Each statement sees what is committed when it begins, and the mark comes first: a change that
     * was under way at that moment is seen by what follows, or holds the mark back.
     */
    @Override
    public Recent recent(long mark) {
        return transactions.read(
                connection -> {
                    long[] now = new long[1];
                    List<Moving> moving = new ArrayList<>();
                    Map<Long, Set<UserId>> people = new HashMap<>();
                    List<User> users = new ArrayList<>();
                    RoundTrip trip = new RoundTrip();
                    trip.query(MARK, rs -> now[0] = rs.getLong(1));
                    if (mark != Recent.FROM_NOW) {
                        trip.query(
                                "select r.id, r.room_type, r.version, r.state_changed_at >= "
                                        + AGO
                                        + " from room r where r.changed_at >= "
                                        + AGO,
                                rs ->
                                        moving.add(
                                                new Moving(
                                                        rs.getLong(1),
                                                        rs.getString(2),
                                                        rs.getLong(3),
                                                        rs.getBoolean(4))),
                                mark,
                                mark);
                        // After the rooms: whoever a version brought in is among them.
                        trip.query(
                                "select r.id, p.user_id from room r join participant p"
                                        + " on p.room_id = r.id and p.version > 0"
                                        + " where r.state_changed_at >= "
                                        + AGO
                                        + " and p.is_present and (r.participant_count <= "
                                        + Room.SMALL
                                        + " or p.version >= r.state_version)",
                                rs ->
                                        people.computeIfAbsent(rs.getLong(1), r -> new HashSet<>())
                                                .add(new UserId(rs.getString(2))),
                                mark);
                        trip.query(
                                "select id, username, first_name, role, named,"
                                        + " erased_at is not null from chat_user"
                                        + " where changed_at >= "
                                        + AGO,
                                rs ->
                                        users.add(
                                                new User(
                                                        new Person(
                                                                new UserId(rs.getString(1)),
                                                                rs.getString(2),
                                                                rs.getString(3)),
                                                        Optional.ofNullable(rs.getString(4))
                                                                .flatMap(Role::named),
                                                        rs.getBoolean(5),
                                                        rs.getBoolean(6))),
                                mark);
                    }
                    trip.run(connection);
                    return new Recent(
                            now[0],
                            moving.stream().map(room -> room.with(people)).toList(),
                            List.copyOf(users));
                });
    }

    /** A room that changed lately, before it is known who is in it. */
    private record Moving(long id, String type, long version, boolean stateChanged) {
        Recent.Moved with(Map<Long, Set<UserId>> people) {
            return new Recent.Moved(
                    new RoomId(id),
                    RoomType.valueOf(type.toUpperCase(Locale.ROOT)),
                    version,
                    stateChanged,
                    people.getOrDefault(id, Set.of()));
        }
    }

    @Override
    public MessagePage history(
            RoomId room, UserId reader, Admission admission, Position position, int limit) {
        return transactions.read(
                connection -> {
                    Seat seat = admitted(connection, room, reader, admission);
                    List<Message> messages = new ArrayList<>();
                    RoundTrip trip = new RoundTrip();
                    askRun(trip, room, position.run(limit, seat.room().lastSeq()), messages);
                    Map<RoomId, ReadMarks> marks = new HashMap<>();
                    Facts.askMarks(trip, List.of(room), marks);
                    trip.run(connection);
                    return MessagePage.of(
                            withReceipts(messages, marks.getOrDefault(room, ReadMarks.NONE)),
                            position,
                            seat.room().lastSeq());
                });
    }

    /** Numbers have no holes, so a page is a run of them. */
    private static void askRun(
            RoundTrip trip, RoomId room, Position.Run run, List<Message> messages) {
        trip.query(
                "select "
                        + MessageColumns.COLUMNS
                        + " from message m"
                        + MessageColumns.JOINS
                        + " where m.room_id = ? and m.version > 0"
                        + " and m.seq between ? and ? order by m.seq",
                rs -> messages.add(MessageColumns.message(rs)),
                room.value(),
                run.fromSeq(),
                run.toSeq());
    }

    @Override
    public EarlierPage earlier(
            RoomId room,
            UserId reader,
            Admission admission,
            MessageId message,
            long afterVersion,
            int limit) {
        return transactions.read(
                connection -> {
                    admitted(connection, room, reader, admission);
                    boolean[] there = new boolean[1];
                    List<Earlier> contents = new ArrayList<>();
                    new RoundTrip()
                            .query(
                                    "select 1 from message where id = ? and room_id = ?",
                                    rs -> there[0] = true,
                                    message.value(),
                                    room.value())
                            .query(
                                    "select version, content, written_at from message_edit"
                                            + " where message_id = ? and version > ?"
                                            + " order by version limit ?",
                                    rs ->
                                            contents.add(
                                                    new Earlier(
                                                            rs.getLong(1),
                                                            rs.getString(2),
                                                            Columns.instant(rs, 3))),
                                    message.value(),
                                    afterVersion,
                                    limit + 1)
                            .run(connection);
                    if (!there[0]) {
                        throw Refusal.notFound("message");
                    }
                    return EarlierPage.of(contents, limit);
                });
    }

    @Override
    public Changes changes(
            RoomId room, UserId reader, Admission admission, long seq, long version) {
        return transactions.read(
                connection -> {
                    Room now = admitted(connection, room, reader, admission).room();
                    List<Message> posted = new ArrayList<>();
                    List<Message> rewritten = new ArrayList<>();
                    List<Participant> moved = new ArrayList<>();
                    Map<RoomId, ReadMarks> marks = new HashMap<>();
                    boolean tooMany = now.lastSeq() - seq > Changes.MAX_MESSAGES;
                    RoundTrip trip = new RoundTrip();
                    if (!tooMany && now.lastSeq() > seq) {
                        askRun(trip, room, new Position.Run(seq + 1, now.lastSeq()), posted);
                    }
                    askRewritten(trip, room, seq, version, rewritten);
                    trip.query(
                            "select "
                                    + ParticipantColumns.COLUMNS
                                    + " from participant p where p.room_id = ?"
                                    + " and p.version > 0 and p.version > ?"
                                    + " order by p.version, p.user_id",
                            rs -> moved.add(ParticipantColumns.participant(rs)),
                            room.value(),
                            version);
                    List<Participant> own = new ArrayList<>();
                    trip.query(
                            "select "
                                    + ParticipantColumns.COLUMNS
                                    + " from participant p where p.room_id = ? and p.user_id = ?",
                            rs -> own.add(ParticipantColumns.participant(rs)),
                            room.value(),
                            reader.value());
                    Facts.askMarks(trip, List.of(room), marks);
                    trip.run(connection);
                    ReadMarks receipts = marks.getOrDefault(room, ReadMarks.NONE);
                    Optional<Changes.Gap> gap =
                            tooMany
                                    ? Optional.of(new Changes.Gap(seq + 1, now.lastSeq()))
                                    : Optional.empty();
                    if (rewritten.size() > Changes.MAX_MESSAGES) {
                        gap = Optional.of(gapOf(connection, room, seq, version, gap));
                        rewritten.clear();
                    }
                    return new Changes(
                            now,
                            withReceipts(posted, receipts),
                            withReceipts(rewritten, receipts),
                            List.copyOf(moved),
                            own.stream().findFirst(),
                            gap);
                });
    }

    private static void askRewritten(
            RoundTrip trip, RoomId room, long seq, long version, List<Message> rewritten) {
        trip.query(
                "select "
                        + MessageColumns.COLUMNS
                        + " from message m"
                        + MessageColumns.JOINS
                        + " where m.room_id = ? and m.version > ? and m.seq <= ?"
                        + " and (m.edited_at is not null or m.deleted_at is not null)"
                        + " order by m.version, m.seq limit ?",
                rs -> rewritten.add(MessageColumns.message(rs)),
                room.value(),
                version,
                seq,
                Changes.MAX_MESSAGES + 1);
    }

    /** From the first rewritten message to the last, or to the end of a gap behind them. */
    private static Changes.Gap gapOf(
            Connection connection,
            RoomId room,
            long seq,
            long version,
            Optional<Changes.Gap> behind)
            throws SQLException {
        long[] ends = new long[2];
        new RoundTrip()
                .query(
                        """
                        select min(seq), max(seq) from message
                        where room_id = ? and version > ? and seq <= ?
                            and (edited_at is not null or deleted_at is not null)\
                        """,
                        rs -> {
                            ends[0] = rs.getLong(1);
                            ends[1] = rs.getLong(2);
                        },
                        room.value(),
                        version,
                        seq)
                .run(connection);
        return new Changes.Gap(ends[0], behind.map(Changes.Gap::toSeq).orElse(ends[1]));
    }

    /** Whether the database answers at all. */
    boolean answers() {
        try {
            return transactions.read(
                    connection -> {
                        boolean[] one = new boolean[1];
                        new RoundTrip().query("select 1", rs -> one[0] = true).run(connection);
                        return one[0];
                    });
        } catch (Refusal away) {
            return false;
        }
    }

    private static Seat admitted(
            Connection connection, RoomId room, UserId reader, Admission admission)
            throws SQLException {
        return admitted(connection, new RoundTrip().update(SNAPSHOT), room, reader, admission);
    }

    /** Asks for admission with the last statement of this trip. */
    static Seat admitted(
            Connection connection, RoundTrip trip, RoomId room, UserId reader, Admission admission)
            throws SQLException {
        SeatQuery seat = new SeatQuery(room, reader);
        seat.ask(trip);
        trip.run(connection);
        admission.admit(seat.found());
        return seat.found().orElseThrow(() -> Refusal.notFound("room"));
    }

    static List<Message> withReceipts(Collection<Message> messages, ReadMarks marks) {
        return messages.stream()
                .map(m -> m.withRead(marks.isRead(m.sender().id(), m.seq())))
                .toList();
    }

    /** A room and how somebody is in it. */
    private static final class SeatQuery {
        private final RoomId room;
        private final UserId user;
        private Optional<Seat> found = Optional.empty();

        SeatQuery(RoomId room, UserId user) {
            this.room = room;
            this.user = user;
        }

        void ask(RoundTrip trip) {
            trip.query(
                    "select "
                            + RoomRow.COLUMNS
                            + ", "
                            + ParticipantColumns.COLUMNS
                            + " from room r left join participant p on p.room_id = r.id"
                            + " and p.user_id = ? where r.id = ?",
                    rs -> found = Optional.of(ParticipantColumns.seat(rs)),
                    user.value(),
                    room.value());
        }

        Optional<Seat> found() {
            return found;
        }
    }
}
