package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.RoomId;

/** How far a room has come, and one of its participants in it. */
public record RoomLevel(RoomId room, long version, long lastSeq, long lastReadSeq, long unread) {}
