package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.room.RoomId;

import java.util.Map;
import java.util.Optional;

/**
 * The end of a sync: how far each asked room is told.
 *
 * @param rooms nothing for a room where access is gone
 */
public record Synced(long totalUnread, Map<RoomId, Optional<Level>> rooms) {
    /** A room's newest message and version, the user's mark and what they have unread. */
    public record Level(long lastSeq, long version, long lastReadSeq, long unread) {}
}
