package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.RoomType;

import java.util.Optional;

/**
 * Which rooms to list.
 *
 * @param everyRoom all there are rather than the viewer's own; for admins
 */
public record RoomFilter(boolean everyRoom, Optional<RoomType> type, Optional<Boolean> active) {
    public static final RoomFilter OWN = new RoomFilter(false, Optional.empty(), Optional.empty());
}
