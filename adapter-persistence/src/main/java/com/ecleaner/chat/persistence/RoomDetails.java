package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Member;
import com.ecleaner.chat.domain.view.RoomView;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a list of rooms shows beside their rows: people, jobs, last messages. Read for all rooms at
 * once, in one journey of at most five statements.
 */
final class RoomDetails {
    private static final Comparator<Member> BY_JOINING =
            Comparator.comparing((Member m) -> m.participant().joinedAt())
                    .thenComparing(m -> m.person().id());

    private final Map<RoomId, List<Member>> people = new HashMap<>();
    private final Map<JobId, Job> jobs = new HashMap<>();
    private final Map<RoomId, Message> last = new HashMap<>();
    private final Map<RoomId, ReadMarks> marks = new HashMap<>();

    private RoomDetails() {}

    /** In a transaction that sees the state in which these rows were read. */
    static RoomDetails read(Connection connection, Collection<Room> rooms) throws SQLException {
        RoomDetails details = new RoomDetails();
        List<RoomId> ids = rooms.stream().map(Room::id).toList();
        RoundTrip trip = new RoundTrip();
        details.askPeople(trip, rooms.stream().filter(Room::isSmall).map(Room::id).toList());
        details.askLastActive(
                trip, rooms.stream().filter(r -> !r.isSmall()).map(Room::id).toList());
        details.askJobs(trip, rooms);
        details.askLast(trip, rooms);
        Facts.askMarks(trip, ids, details.marks);
        trip.run(connection);
        return details;
    }

    /** The room as whoever has this row in it sees it. */
    RoomView view(Room room, Optional<Participant> viewer) {
        Optional<Participant> present = viewer.filter(Participant::present);
        List<Member> members = new ArrayList<>(people.getOrDefault(room.id(), List.of()));
        members.sort(BY_JOINING);
        ReadMarks receipts = marks.getOrDefault(room.id(), ReadMarks.NONE);
        return new RoomView(
                room,
                room.key().job().flatMap(id -> Optional.ofNullable(jobs.get(id))),
                List.copyOf(members),
                present.map(Participant::lastReadSeq).orElse(0L),
                present.map(p -> p.unread(room.lastSeq())).orElse(0L),
                present.isPresent(),
                Optional.ofNullable(last.get(room.id()))
                        .map(m -> m.withRead(receipts.isRead(m.sender().id(), m.seq()))));
    }

    private void askPeople(RoundTrip trip, Collection<RoomId> small) {
        if (!small.isEmpty()) {
            trip.query(
                    "select "
                            + ParticipantColumns.COLUMNS
                            + ", p.user_id, u.username, u.first_name from participant p"
                            + " left join chat_user u on u.id = p.user_id"
                            + " where p.room_id = any(?) and p.is_present",
                    this::takeMember,
                    RoundTrip.longs(small, RoomId::value));
        }
    }

    private void askLastActive(RoundTrip trip, Collection<RoomId> large) {
        if (!large.isEmpty()) {
            trip.query(
                    "select "
                            + ParticipantColumns.COLUMNS
                            + ", p.user_id, u.username, u.first_name"
                            + " from unnest(?) as a(room_id) cross join lateral ("
                            + " select * from participant"
                            + " where room_id = a.room_id and is_present and version > 0"
                            + " order by version desc limit "
                            + Room.SMALL
                            + ") as p left join chat_user u on u.id = p.user_id",
                    this::takeMember,
                    RoundTrip.longs(large, RoomId::value));
        }
    }

    private void takeMember(ResultSet rs) throws SQLException {
        people.computeIfAbsent(new RoomId(rs.getLong(1)), room -> new ArrayList<>())
                .add(new Member(MessageColumns.person(rs, 9), ParticipantColumns.participant(rs)));
    }

    private void askJobs(RoundTrip trip, Collection<Room> rooms) {
        Set<JobId> asked = new LinkedHashSet<>();
        rooms.forEach(room -> room.key().job().ifPresent(asked::add));
        if (!asked.isEmpty()) {
            trip.query(
                    "select id, title, status, client_id, cleaner_id, is_active from job"
                            + " where id = any(?)",
                    rs -> {
                        Job job =
                                new Job(
                                        new JobId(rs.getString(1)),
                                        rs.getString(2),
                                        rs.getString(3),
                                        Columns.maybe(rs, 4).map(UserId::new),
                                        Columns.maybe(rs, 5).map(UserId::new),
                                        rs.getBoolean(6));
                        jobs.put(job.id(), job);
                    },
                    RoundTrip.texts(asked, JobId::value));
        }
    }

    private void askLast(RoundTrip trip, Collection<Room> rooms) {
        trip.query(
                "select "
                        + MessageColumns.COLUMNS
                        + " from unnest(?, ?) as a(room_id, seq)"
                        + " join message m on m.room_id = a.room_id and m.seq = a.seq"
                        + " and m.version > 0"
                        + MessageColumns.JOINS,
                rs -> {
                    Message message = MessageColumns.message(rs);
                    last.put(message.room(), message);
                },
                RoundTrip.longs(rooms, room -> room.id().value()),
                RoundTrip.longs(rooms, Room::lastSeq));
    }
}
