package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Room;

/** A room and how a certain user is in it: what the access rules ask for. */
public record Seat(Room room, Membership membership) {}
