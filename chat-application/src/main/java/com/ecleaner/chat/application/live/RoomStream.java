package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.access.AccessRules;
import com.ecleaner.chat.domain.access.Action;
import com.ecleaner.chat.domain.access.Standing;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomView;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * One room on this node, as long as somebody here follows it: a position in the room's versions,
 * and everybody who follows. It delivers position + 1 and nothing else; what comes early waits, and
 * a hole is filled from the log. Each room has its own lock; no lock is shared between rooms, and
 * none is held while the store is asked.
 *
 * <p>People leave before anything later is delivered: that order, not a check of each message, is
 * what keeps what was written after a loss of access from whoever lost it.
 */
final class RoomStream {
    /** A bus may swap neighbours: this long a hole may take to fill by itself. */
    static final Duration HOLE_PATIENCE = Duration.ofMillis(50);

    private static final Duration RETRY = Duration.ofMillis(500);
    static final long UNKNOWN = -1;

    /** Why a room is left, as the frame says it. */
    static final String ACCESS_LOST = "access_lost";

    private static final String LEFT = "left";

    /** Beyond this many changes ahead of a hole, keeping them is dearer than reading them again. */
    private static final int MAX_AHEAD = 1_000;

    private final RoomId room;
    private final Hub hub;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, RoomEvent> ahead = new TreeMap<>();
    private List<Following> followings = List.of();
    private long position = UNKNOWN;
    private long lastSeq;

    /** The highest version anybody here has heard of. */
    private long heardOf;

    private boolean active = true;
    private boolean small = true;

    /** Until it is known the strictest; it never changes. */
    private RoomType type = RoomType.JOB;

    /** What is being read from the store on behalf of several: deliveries wait for all of it. */
    private int reading;

    private boolean healingPlanned;
    private boolean closed;

    RoomStream(RoomId room, Hub hub) {
        this.room = room;
        this.hub = hub;
    }

    // --- following

    /**
     * Adds a follower, whose changes wait until it is settled; refuses once the stream is closed.
     */
    boolean add(Following following) {
        return fromLocked(
                () -> {
                    if (closed) {
                        return false;
                    }
                    following.joins(this, position);
                    List<Following> more = new ArrayList<>(followings.size() + 1);
                    more.addAll(followings);
                    more.add(following);
                    followings = more;
                    return true;
                });
    }

    boolean has(Following following) {
        return fromLocked(() -> followings.contains(following));
    }

    /** Removes a follower. Returns whether nobody is left: the stream is closed then. */
    boolean remove(Following following) {
        return fromLocked(
                () -> {
                    followings = without(following);
                    closed = closed || followings.isEmpty();
                    return closed;
                });
    }

    private List<Following> without(Following following) {
        return followings.stream().filter(f -> f != following).toList();
    }

    /** The session stops following by itself: what waits is dropped and counts no more. */
    void forget(Following following) {
        locked(following::forget);
    }

    /** What a follower's own snapshot says of it; it goes on waiting. */
    void count(Following following, RoomLevel level) {
        locked(() -> following.count(level));
    }

    /**
     * A follower has read a snapshot of the room and goes on from there.
     *
     * @param first runs before anything later is delivered to it, in the session's turn
     * @return whether it is still a follower
     */
    boolean settle(Following following, RoomLevel level, Runnable first) {
        return fromLocked(
                () -> {
                    if (following.isGone() || !followings.contains(following)) {
                        return false;
                    }
                    Room snapshot = level.room();
                    goFrom(following, snapshot);
                    // Whoever reads a total meanwhile finds the room both counted and told, or
                    // neither.
                    following.session.inTurn(
                            () -> {
                                following.count(level);
                                first.run();
                            });
                    following.settle(snapshot.version(), snapshot.lastSeq());
                    heardOf = Math.max(heardOf, snapshot.version());
                    drain();
                    return true;
                });
    }

