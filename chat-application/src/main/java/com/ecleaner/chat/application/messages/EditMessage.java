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

/** Changes the text of one's own message. */
public final class EditMessage {
    private final Commits commits;
    private final RateLimits limits;
    private final InstantSource clock;

    public EditMessage(Commits commits, RateLimits limits, InstantSource clock) {
        this.commits = commits;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Puts {@code text} in the place of what the message says; fails as {@link SendMessage#send}
     * does.
     */
    public CompletableFuture<Outcome> edit(
            Actor actor, RoomId room, MessageId message, String text) {
        RoomChange change =
                new RoomChange.Edit(
                        room, actor, message, text, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        SendMessage.takeOne(limits, actor);
        return commits.append(change);
    }
}
