package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.RoomId;

import java.time.Instant;

/**
 * Where a page of the room list ended: the last room on it. Keyset over {@code (updatedAt, room)},
 * descending.
 */
public record RoomCursor(Instant updatedAt, RoomId room) {}
