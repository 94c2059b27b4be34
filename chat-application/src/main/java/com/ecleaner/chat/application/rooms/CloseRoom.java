package com.ecleaner.chat.application.rooms;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.RoomView;

/** Closes and reopens support and general rooms by hand. A job's rooms follow their job. */
public final class CloseRoom {
    private final Commits commits;
    private final ShowRoom showRoom;

    public CloseRoom(Commits commits, ShowRoom showRoom) {
        this.commits = commits;
        this.showRoom = showRoom;
    }

    /** The room is read-only from now on; so it may have been already. Blocks. */
    public RoomView close(Actor actor, RoomId room) {
        return set(actor, room, false);
    }

    /** The room can be written in again; so it may have been already. Blocks. */
    public RoomView reopen(Actor actor, RoomId room) {
        return set(actor, room, true);
    }

    private RoomView set(Actor actor, RoomId room, boolean open) {
        Commits.await(commits.append(new RoomChange.SetOpen(room, actor, open)));
        return showRoom.show(actor, room);
    }
}