    /**
     * The first snapshot says where the room stands. A later one is where its follower stands, and
     * needs no more than that, unless the stream began beyond it: then it goes back and reads again
     * from there; whoever knows what comes is not told twice.
     */
    private void goFrom(Following following, Room snapshot) {
        boolean first = position == UNKNOWN;
        if (first) {
            active = snapshot.active();
            small = snapshot.isSmall();
            type = snapshot.type();
        }
        if (first || (!following.connectsTo(snapshot.version()) && snapshot.version() < position)) {
            heardOf = Math.max(heardOf, position);
            position = snapshot.version();
            lastSeq = snapshot.lastSeq();
        }
        if (first) {
            followings.stream()
                    .filter(Following::joinedBeforeAnythingWasKnown)
                    .forEach(other -> other.joinedAt(position));
        }
    }

    /** Changes wait for this follower until {@link #release}. */
    void hold(Following following) {
        locked(following::hold);
    }

    /** It was told everything up to here; 0 and 0 where nothing was. */
    void release(Following following, long version, long seq) {
        locked(() -> following.release(version, seq));
    }

    /**
     * A follower who sees the room by a role may lose that without a version in it: what waits for
     * them goes on once the record, asked after it happened, says that they may see it.
     *
     * @param steps up to which of those that wait, as the follower counts them
     */
    void prove(Following onlooker, long steps) {
        hub.async(() -> askFor(onlooker, steps));
    }

    private void askFor(Following onlooker, long steps) {
        boolean admitted;
        try {
            admitted = onlooker.session.mayRead(room);
        } catch (RuntimeException storeIsAway) {
            hub.later(RETRY, () -> retryUnlessClosed(() -> askFor(onlooker, steps)));
            return;
        }
        locked(
                () -> {
                    if (admitted) {
                        onlooker.proved(steps);
                    } else if (followings.contains(onlooker)) {
                        dismiss(onlooker, ACCESS_LOST);
                    }
                });
    }

    /** Does it once this follower was told everything up to that version. */
    void whenTold(Following following, long version, LongConsumer step) {
        locked(
                () -> {
                    heardOf = Math.max(heardOf, version);
                    following.whenTold(version, step);
                    drain();
                });
    }

    /** The same for what is on its way: it is not read where it is late. */
    void whenPassed(Following following, long version, LongConsumer step) {
        locked(() -> following.whenTold(version, step));
    }

    /** Whether one may write in it, as far as this node was told. */
    boolean isActive() {
        return fromLocked(() -> active);
    }

    boolean isSmall() {
        return fromLocked(() -> small);
    }

    // --- changes

    void offer(RoomEvent event) {
        locked(
                () -> {
                    heardOf = Math.max(heardOf, event.version());
                    if (position == UNKNOWN || event.version() > position) {
                        ahead.put(event.version(), event);
                        if (ahead.size() > MAX_AHEAD) {
                            ahead.pollLastEntry();
                        }
                        drain();
                    }
                });
    }

    /**
     * Somebody knows that the room has come to {@code version}; if nothing told of it, it is read.
     */
    void reached(long version) {
        locked(
                () -> {
                    heardOf = Math.max(heardOf, version);
                    drain();
                });
    }

    private void drain() {
        while (reading == 0 && position != UNKNOWN && !ahead.isEmpty()) {
            long next = ahead.firstKey();
            if (next > position + 1) {
                break;
            }
            RoomEvent event = ahead.remove(next);
            if (next == position + 1 && event != null) {
                position = next;
                deliver(event);
            }
        }
        if (reading == 0 && position != UNKNOWN && position < heardOf) {
            planHealing();
        }
    }

    private void deliver(RoomEvent event) {
        switch (event) {
            case RoomEvent.MessagePosted posted -> {
                lastSeq = posted.message().seq();
                all(event, new Notice.Posted(event.version(), posted.message()));
            }
            case RoomEvent.MessageEdited edited ->
                    all(event, new Notice.Edited(event.version(), edited.message()));
            case RoomEvent.MessageDeleted deleted ->
                    all(event, new Notice.Deleted(event.version(), deleted.message()));
            case RoomEvent.ReadAdvanced read -> read(read);
            case RoomEvent.RoomChanged changed -> changed(changed);
            case RoomEvent.AuthorErased erased -> {
                all(event, new Notice.UserErased(erased.user()));
                showTo(everybody(), Telling.COUNTS);
            }
        }
    }

