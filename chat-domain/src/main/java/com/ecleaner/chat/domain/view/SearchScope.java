package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.RoomId;

/** Where to look. */
public sealed interface SearchScope {
    /** In the rooms the asker is a participant of now. */
    record OwnRooms() implements SearchScope {}

    /** Everywhere; for admins. */
    record EveryRoom() implements SearchScope {}

    /** In one room, once {@code admission} lets the asker read it. */
    record OneRoom(RoomId room, Admission admission) implements SearchScope {}
}
