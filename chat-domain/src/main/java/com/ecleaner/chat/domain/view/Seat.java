package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.Room;

/** A room and whether a certain user is a participant of it: what the access rules ask for. */
public record Seat(Room room, boolean present) {}
