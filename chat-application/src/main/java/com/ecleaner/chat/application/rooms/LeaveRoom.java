package com.ecleaner.chat.application.rooms;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;

import java.util.concurrent.CompletableFuture;

/** Leaves a general room. */
public final class LeaveRoom {
    private final Commits commits;

    public LeaveRoom(Commits commits) {
        this.commits = commits;
    }

    /** Leaves; succeeds and changes nothing for whoever is not in it. */
    public CompletableFuture<Outcome> leave(Actor actor, RoomId room) {
        return commits.append(new RoomChange.Leave(room, actor));
    }
}
