package com.ecleaner.chat.application.rooms;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomView;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** Opens a room by what it is: there is one for each key, made on first use. */
public final class OpenRoom {
    /** The room, and whether this made it. */
    public record Opened(RoomView view, boolean created) {}

    private final Rooms rooms;
    private final Jobs jobs;
    private final Users users;
    private final Commits commits;
    private final EventBus bus;
    private final ShowRoom showRoom;
    private final InstantSource clock;

    public OpenRoom(
            Rooms rooms,
            Jobs jobs,
            Users users,
            Commits commits,
            EventBus bus,
            ShowRoom showRoom,
            InstantSource clock) {
        this.rooms = rooms;
        this.jobs = jobs;
        this.users = users;
        this.commits = commits;
        this.bus = bus;
        this.showRoom = showRoom;
        this.clock = clock;
    }

    /**
     * Opens a room; a general one is joined by it. One that exists and is closed is returned
     * closed. Blocks.
     *
     * @throws Refusal {@code not_found} for a job the actor has no part in (support about it that
     *     they opened before stays theirs) or a user nobody knows, {@code forbidden} where somebody
     *     opens a support room for another, {@code room_closed} for a further room of a closed job
     */
    public Opened open(Actor actor, RoomKey key) {
        switch (key) {
            case RoomKey.OfJob job -> requirePart(actor, actor.id(), job.of());
            case RoomKey.OfSupport support -> {
                requireOpener(actor, support.opener());
                support.job()
                        .filter(job -> rooms.find(key).isEmpty())
                        .ifPresent(job -> requirePart(actor, support.opener(), job));
            }
            case RoomKey.OfAll all -> {
                // Anyone may open a general room.
            }
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Rooms.Opened opened = rooms.open(key, actor, now);
        if (opened.created()) {
            bus.publish(
                    new RoomEvent.RoomChanged(
                            opened.room().id(),
                            opened.room().version(),
                            key.type(),
                            opened.joined(),
                            Set.of()));
        }
        if (key instanceof RoomKey.OfAll) {
            Commits.await(commits.append(new RoomChange.Join(opened.room().id(), actor, now)));
        }
        return new Opened(showRoom.show(actor, opened.room().id()), opened.created());
    }

    /**
     * A job exists for its own two people, for admins and for the platform; support about it, for
     * those.
     */
    private void requirePart(Actor actor, UserId concerned, JobId id) {
        Job job = jobs.find(id).orElseThrow(() -> Refusal.notFound("job"));
        boolean privileged = actor.isAdmin() || actor.isPlatform();
        if (!privileged && !job.people().containsKey(concerned)) {
            throw Refusal.notFound("job");
        }
    }

    private void requireOpener(Actor actor, UserId opener) {
        if (opener.equals(actor.id()) && !actor.isPlatform()) {
            return;
        }
        if (!actor.isAdmin() && !actor.isPlatform()) {
            throw Refusal.forbidden("only an admin opens a support room for somebody else");
        }
        if (users.find(opener).filter(user -> !user.erased()).isEmpty()) {
            throw Refusal.notFound("user");
        }
    }
}
