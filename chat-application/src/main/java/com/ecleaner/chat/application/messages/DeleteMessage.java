package com.ecleaner.chat.application.messages;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;

/** Takes a message back: it keeps its place and says nothing any more. */
public final class DeleteMessage {
    private final Commits commits;
    private final RateLimits limits;
    private final InstantSource clock;

    public DeleteMessage(Commits commits, RateLimits limits, InstantSource clock) {
        this.commits = commits;
        this.limits = limits;
        this.clock = clock;
    }

    /** Deletes one's own message, an admin anybody's; fails as {@link SendMessage#send} does. */
    public CompletableFuture<Outcome> delete(Actor actor, RoomId room, MessageId message) {
        SendMessage.takeOne(limits, actor);
        return commits.append(
                new RoomChange.Delete(
                        room, actor, message, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }
}
