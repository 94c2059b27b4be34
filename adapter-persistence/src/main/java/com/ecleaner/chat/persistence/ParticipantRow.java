package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.RoomId;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

import java.time.Instant;

/** A row of {@code participant}, as it is first written. */
@Entity(name = "ParticipantRow")
@Table(name = "participant")
class ParticipantRow {
    /** Who, and where. */
    @Embeddable
    record Key(
            @Column(name = "room_id", nullable = false) long room,
            @Column(name = "user_id", columnDefinition = "text", nullable = false) String user) {}

    @EmbeddedId Key id = new Key(0, "");

    @Column(columnDefinition = "text", nullable = false)
    String role = "";

    @Column(name = "joined_at", nullable = false)
    Instant joinedAt = Instant.EPOCH;

    @Column(name = "last_read_seq", nullable = false)
    long lastReadSeq;

    @Column(nullable = false)
    long skipped;

    @Column(name = "is_present", nullable = false)
    boolean present;

    @Column(nullable = false)
    long version;

    /** For Hibernate. */
    protected ParticipantRow() {}

    static ParticipantRow of(RoomId room, Participant participant) {
        ParticipantRow row = new ParticipantRow();
        row.id = new Key(room.value(), participant.user().value());
        row.role = participant.role().wireName();
        row.joinedAt = participant.joinedAt();
        row.lastReadSeq = participant.lastReadSeq();
        row.skipped = participant.skipped();
        row.present = participant.present();
        row.version = participant.version();
        return row;
    }
}
