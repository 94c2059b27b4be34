package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.UserId;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** A row of {@code room}. */
@Entity(name = "RoomRow")
@Table(name = "room")
class RoomRow {
    /** The columns that {@link #room(ResultSet)} reads, of a table called {@code r}. */
    static final String COLUMNS =
            "r.id, r.room_type, r.name, r.topic, r.job_id, r.opener_id, r.created_at, r.updated_at,"
                    + " r.is_active, r.version, r.state_version, r.last_seq, r.participant_count";

    /** How many columns that are. */
    static final int COLUMN_COUNT = 13;

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable Long id;

    @Column(name = "room_type", columnDefinition = "text", nullable = false)
    String type = "";

    @Column(columnDefinition = "text")
    @Nullable String name;

    @Column(columnDefinition = "text")
    @Nullable String topic;

    @Column(name = "job_id", columnDefinition = "text")
    @Nullable String jobId;

    @Column(name = "opener_id", columnDefinition = "text")
    @Nullable String openerId;

    @Column(name = "created_at", nullable = false)
    Instant createdAt = Instant.EPOCH;

    @Column(name = "updated_at", nullable = false)
    Instant updatedAt = Instant.EPOCH;

    @Column(name = "is_active", nullable = false)
    boolean active;

    @Column(nullable = false)
    long version;

    @Column(name = "state_version", nullable = false)
    long stateVersion;

    @Column(name = "last_seq", nullable = false)
    long lastSeq;

    @Column(name = "participant_count", nullable = false)
    int participantCount;

    /** For Hibernate. */
    protected RoomRow() {}

    Room room() {
        return new Room(
                new RoomId(id == null ? 0 : id),
                key(type, name, topic, jobId, openerId),
                createdAt,
                updatedAt,
                active,
                version,
                stateVersion,
                lastSeq,
                participantCount);
    }

    static Room room(ResultSet rs) throws SQLException {
        return new Room(
                new RoomId(rs.getLong(1)),
                key(
                        rs.getString(2),
                        rs.getString(3),
                        rs.getString(4),
                        rs.getString(5),
                        rs.getString(6)),
                Columns.instant(rs, 7),
                Columns.instant(rs, 8),
                rs.getBoolean(9),
                rs.getLong(10),
                rs.getLong(11),
                rs.getLong(12),
                rs.getInt(13));
    }

    private static RoomKey key(
            String type,
            @Nullable String name,
            @Nullable String topic,
            @Nullable String job,
            @Nullable String opener) {
        Optional<String> about = Optional.ofNullable(topic);
        return switch (type) {
            case "job" -> new RoomKey.OfJob(new JobId(Columns.present(job)), about);
            case "support" ->
                    new RoomKey.OfSupport(
                            new UserId(Columns.present(opener)),
                            Optional.ofNullable(job).map(JobId::new),
                            about);
            default -> new RoomKey.OfAll(Columns.present(name));
        };
    }
}
