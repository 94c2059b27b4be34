package com.ecleaner.chat.application.rooms;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;

import java.util.concurrent.CompletableFuture;

/** Moves one's read mark forward, for all of one's devices. */
public final class MarkRead {
    private final Commits commits;

    public MarkRead(Commits commits) {
        this.commits = commits;
    }

    /**
     * Everything up to {@code upToSeq} was read.
     *
     * @param upToSeq 0 and up; beyond the end counts as the end, behind the mark changes nothing
     * @return the mark and the unread messages as they are then; both 0 for a non-participant
     */
    public CompletableFuture<Outcome> read(Actor actor, RoomId room, long upToSeq) {
        return commits.append(new RoomChange.Read(room, actor, upToSeq));
    }
}
