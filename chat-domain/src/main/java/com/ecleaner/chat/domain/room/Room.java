package com.ecleaner.chat.domain.room;

import java.time.Instant;

/**
 * A room's own row: its identity, whether it is open, and how far its log has come.
 *
 * @param updatedAt the time of the last message, of the opening before there is one
 * @param active false: it can be read, not written
 * @param version the number of the room's last change of any kind
 * @param stateVersion the version at which people or {@code active} last changed
 * @param lastSeq the number of the newest message, 0 before the first
 * @param participantCount how many people are in it now
 */
public record Room(
        RoomId id,
        RoomKey key,
        Instant createdAt,
        Instant updatedAt,
        boolean active,
        long version,
        long stateVersion,
        long lastSeq,
        int participantCount) {
    /**
     * Rooms of more people than this list only the last active, without presence and others' reads.
     */
    public static final int SMALL = 50;

    public RoomType type() {
        return key.type();
    }

    /**
     * Whether everybody in it is shown to everybody: presence, receipts, the whole list of people.
     */
    public boolean isSmall() {
        return participantCount <= SMALL;
    }
}