    private void all(RoomEvent event, Notice notice) {
        Delivery delivery = new Delivery(notice);
        for (Following following : followings) {
            following.take(event, delivery);
        }
    }

    /** In a large room a mark is its reader's own affair. */
    private void read(RoomEvent.ReadAdvanced read) {
        Delivery delivery = new Delivery(noticeOf(read));
        for (Following following : followings) {
            if (small || following.user().equals(read.user())) {
                following.take(read, delivery);
            } else {
                following.inOrder(() -> following.caughtUp(read.version(), 0));
            }
        }
    }

    static Notice noticeOf(RoomEvent.ReadAdvanced read) {
        return new Notice.Read(read.room(), read.version(), read.user(), read.upToSeq());
    }

    private void changed(RoomEvent.RoomChanged changed) {
        String reason = reasonIn(changed.type());
        changed.left().forEach(user -> expel(user, changed.version(), reason));
        bringIn(changed.joined());
        boolean peopleOnly = !(changed.joined().isEmpty() && changed.left().isEmpty());
        Set<UserId> audience = small || !peopleOnly ? everybody() : new HashSet<>(changed.joined());
        for (Following following : followings) {
            if (!audience.contains(following.user())) {
                following.inOrder(() -> following.caughtUp(changed.version(), 0));
            }
        }
        showTo(audience, Telling.ROOM);
        if (!small && !changed.left().isEmpty() && !followings.isEmpty()) {
            // It may be small again by that: one look at it says so.
            showTo(Set.of(followings.getFirst().user()), Telling.COUNTS);
        }
    }

    /** Why whoever is no participant any more is out of a room of that type. */
    static String reasonIn(RoomType type) {
        return type == RoomType.GENERAL ? LEFT : ACCESS_LOST;
    }

    /** Users who are in the room now and connected here without following it come to follow it. */
    private void bringIn(Set<UserId> users) {
        for (UserId user : users) {
            hub.sessionsOf(user).forEach(session -> session.enter(room));
        }
    }

    /**
     * The user is out since {@code version}, on all their connections here, and nothing later
     * reaches them; but for those that have come back since and know it.
     */
    private void expel(UserId user, long version, String reason) {
        for (Following following : List.copyOf(followings)) {
            if (following.user().equals(user)
                    && !(following.isSettled() && following.knows(version))) {
                dismiss(following, reason);
            }
        }
    }

    /** The follower's own reading of the record has it out, before the stream has come so far. */
    void putOut(Following following, String reason) {
        locked(
                () -> {
                    if (followings.contains(following)) {
                        dismiss(following, reason);
                    }
                });
    }

    private void dismiss(Following following, String reason) {
        followings = without(following);
        LiveSession session = following.session;
        boolean shown = following.isShown();
        session.inTurn(
                () -> {
                    following.forget();
                    session.lost(room, following, shown, reason);
                });
    }

    /** The user's role changed: whoever saw the room by it sees it no more. */
    void review(UserId user) {
        locked(
                () -> {
                    if (followings.stream().anyMatch(f -> f.user().equals(user) && f.isByRole())) {
                        showTo(Set.of(user), Telling.COUNTS);
                    }
                });
    }

    private Set<UserId> everybody() {
        Set<UserId> users = new HashSet<>();
        followings.forEach(following -> users.add(following.user()));
        return users;
    }

    /** What followers get to see of a view that was read on their behalf. */
    private enum Telling {
        /** The room, where they do not know of the change yet. */
        ROOM,
        /** Nothing: only what they have unread is set. */
        COUNTS,
        /** Both, also where they know that the room has come so far. */
        ALL
    }

    /** Reads how these users see the room now, and deliveries go on after they were told. */
    private void showTo(Set<UserId> users, Telling telling) {
        if (followings.stream().noneMatch(f -> users.contains(f.user()))) {
            return;
        }
        reading++;
        List<Following> asking = followings;
        long version = position;
        hub.async(() -> load(users, asking, telling, version));
    }

