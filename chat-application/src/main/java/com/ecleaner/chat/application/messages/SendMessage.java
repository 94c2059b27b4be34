package com.ecleaner.chat.application.messages;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.UserId;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;

/** Says something in a room. Both doors and every embedder come through here. */
public final class SendMessage {
    private final Commits commits;
    private final RateLimits limits;
    private final InstantSource clock;

    public SendMessage(Commits commits, RateLimits limits, InstantSource clock) {
        this.commits = commits;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Sends a message; what one caller sends to a room one after another keeps that order.
     *
     * @return the message, durable, and whether its {@code client_id} was seen before; fails with a
     *     {@link Refusal}
     * @throws Refusal {@code rate_limited} at once
     */
    public CompletableFuture<Outcome> send(Actor actor, RoomId room, Draft draft) {
        takeOne(limits, actor);
        return commits.append(
                new RoomChange.Post(
                        room, actor, draft, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    /**
     * Every change of the log and every upload by a person counts, the platform's do not.
     *
     * @throws Refusal {@code rate_limited}
     */
    public static void takeOne(RateLimits limits, Actor actor) {
        if (actor.isPlatform()) {
            return;
        }
        UserId user = actor.id();
        double wait = limits.secondsToWait(user, RateLimits.Kind.MESSAGE);
        if (wait > 0) {
            throw Refusal.rateLimited(wait);
        }
    }
}
