package com.ecleaner.chat.application.live;

import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Recent;
import com.ecleaner.chat.domain.view.RoomLevel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Everybody who is connected to this node, and the rooms they follow. Events of the bus come in,
 * notices go out to sessions. Thread-safe; nothing it does on the bus's threads waits for the
 * store.
 */
public final class Hub implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Hub.class.getName());

    /**
     * A page that is loaded anew is back within this time: nobody is told that its user was away.
     */
    private static final Duration OFFLINE_AFTER = Duration.ofSeconds(3);

    private static final Duration RETRY = Duration.ofMillis(500);

    /**
     * One pass over all users is spread over this time, and the next begins this long after it: a
     * missed change is found within twice this.
     */
    private static final Duration COMPARISON = Duration.ofSeconds(30);

    private final Rooms rooms;
    private final Users users;
    private final EventBus bus;
    private final Presence presence;
    private final Whereabouts whereabouts;
    private final InstantSource clock;
    private final int maxSessionsPerUser;

    private final Map<RoomId, RoomStream> streams = new ConcurrentHashMap<>();
    private final Map<UserId, List<LiveSession>> sessions = new ConcurrentHashMap<>();
    private final Map<UserId, Future<?>> leaving = new ConcurrentHashMap<>();

    private final AtomicLong lastSession = new AtomicLong();
    private final ExecutorService workers =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("hub-", 0).factory());
    private final Timer timer;
    private final Typing typing;
    private final SupportQueue supportQueue;

    private final AtomicLong usersChanged = new AtomicLong();

    /** Tells this hub's sessions from those of other nodes and earlier runs. */
    private final String name = UUID.randomUUID().toString().substring(0, 8);

    /** What the last answer of the record told; used by whoever takes in the next one. */
    private Map<RoomId, Long> knew = new HashMap<>();

    private final LongAdder healed = new LongAdder();

    private volatile boolean draining;

    /**
     * A hub that listens to the bus from now on.
     *
     * @param maxSessionsPerUser further connections of the same user are refused, whatever node
     *     they are on
     */
    public Hub(
            Rooms rooms,
            Users users,
            EventBus bus,
            Presence presence,
            InstantSource clock,
            int maxSessionsPerUser) {
        this(rooms, users, bus, presence, clock, maxSessionsPerUser, Timer.onItsOwnThread());
    }

    Hub(
            Rooms rooms,
            Users users,
            EventBus bus,
            Presence presence,
            InstantSource clock,
            int maxSessionsPerUser,
            Timer timer) {
        this.rooms = rooms;
        this.users = users;
        this.bus = bus;
        this.presence = presence;
        this.whereabouts = new Whereabouts(presence);
        this.clock = clock;
        this.maxSessionsPerUser = maxSessionsPerUser;
        this.timer = timer;
        this.typing = new Typing(this, bus);
        this.supportQueue = new SupportQueue(this);
        bus.listen(this::on);
        presence.whenLost((user, at) -> async(() -> tellLost(user, at)));
        CatchUp catchUp = new CatchUp(rooms, this::found, ask -> later(CatchUp.pause(), ask));
        async(catchUp::ask);
        later(COMPARISON, this::compareNowAndThen);
    }

    /** A connection is refused, with the ending it should be closed with. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final Ending ending;

        Refused(Ending ending) {
            super(ending.name(), null, false, false);
            this.ending = ending;
        }

        public Ending ending() {
            return ending;
        }
    }

    /**
     * Returns where there is a place for one more connection of this user now. Whoever would turn
     * them away later has to be asked before anything is done for them.
     *
     * @throws Refused as {@link #connect}
     */
    public void requirePlace(Visitor visitor) throws Refused {
        UserId user = visitor.actor().id();
        if (draining) {
            throw new Refused(Ending.DRAINING);
        }
        if (sessionsOf(user).size() + presence.elsewhere(user) >= maxSessionsPerUser) {
            throw new Refused(Ending.TOO_MANY);
        }
    }

    /**
     * A new session, not live yet: {@link LiveSession#open} makes it so.
     *
     * @param only the one room to show; nothing for all of the user's rooms
     * @throws Refused where the user has too many on all nodes together, or the node is draining
     */
    public LiveSession connect(Visitor visitor, Optional<RoomId> only, Listener listener)
            throws Refused {
        if (draining) {
            throw new Refused(Ending.DRAINING);
        }
        int elsewhere = presence.elsewhere(visitor.actor().id());
        LiveSession session =
                new LiveSession(
                        this,
                        name
                                + "-"
                                + Long.toString(lastSession.incrementAndGet(), Character.MAX_RADIX),
                        visitor,
                        only,
                        listener);
        List<LiveSession> now =
                sessions.compute(
                        session.user(),
                        (user, held) -> {
                            List<LiveSession> before = held == null ? List.of() : held;
                            if (before.size() + elsewhere >= maxSessionsPerUser) {
                                return held;
                            }
                            List<LiveSession> more = new ArrayList<>(before);
                            more.add(session);
                            return List.copyOf(more);
                        });
        if (now == null || !now.contains(session)) {
            throw new Refused(Ending.TOO_MANY);
        }
        if (draining) {
            session.close();
            throw new Refused(Ending.DRAINING);
        }
        roleChanged(session);
        return session;
    }

    /**
     * How often this hub heard that the platform wrote something about a user. Whoever looks a user
     * up, connects, and finds the number unchanged, has missed nothing in between.
     */
    public long usersChanged() {
        return usersChanged.get();
    }

    /**
     * Tells whoever shares a small room with the session's user that they are here; once it is
     * live.
     */
    public void arrived(LiveSession session) {
        boolean first = presence.arrived(session.user(), session.id());
        if (!sessionsOf(session.user()).contains(session)) {
            // Gone again already, and nobody said so after it arrived.
            left(session);
            return;
        }
        Future<?> farewell = leaving.remove(session.user());
        if (farewell != null) {
            farewell.cancel(false);
        } else if (first) {
            tellPresence(session.user(), session.sharedRooms(), true, Optional.empty());
        }
    }

    /** How many connections are open here. */
    public int size() {
        return sessions.values().stream().mapToInt(List::size).sum();
    }

    /** How many rooms somebody here follows: what this node keeps in memory of rooms. */
    public int followedRooms() {
        return streams.size();
    }

    /**
     * How often a room's stream was filled from the record since the start: the bus lost something.
     */
    public long healed() {
        return healed.sum();
    }

    /**
     * Refuses new sessions and ends those there are, one after the other over that time. Returns
     * once all were told.
     */
    public void drain(Duration spread) {
        draining = true;
        List<LiveSession> open = sessions.values().stream().flatMap(List::stream).toList();
        long pauseNanos = open.isEmpty() ? 0 : spread.toNanos() / open.size();
        for (LiveSession session : open) {
            session.end(Ending.DRAINING);
            if (pauseNanos > 0) {
                LockSupport.parkNanos(pauseNanos);
            }
        }
    }

    @Override
    public void close() {
        drain(Duration.ZERO);
        timer.stop();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(2, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    // --- events

    private void on(ChatEvent event) {
        switch (event) {
            case RoomEvent change -> {
                RoomStream stream = streams.get(change.room());
                if (stream != null) {
                    stream.offer(change);
                }
                if (change instanceof RoomEvent.RoomChanged changed) {
                    changed(changed);
                }
            }
            case Passing.TypingChanged typing -> {
                RoomStream stream = streams.get(typing.room());
                if (stream != null) {
                    stream.typing(typing);
                }
            }
            case Passing.PresenceChanged seen -> {
                whereabouts.heard(seen);
                Delivery delivery =
                        new Delivery(
                                new Notice.PresenceShown(
                                        seen.user(), seen.online(), seen.lastSeen()));
                Set<LiveSession> audience = Collections.newSetFromMap(new IdentityHashMap<>());
                for (RoomId room : seen.rooms()) {
                    RoomStream stream = streams.get(room);
                    if (stream != null) {
                        audience.addAll(stream.audience());
                    }
                }
                audience.stream()
                        .filter(session -> !session.user().equals(seen.user()))
                        .forEach(session -> session.deliver(delivery));
            }
            case Passing.UserChanged changed -> userChanged(changed);
        }
    }

    private void userChanged(Passing.UserChanged changed) {
        usersChanged.incrementAndGet();
        sessionsOf(changed.user().id()).forEach(session -> session.userChanged(changed));
    }

    private void changed(RoomEvent.RoomChanged changed) {
        // Whether anybody follows the room or not: its stream may begin beyond this change.
        for (UserId user : changed.joined()) {
            sessionsOf(user).forEach(session -> session.enter(changed.room()));
        }
        if (changed.type() == RoomType.SUPPORT) {
            supportQueue.changed(changed.room());
        }
    }

    // --- what no event told of

    /** What the record says changed lately; most of it was told by events already. */
    private void found(Recent recent) {
        for (User user : recent.users()) {
            userChanged(new Passing.UserChanged(user));
        }
        for (Recent.Moved moved : recent.rooms()) {
            RoomStream stream = streams.get(moved.room());
            if (stream != null) {
                stream.reached(moved.version());
            }
            // Whoever connected since the last answer has read what that told already.
            if (moved.stateChanged()
                    && !knew.getOrDefault(moved.room(), 0L).equals(moved.version())) {
                for (UserId user : moved.people()) {
                    sessionsOf(user).stream()
                            .filter(session -> !session.follows(moved.room()))
                            .forEach(session -> session.enter(moved.room()));
                }
                if (moved.type() == RoomType.SUPPORT) {
                    supportQueue.changed(moved.room());
                }
            }
        }
        knew = new HashMap<>();
        recent.rooms().forEach(moved -> knew.put(moved.room(), moved.version()));
    }

    private void compareNowAndThen() {
        List<UserId> users = List.copyOf(sessions.keySet());
        try {
            for (UserId user : users) {
                compare(user);
                // One after the other, so that the store hardly notices.
                LockSupport.parkNanos(COMPARISON.toNanos() / users.size());
                if (draining) {
                    return;
                }
            }
        } catch (Refusal storeIsAway) {
            LOG.log(Level.DEBUG, "compared later", storeIsAway);
        } finally {
            later(COMPARISON, this::compareNowAndThen);
        }
    }

    /** Compares what everybody here was told with the record, at once. */
    void compare() {
        List.copyOf(sessions.keySet()).forEach(this::compare);
    }

    private void compare(UserId user) {
        Map<RoomId, Long> versions = new HashMap<>();
        rooms.levels(user).forEach(l -> versions.put(l.room().id(), l.room().version()));
        sessionsOf(user).forEach(session -> session.compare(versions));
    }

    // --- for sessions and streams

    void countHealed() {
        healed.increment();
    }

    Rooms rooms() {
        return rooms;
    }

    Users users() {
        return users;
    }

    Typing typing() {
        return typing;
    }

    Whereabouts whereabouts() {
        return whereabouts;
    }

    List<LiveSession> sessionsOf(UserId user) {
        return sessions.getOrDefault(user, List.of());
    }

    /** The room's stream with the follower in it. */
    RoomStream stream(RoomId room, Following following) {
        while (true) {
            RoomStream stream = streams.computeIfAbsent(room, r -> new RoomStream(r, this));
            if (stream.add(following)) {
                return stream;
            }
            streams.remove(room, stream);
        }
    }

    void unfollow(RoomId room, RoomStream stream, Following following) {
        if (stream.remove(following)) {
            // In one step: whoever comes to follow it now does so after this, not before.
            streams.computeIfPresent(
                    room,
                    (same, now) -> {
                        if (now != stream) {
                            return now;
                        }
                        bus.unfollow(room);
                        return null;
                    });
        }
    }

    /** Returns once no event of these rooms that is published later can be missed. */
    void followed(Collection<RoomId> following) {
        List<CompletableFuture<Void>> confirmations =
                following.stream()
                        .map(bus::follow)
                        .map(CompletionStage::toCompletableFuture)
                        .toList();
        try {
            CompletableFuture.allOf(confirmations.toArray(CompletableFuture[]::new))
                    .get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("shutting down");
        } catch (Exception busIsAway) {
            // What the bus does not tell is found in the log.
            LOG.log(Level.DEBUG, "the bus did not confirm in time", busIsAway);
        }
    }

    void roleChanged(LiveSession session) {
        supportQueue.roleChanged(session);
    }

    void closed(LiveSession session) {
        supportQueue.closed(session);
        boolean[] known = {false};
        sessions.computeIfPresent(
                session.user(),
                (user, held) -> {
                    known[0] = held.contains(session);
                    List<LiveSession> rest =
                            held.stream().filter(other -> other != session).toList();
                    return rest.isEmpty() ? null : rest;
                });
        if (known[0]) {
            left(session);
        }
    }

    private void left(LiveSession session) {
        Instant now = clock.instant();
        UserId user = session.user();
        List<RoomId> shared = session.sharedRooms();
        if (presence.left(user, session.id(), now) && !draining) {
            leaving.put(user, schedule(OFFLINE_AFTER, () -> tellGone(user, shared, now)));
        }
    }

    private void tellGone(UserId user, List<RoomId> shared, Instant at) {
        boolean back = presence.of(Set.of(user)).getOrDefault(user, Presence.Seen.UNKNOWN).online();
        if (leaving.remove(user) != null && !back) {
            tellPresence(user, shared, false, Optional.of(at));
        }
    }

    /**
     * Somebody whose node died: who shares a room with them is told what counts, once the store
     * says who that is. Nobody else is going to tell it.
     */
    private void tellLost(UserId user, Instant at) {
        List<RoomId> shared;
        try {
            shared =
                    rooms.levels(user).stream()
                            .map(RoomLevel::room)
                            .filter(Room::isSmall)
                            .map(Room::id)
                            .toList();
        } catch (Refusal storeIsAway) {
            LOG.log(Level.DEBUG, "who was lost is told later", storeIsAway);
            later(RETRY, () -> tellLost(user, at));
            return;
        }
        if (!presence.of(Set.of(user)).getOrDefault(user, Presence.Seen.UNKNOWN).online()) {
            tellPresence(user, shared, false, Optional.of(at));
        }
    }

    private void tellPresence(
            UserId user, List<RoomId> shared, boolean online, Optional<Instant> lastSeen) {
        if (!shared.isEmpty()) {
            bus.publish(new Passing.PresenceChanged(user, Set.copyOf(shared), online, lastSeen));
        }
    }

    void async(Runnable work) {
        try {
            workers.execute(
                    () -> {
                        try {
                            work.run();
                        } catch (RuntimeException e) {
                            LOG.log(Level.ERROR, "work for live connections failed", e);
                        }
                    });
        } catch (RejectedExecutionException closed) {
            LOG.log(Level.DEBUG, "closed");
        }
    }

    void later(Duration delay, Runnable work) {
        Future<?> unused = schedule(delay, work);
    }

    Future<?> at(Instant when, Runnable work) {
        return schedule(Duration.between(clock.instant(), when), work);
    }

    Future<?> schedule(Duration delay, Runnable work) {
        return timer.after(delay, () -> async(work));
    }
}