    private void load(Set<UserId> users, List<Following> asking, Telling telling, long version) {
        Map<UserId, RoomView> views;
        Whereabouts.Read people;
        try {
            views = hub.rooms().views(room, users);
            people =
                    telling == Telling.COUNTS
                            ? Whereabouts.Read.NOTHING
                            : hub.whereabouts().of(views.values());
        } catch (RuntimeException storeIsAway) {
            hub.later(RETRY, () -> retryUnlessClosed(() -> load(users, asking, telling, version)));
            return;
        }
        locked(
                () -> {
                    reading--;
                    boolean wasSmall = small;
                    for (Following following : List.copyOf(followings)) {
                        if (users.contains(following.user())) {
                            RoomView view = views.get(following.user());
                            if (view != null && mayRead(following, view)) {
                                show(following, view, telling, version, people);
                            } else if (asking.contains(following)) {
                                dismiss(following, ACCESS_LOST);
                            }
                            // Else they have come since, and read it for themselves.
                        }
                    }
                    if (small && !wasSmall) {
                        // From here on everybody sees who is there.
                        showTo(everybody(), Telling.ALL);
                    }
                    drain();
                });
    }

    private void show(
            Following following,
            RoomView view,
            Telling telling,
            long version,
            Whereabouts.Read people) {
        active = view.room().active();
        small = view.room().isSmall();
        long seq = lastSeq;
        following.inOrder(
                () -> {
                    boolean joined = view.membership().isIn() && !following.isParticipant();
                    if (joined && telling == Telling.ROOM && view.lastReadSeq() >= seq) {
                        // Joining by writing puts the mark at the end: exact at this version.
                        following.count(view.membership(), version, seq, 0);
                    } else if (joined || telling != Telling.ROOM) {
                        following.count(view);
                    }
                    // Whoever was told more by a snapshot of their own has the room from there.
                    boolean news =
                            switch (telling) {
                                case ROOM -> !following.knows(version);
                                case COUNTS -> false;
                                case ALL -> !following.knows(version + 1);
                            };
                    if (news) {
                        following.tellRoom(view, version, seq, people);
                        following.caughtUp(version, 0);
                    }
                });
    }

    private static boolean mayRead(Following following, RoomView view) {
        return mayRead(following, view.membership(), view.room().type());
    }

    private static boolean mayRead(Following following, Membership membership, RoomType type) {
        return AccessRules.allows(
                Standing.of(following.session.actor(), membership), type, Action.READ);
    }

    /**
     * A view that was read after {@code version} was reached, as a reader is to be told it there:
     * what it knows of later changes is told by those.
     */
    static RoomView asOf(RoomView view, long version, long seq, long mark, long unread) {
        Room r = view.room();
        Room then =
                new Room(
                        r.id(),
                        r.key(),
                        r.createdAt(),
                        r.updatedAt(),
                        r.active(),
                        Math.min(r.version(), version),
                        Math.min(r.stateVersion(), version),
                        Math.min(r.lastSeq(), seq),
                        r.participantCount());
        return new RoomView(
                then,
                view.job(),
                view.people(),
                mark,
                unread,
                view.membership(),
                view.lastMessage().filter(m -> m.seq() <= seq));
    }

    // --- healing

    private void planHealing() {
        if (!healingPlanned) {
            healingPlanned = true;
            hub.later(HOLE_PATIENCE, () -> retryUnlessClosed(this::heal));
        }
    }

    private void retryUnlessClosed(Runnable work) {
        if (!fromLocked(() -> closed)) {
            work.run();
        }
    }

    private void heal() {
        record Start(long position, long seq, Set<UserId> users, List<Following> asking) {}
        Optional<Start> begun =
                fromLocked(
                        () -> {
                            healingPlanned = false;
                            if (reading > 0 || followings.isEmpty() || position >= heardOf) {
                                return Optional.empty();
                            }
                            reading++;
                            return Optional.of(
                                    new Start(position, lastSeq, everybody(), followings));
                        });
        if (begun.isEmpty()) {
            return;
        }
        Start start = begun.get();
        Changes changes;
        Map<UserId, RoomView> views;
        Whereabouts.Read people;
        Set<UserId> erased;
        try {
            changes =
                    hub.rooms()
                            .changes(
                                    room,
                                    start.users().iterator().next(),
                                    seat -> {
                                        // The node itself reads, on nobody's behalf.
                                    },
                                    start.seq(),
                                    start.position());
            views = hub.rooms().views(room, start.users());
            people = hub.whereabouts().of(views.values());
            erased = erased(changes);
        } catch (RuntimeException storeIsAway) {
            locked(
                    () -> {
                        reading--;
                        healingPlanned = true;
                        drain();
                    });
            hub.later(RETRY, () -> retryUnlessClosed(this::heal));
            return;
        }
        locked(
                () -> {
                    reading--;
                    if (position < start.position()) {
                        // Somebody with an older snapshot came meanwhile: read again from theirs.
                        planHealing();
                    } else {
                        hub.countHealed();
                        letPeopleInAndOut(changes, views, start.asking());
                        catchUp(changes, views, people, erased);
                        drain();
                    }
                });
    }

