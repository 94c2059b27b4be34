package com.ecleaner.chat.application.rooms;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.RoomView;

/** One room, as the asker sees it. */
public final class ShowRoom {
    private final Rooms rooms;

    public ShowRoom(Rooms rooms) {
        this.rooms = rooms;
    }

    /**
     * The room; blocks on the store.
     *
     * @throws Refusal {@code not_found} where there is none, or none the actor may know of
     */
    public RoomView show(Actor actor, RoomId room) {
        RoomView view = rooms.view(room, actor.id()).orElseThrow(() -> Refusal.notFound("room"));
        Entry.requireRead(actor, view);
        return view;
    }
}
