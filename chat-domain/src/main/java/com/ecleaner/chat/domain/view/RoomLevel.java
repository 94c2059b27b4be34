package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Room;

/**
 * How far a room has come, and one of its participants in it, in one snapshot.
 *
 * @param lastReadSeq the participant's mark
 * @param unread the participant's unread messages
 * @param membership how the participant is in it
 */
public record RoomLevel(Room room, long lastReadSeq, long unread, Membership membership) {}
