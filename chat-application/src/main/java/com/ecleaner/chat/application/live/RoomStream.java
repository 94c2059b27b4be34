package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.access.AccessRules;
import com.ecleaner.chat.domain.access.Action;
import com.ecleaner.chat.domain.access.Standing;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.RoomView;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

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
    private static final long UNKNOWN = -1;

    /** Why a room is left, as the frame says it. */
    private static final String ACCESS_LOST = "access_lost";

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
    private boolean active = true;
    private boolean small = true;

    /** Set while something is being read from the store on behalf of everybody: deliveries wait. */
    private boolean busy;

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
        return locked(
                () -> {
                    if (closed) {
                        return false;
                    }
                    List<Following> more = new ArrayList<>(followings.size() + 1);
                    more.addAll(followings);
                    more.add(following);
                    followings = more;
                    return true;
                });
    }

    boolean has(Following following) {
        return locked(() -> followings.contains(following));
    }

    /** Removes a follower. Returns whether nobody is left: the stream is closed then. */
    boolean remove(Following following) {
        return locked(
                () -> {
                    followings = followings.stream().filter(f -> f != following).toList();
                    closed = closed || followings.isEmpty();
                    return closed;
                });
    }

    /**
     * A follower has read a snapshot of the room and goes on from there.
     *
     * @param first runs before anything later is delivered to it
     */
    void settle(
            Following following,
            Room snapshot,
            boolean participant,
            long mark,
            long unread,
            Consumer<Following> first) {
        locked(
                () -> {
                    adopt(snapshot);
                    following.count(participant, snapshot.version(), mark, unread);
                    first.accept(following);
                    following.release(snapshot.version(), snapshot.lastSeq());
                    drain();
                    return true;
                });
    }

    /** Changes wait for this follower until {@link #release}. */
    void hold(Following following) {
        locked(
                () -> {
                    following.hold();
                    return true;
                });
    }

    /** It was told everything up to here; 0 and 0 where nothing was. */
    void release(Following following, long version, long seq) {
        locked(
                () -> {
                    following.release(version, seq);
                    return true;
                });
    }

    /** Whether one may write in it, as far as this node was told. */
    boolean isActive() {
        return locked(() -> active);
    }

    boolean isSmall() {
        return locked(() -> small);
    }

    /**
     * A first snapshot says where the room stands; a later one is only ahead of what will be
     * delivered.
     */
    private void adopt(Room snapshot) {
        if (position == UNKNOWN) {
            position = snapshot.version();
            lastSeq = snapshot.lastSeq();
            active = snapshot.active();
            small = snapshot.isSmall();
        }
    }

    // --- changes

    void offer(RoomEvent event) {
        locked(
                () -> {
                    if (position == UNKNOWN || event.version() > position) {
                        ahead.put(event.version(), event);
                        if (ahead.size() > MAX_AHEAD) {
                            ahead.pollLastEntry();
                        }
                        drain();
                    }
                    return true;
                });
    }

    /**
     * Somebody knows that the room has come to {@code version}; if nothing told of it, it is read.
     */
    void reached(long version) {
        locked(
                () -> {
                    if (position != UNKNOWN && version > position) {
                        planHealing();
                    }
                    return true;
                });
    }

    private void drain() {
        while (!busy && position != UNKNOWN && !ahead.isEmpty()) {
            long next = ahead.firstKey();
            if (next > position + 1) {
                planHealing();
                return;
            }
            RoomEvent event = ahead.remove(next);
            if (next == position + 1 && event != null) {
                position = next;
                deliver(event);
            }
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
                showTo(everybody(), false);
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
            }
        }
    }

    private static Notice noticeOf(RoomEvent.ReadAdvanced read) {
        return new Notice.Read(read.room(), read.version(), read.user(), read.upToSeq());
    }

    private void changed(RoomEvent.RoomChanged changed) {
        String reason = changed.type() == RoomType.GENERAL ? LEFT : ACCESS_LOST;
        changed.left().forEach(user -> expel(user, reason));
        bringIn(changed.joined());
        boolean peopleOnly = !(changed.joined().isEmpty() && changed.left().isEmpty());
        Set<UserId> audience = small || !peopleOnly ? everybody() : new HashSet<>(changed.joined());
        showTo(audience, true);
    }

    /** Users who are in the room now and connected here without following it come to follow it. */
    private void bringIn(Set<UserId> users) {
        for (UserId user : users) {
            hub.sessionsOf(user).forEach(session -> session.enter(room));
        }
    }

    /** The user is out, on all their connections here; nothing later reaches them. */
    private void expel(UserId user, String reason) {
        for (Following following : List.copyOf(followings)) {
            if (following.user().equals(user)) {
                dismiss(following, reason);
            }
        }
    }

    private void dismiss(Following following, String reason) {
        followings = followings.stream().filter(f -> f != following).toList();
        following.forget();
        following.session.lost(room, following.shown, reason);
    }

    /** The user's role changed: whoever only looked by it looks no more. */
    void review(UserId user) {
        locked(
                () -> {
                    if (followings.stream()
                            .anyMatch(f -> f.user().equals(user) && !f.participant)) {
                        showTo(Set.of(user), false);
                    }
                    return true;
                });
    }

    private Set<UserId> everybody() {
        Set<UserId> users = new HashSet<>();
        followings.forEach(following -> users.add(following.user()));
        return users;
    }

    /** Reads how these users see the room now, and deliveries go on after they were told. */
    private void showTo(Set<UserId> users, boolean tell) {
        if (followings.stream().noneMatch(f -> users.contains(f.user()))) {
            return;
        }
        busy = true;
        hub.async(() -> load(users, tell));
    }

    private void load(Set<UserId> users, boolean tell) {
        Map<UserId, RoomView> views;
        try {
            views = hub.rooms().views(room, users);
        } catch (RuntimeException storeIsAway) {
            hub.later(RETRY, () -> retryUnlessClosed(() -> load(users, tell)));
            return;
        }
        locked(
                () -> {
                    if (followings.stream()
                            .anyMatch(f -> users.contains(f.user()) && !f.isLevel())) {
                        // Their own snapshot may be older than this change: they are told after it.
                        hub.later(HOLE_PATIENCE, () -> retryUnlessClosed(() -> load(users, tell)));
                        return true;
                    }
                    for (Following following : List.copyOf(followings)) {
                        RoomView view = views.get(following.user());
                        if (view != null) {
                            shown(following, view, tell);
                        } else if (users.contains(following.user())) {
                            dismiss(following, ACCESS_LOST);
                        }
                    }
                    busy = false;
                    drain();
                    return true;
                });
    }

    private void shown(Following following, RoomView view, boolean tell) {
        boolean mayRead =
                AccessRules.allows(
                        Standing.of(following.session.actor(), view.present()),
                        view.room().type(),
                        Action.READ);
        if (!mayRead) {
            dismiss(following, ACCESS_LOST);
            return;
        }
        active = view.room().active();
        small = view.room().isSmall();
        boolean joined = view.present() && !following.participant;
        if (joined || !tell) {
            following.count(
                    view.present(), view.room().version(), view.lastReadSeq(), view.unread());
        }
        if (tell && following.shown) {
            following.session.deliver(new Delivery(new Notice.RoomShown(asOfNow(view, following))));
        }
    }

    /**
     * The view was read after this version was reached: what it knows of later changes is told by
     * those.
     */
    private RoomView asOfNow(RoomView view, Following following) {
        Room r = view.room();
        Room now =
                new Room(
                        r.id(),
                        r.key(),
                        r.createdAt(),
                        r.updatedAt(),
                        r.active(),
                        Math.min(r.version(), position),
                        r.stateVersion(),
                        Math.min(r.lastSeq(), lastSeq),
                        r.participantCount());
        return new RoomView(
                now,
                view.job(),
                view.people(),
                following.mark(),
                following.unread(),
                view.present(),
                view.lastMessage().filter(m -> m.seq() <= lastSeq));
    }

    // --- healing

    private void planHealing() {
        if (!healingPlanned) {
            healingPlanned = true;
            hub.later(HOLE_PATIENCE, () -> retryUnlessClosed(this::heal));
        }
    }

    private void retryUnlessClosed(Runnable work) {
        if (!locked(() -> closed)) {
            hub.async(work);
        }
    }

    private void heal() {
        record Start(long position, long seq, Set<UserId> users) {}
        Optional<Start> begun =
                locked(
                        () -> {
                            healingPlanned = false;
                            if (busy || closed || followings.isEmpty() || position == UNKNOWN) {
                                return Optional.empty();
                            }
                            busy = true;
                            return Optional.of(new Start(position, lastSeq, everybody()));
                        });
        if (begun.isEmpty()) {
            return;
        }
        Start start = begun.get();
        Changes changes;
        Map<UserId, RoomView> views;
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
        } catch (RuntimeException storeIsAway) {
            locked(
                    () -> {
                        busy = false;
                        healingPlanned = true;
                        return true;
                    });
            hub.later(RETRY, () -> retryUnlessClosed(this::heal));
            return;
        }
        locked(
                () -> {
                    busy = false;
                    if (followings.stream().allMatch(Following::isLevel)) {
                        catchUp(changes, views);
                        drain();
                    } else {
                        // Somebody is taking in a snapshot of their own: a moment later all are
                        // level.
                        planHealing();
                    }
                    return true;
                });
    }

    private void catchUp(Changes changes, Map<UserId, RoomView> views) {
        // Who lost access goes first: everything below may have been written after the loss.
        changes.moved().stream()
                .filter(p -> !p.present())
                .map(Participant::user)
                .forEach(user -> expel(user, ACCESS_LOST));
        Set<UserId> present = new HashSet<>();
        changes.moved().stream()
                .filter(Participant::present)
                .map(Participant::user)
                .forEach(present::add);
        bringIn(present);
        long before = position;
        changes.gap().ifPresent(gap -> shownAll(new Notice.Gap(room, gap.fromSeq(), gap.toSeq())));
        tellPosted(changes.posted());
        tellRest(changes);
        position = Math.max(position, changes.room().version());
        lastSeq = Math.max(lastSeq, changes.room().lastSeq());
        active = changes.room().active();
        small = changes.room().isSmall();
        boolean stateChanged = changes.room().stateVersion() > before;
        for (Following following : List.copyOf(followings)) {
            following.caughtUp(position, lastSeq);
            RoomView view = views.get(following.user());
            if (view != null) {
                following.count(
                        view.present(), view.room().version(), view.lastReadSeq(), view.unread());
            }
        }
        ahead.headMap(position, true).clear();
        if (stateChanged) {
            showTo(everybody(), true);
        }
    }

    /**
     * Missed messages come in order of seq. One that was edited meanwhile carries a version above
     * its successors': it takes theirs here, so that versions rise, and the edit's own comes after.
     */
    private void tellPosted(List<Message> posted) {
        long[] versions = new long[posted.size()];
        long lowest = Long.MAX_VALUE;
        for (int i = posted.size() - 1; i >= 0; i--) {
            lowest = Math.min(lowest, posted.get(i).version());
            versions[i] = lowest;
        }
        for (int i = 0; i < versions.length; i++) {
            catchUp(
                    new RoomEvent.MessagePosted(posted.get(i)),
                    new Notice.Posted(versions[i], posted.get(i)));
        }
    }

    private void tellRest(Changes changes) {
        record Missed(RoomEvent event, Notice notice) {}
        List<Missed> missed = new ArrayList<>();
        for (Message message : changes.rewritten()) {
            missed.add(
                    message.isDeleted()
                            ? new Missed(
                                    new RoomEvent.MessageDeleted(message),
                                    new Notice.Deleted(message.version(), message))
                            : new Missed(
                                    new RoomEvent.MessageEdited(message),
                                    new Notice.Edited(message.version(), message)));
        }
        for (Participant p : changes.moved()) {
            if (p.present() && changes.room().isSmall()) {
                RoomEvent.ReadAdvanced read =
                        new RoomEvent.ReadAdvanced(
                                room,
                                p.version(),
                                p.user(),
                                p.lastReadSeq(),
                                p.unread(changes.room().lastSeq()));
                missed.add(new Missed(read, noticeOf(read)));
            }
        }
        missed.sort(Comparator.comparingLong(m -> m.event().version()));
        missed.forEach(m -> catchUp(m.event(), m.notice()));
    }

    private void catchUp(RoomEvent event, Notice notice) {
        Delivery delivery = new Delivery(notice);
        followings.forEach(following -> following.catchUp(event, delivery));
    }

    // --- passing things

    void typing(Passing.TypingChanged typing) {
        locked(
                () -> {
                    Delivery delivery =
                            new Delivery(new Notice.Typing(room, typing.user(), typing.typing()));
                    for (Following following : followings) {
                        if (following.shown && !following.user().equals(typing.user().id())) {
                            following.session.deliver(delivery);
                        }
                    }
                    return true;
                });
    }

    /** Sessions that show this room while it is small enough for presence. */
    List<LiveSession> audience() {
        return locked(
                () ->
                        small
                                ? followings.stream()
                                        .filter(f -> f.shown)
                                        .map(f -> f.session)
                                        .toList()
                                : List.of());
    }

    private void shownAll(Notice notice) {
        Delivery delivery = new Delivery(notice);
        followings.stream().filter(f -> f.shown).forEach(f -> f.session.deliver(delivery));
    }

    private interface Work<T> {
        T run();
    }

    private <T> T locked(Work<T> work) {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}