    /** Who of those whose messages were deleted was erased: they have no names, as others may. */
    private Set<UserId> erased(Changes changes) {
        Set<UserId> erased = new HashSet<>();
        for (Message message : changes.rewritten()) {
            UserId sender = message.sender().id();
            if (message.isDeleted() && message.sender().equals(Person.nameless(sender))) {
                hub.users().find(sender).filter(User::erased).ifPresent(user -> erased.add(sender));
            }
        }
        return erased;
    }

    private void catchUp(
            Changes changes,
            Map<UserId, RoomView> views,
            Whereabouts.Read people,
            Set<UserId> erased) {
        Room now = changes.room();
        Following.Absence away =
                new MissedChanges(changes, position, lastSeq, this::toldBefore)
                        .absence(people, erased);
        position = Math.max(position, now.version());
        heardOf = Math.max(heardOf, position);
        lastSeq = Math.max(lastSeq, now.lastSeq());
        active = now.active();
        small = now.isSmall();
        ahead.headMap(position, true).clear();
        Set<UserId> unseen = new HashSet<>();
        for (Following following : List.copyOf(followings)) {
            Optional<RoomView> view = Optional.ofNullable(views.get(following.user()));
            if (view.isEmpty()) {
                unseen.add(following.user());
            }
            following.inOrder(() -> following.catchUp(away, view));
        }
        // They came while the log was read; how they see the room was not.
        showTo(unseen, Telling.ALL);
    }

    /** Who lost access goes first: everything else may have been written after the loss. */
    private void letPeopleInAndOut(
            Changes changes, Map<UserId, RoomView> views, List<Following> asking) {
        String reason = reasonIn(changes.room().type());
        Set<UserId> present = new HashSet<>();
        for (Participant p : changes.moved()) {
            if (p.present()) {
                present.add(p.user());
            } else {
                expel(p.user(), p.version(), reason);
            }
        }
        for (Following following : List.copyOf(followings)) {
            RoomView view = views.get(following.user());
            // Whoever has come since has read it for themselves.
            if (view != null && !mayRead(following, view) && asking.contains(following)) {
                dismiss(following, reason);
            }
        }
        bringIn(present);
    }

    /** The furthest that anybody was told without that message: it came after that. */
    private long toldBefore(long seq) {
        long told = 0;
        for (Following following : followings) {
            told = Math.max(told, following.toldBefore(seq));
        }
        return told;
    }

    // --- passing things

    void typing(Passing.TypingChanged typing) {
        locked(
                () -> {
                    Delivery delivery =
                            new Delivery(new Notice.Typing(room, typing.user(), typing.typing()));
                    for (Following following : followings) {
                        if (isWatching(following) && !following.user().equals(typing.user().id())) {
                            following.session.deliver(delivery);
                        }
                    }
                });
    }

    /** Sessions that show this room while it is small enough for presence. */
    List<LiveSession> audience() {
        return fromLocked(
                () ->
                        small
                                ? followings.stream()
                                        .filter(this::isWatching)
                                        .map(f -> f.session)
                                        .toList()
                                : List.of());
    }

    /**
     * Before it is settled nobody has asked yet whether its user may see anything here; and a role
     * may be lost, and the store not have said yet what that leaves them.
     */
    private boolean isWatching(Following following) {
        return following.isShown()
                && following.isSettled()
                && mayRead(following, following.membership(), type);
    }

    private interface Work<T> {
        T run();
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T fromLocked(Work<T> work) {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}
