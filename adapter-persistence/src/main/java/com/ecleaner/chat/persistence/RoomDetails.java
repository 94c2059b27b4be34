package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a list of rooms shows beside their rows: jobs and last messages, which come in the rows of
 * the statement that finds the rooms, and people, in one statement for all rooms. One use, one
 * thread.
 */
final class RoomDetails {
    private static final Comparator<Member> BY_JOINING =
            Comparator.comparing((Member m) -> m.participant().joinedAt())
                    .thenComparing(m -> m.person().id());

    /** What there is once of a room of a table called {@code r}, joined as {@link #JOINS} says. */
    static final String COLUMNS =
            "j.id, j.title, j.status, j.client_id, j.cleaner_id, j.is_active, k.is_read, "
                    + MessageColumns.COLUMNS;

    /** The two furthest marks tell whether anybody but the sender has read the last message. */
    static final String JOINS =
            """
             left join job j on j.id = r.job_id
             left join message m on m.room_id = r.id and m.seq = r.last_seq and m.version > 0\
            """
                    + MessageColumns.JOINS
                    + """
                     left join lateral (
                        select bool_or(user_id <> m.sender_id and last_read_seq >= m.seq) as is_read
                        from (
                            select user_id, last_read_seq from participant
                            where room_id = r.id and last_read_seq > 0
                            order by last_read_seq desc limit 2
                        ) as mark
                    ) as k on true\
                    """;

    private static final int BEFORE_THE_MESSAGE = 7;

    private final Map<RoomId, Job> jobs = new HashMap<>();
    private final Map<RoomId, Message> last = new HashMap<>();
    private final Map<RoomId, List<Member>> people = new HashMap<>();

    /** Takes {@link #COLUMNS} of this room from after the first {@code others}. */
    void take(RoomId room, ResultSet rs, int others) throws SQLException {
        String job = rs.getString(others + 1);
        if (job != null) {
            jobs.put(
                    room,
                    new Job(
                            new JobId(job),
                            rs.getString(others + 2),
                            rs.getString(others + 3),
                            Columns.maybe(rs, others + 4).map(UserId::new),
                            Columns.maybe(rs, others + 5).map(UserId::new),
                            rs.getBoolean(others + 6)));
        }
        int message = others + BEFORE_THE_MESSAGE;
        if (rs.getString(message + 1) != null) {
            last.put(room, MessageColumns.message(rs, message).withRead(rs.getBoolean(message)));
        }
    }

    /**
     * Reads who is in these rooms, the last active where they are many; in a transaction that sees
     * the state in which the rooms were read.
     */
    void readPeople(Connection connection, Collection<Room> rooms) throws SQLException {
        new RoundTrip()
                .query(
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
                        RoundTrip.longs(rooms, room -> room.id().value()))
                .run(connection);
    }

    private void takeMember(ResultSet rs) throws SQLException {
        people.computeIfAbsent(new RoomId(rs.getLong(1)), room -> new ArrayList<>())
                .add(new Member(MessageColumns.person(rs, 9), ParticipantColumns.participant(rs)));
    }

    /** The room as whoever has this row in it sees it. */
    RoomView view(Room room, Optional<Participant> viewer) {
        Optional<Participant> present = viewer.filter(Participant::present);
        List<Member> members = new ArrayList<>(people.getOrDefault(room.id(), List.of()));
        members.sort(BY_JOINING);
        return new RoomView(
                room,
                Optional.ofNullable(jobs.get(room.id())),
                List.copyOf(members),
                present.map(Participant::lastReadSeq).orElse(0L),
                present.map(p -> p.unread(room.lastSeq())).orElse(0L),
                viewer.map(p -> p.membership(room.key())).orElse(Membership.NONE),
                Optional.ofNullable(last.get(room.id())));
    }
}
