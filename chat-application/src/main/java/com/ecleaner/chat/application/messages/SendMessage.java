package com.ecleaner.chat.application.messages;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.UserId;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

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
     * Sends what a door has read. Where that is no message, it still may repeat one: whatever it
     * says, a name that was given before is answered with the first message.
     *
     * @param name the {@code client_id}, as far as it is one
     * @param read makes the message of what came
     * @throws Refusal at once: that of {@code read} where there is no name, {@code rate_limited}
     */
    public CompletableFuture<Outcome> send(
            Actor actor, RoomId room, Optional<ClientId> name, Supplier<Draft> read) {
        Draft draft;
        try {
            draft = read.get();
        } catch (Refusal otherwise) {
            ClientId given = name.orElseThrow(() -> otherwise);
            takeOne(limits, actor);
            return commits.append(new RoomChange.Repeat(room, actor, given, otherwise));
        }
        return send(actor, room, draft);
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
