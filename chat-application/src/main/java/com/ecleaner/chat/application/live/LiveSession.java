package com.ecleaner.chat.application.live;

import com.ecleaner.chat.application.rooms.Entry;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One connection of one user: it follows all their rooms, and shows all of them or one. A room's
 * own address and the address of everything are this same class; they differ in what is shown.
 * Thread-safe.
 */
public final class LiveSession {
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int WELCOME_ROOMS = 50;

    private final Hub hub;
    private final String id;
    private final Listener listener;
    private final Optional<RoomId> only;
    private final AtomicLong totalUnread = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();

    private final Map<RoomId, Place> places = new HashMap<>(4);
    private final List<Delivery> early = new ArrayList<>(0);
    private volatile boolean welcomed;
    private volatile Visitor visitor;
    private volatile @Nullable Future<?> expiry;

    /** Where the session stands in one room. */
    private record Place(RoomStream stream, Following following) {}

    LiveSession(Hub hub, String id, Visitor visitor, Optional<RoomId> only, Listener listener) {
        this.hub = hub;
        this.id = id;
        this.visitor = visitor;
        this.only = only;
        this.listener = listener;
    }

    public String id() {
        return id;
    }

    public UserId user() {
        return visitor.actor().id();
    }

    /** The user with the role that counts now. */
    public Actor actor() {
        return visitor.actor();
    }

    public Person person() {
        return visitor.person();
    }

    /** The one room this session is about; nothing where it is about all of the user's. */
    public Optional<RoomId> only() {
        return only;
    }

    public long totalUnread() {
        return totalUnread.get();
    }

    // --- coming and going

    /**
     * Goes live: hands {@code first} the welcome, and delivers everything after it from then on.
     * Blocks on the store; call it once.
     *
     * @throws Refusal {@code not_found} where the one room is none the user may read, {@code
     *     unavailable}
     */
    public void open(Consumer<Welcome> first) {
        expireAt(visitor);
        // Follow first, read then: what happens in between waits with the follower and is not
        // missed.
        hub.rooms().levels(user()).forEach(level -> follow(level.room().id()));
        only.ifPresent(this::follow);
        hub.followed(followedRooms());
        Map<RoomId, RoomLevel> levels = new HashMap<>();
        hub.rooms().levels(user()).forEach(level -> levels.put(level.room().id(), level));
        RoomPage page = welcomePage();
        Map<RoomId, RoomView> listed = new HashMap<>();
        page.rooms().forEach(view -> listed.put(view.room().id(), view));

        long total = 0;
        for (RoomId room : followedRooms()) {
            RoomView view = listed.get(room);
            RoomLevel level = levels.get(room);
            if (view != null) {
                total += view.present() ? view.unread() : 0;
            } else if (level != null) {
                total += level.unread();
            }
        }
        welcome(first, new Welcome(person(), id, total, page));
        for (Map.Entry<RoomId, Place> entry : placesNow()) {
            Place place = entry.getValue();
            RoomView view = listed.get(entry.getKey());
            RoomLevel level = levels.get(entry.getKey());
            if (view != null) {
                settle(place, view, f -> {});
            } else if (level != null) {
                place.stream.settle(
                        place.following,
                        level.room(),
                        true,
                        level.lastReadSeq(),
                        level.unread(),
                        f -> {});
            } else {
                drop(entry.getKey());
            }
        }
        opened.complete(true);
    }

    private RoomPage welcomePage() {
        if (only.isEmpty()) {
            return hub.rooms().list(user(), RoomFilter.OWN, Optional.empty(), WELCOME_ROOMS);
        }
        RoomView view = view(only.get());
        return new RoomPage(List.of(view), Optional.empty());
    }

    private RoomView view(RoomId room) {
        RoomView view = hub.rooms().view(room, user()).orElseThrow(() -> Refusal.notFound("room"));
        Entry.requireRead(actor(), view);
        return view;
    }

    private static void settle(Place place, RoomView view, Consumer<Following> first) {
        place.stream.settle(
                place.following,
                view.room(),
                view.present(),
                view.lastReadSeq(),
                view.unread(),
                first);
    }

    /**
     * Another token of the same user: the session lives as long as that one does.
     *
     * @throws Refusal {@code forbidden} for a token of somebody else
     */
    public void renew(Visitor renewed) {
        if (!renewed.actor().id().equals(user())) {
            throw Refusal.forbidden("this token is another user's");
        }
        become(renewed);
        expireAt(renewed);
    }

    /** The platform wrote something about this user. */
    void userChanged(Passing.UserChanged changed) {
        if (changed.user().erased()) {
            end(Ending.NOT_AUTHENTICATED);
            return;
        }
        become(
                new Visitor(
                        changed.user().person(),
                        changed.user().acting(actor().role()),
                        visitor.expiresAt()));
    }

    private void become(Visitor now) {
        boolean roleChanged = now.actor().role() != actor().role();
        visitor = now;
        if (roleChanged) {
            hub.roleChanged(this);
            placesNow().forEach(entry -> entry.getValue().stream.review(user()));
        }
    }

    private void expireAt(Visitor now) {
        Future<?> before = expiry;
        expiry = hub.at(now.expiresAt(), () -> end(Ending.NOT_AUTHENTICATED));
        if (before != null) {
            before.cancel(false);
        }
    }

    /** The connection is gone, or shall be: nothing is delivered any more. */
    public void close() {
        ended.set(true);
        opened.complete(false);
        Future<?> timer = expiry;
        if (timer != null) {
            timer.cancel(false);
        }
        hub.closed(this);
        placesNow().forEach(entry -> drop(entry.getKey()));
    }

    /** Ends the session and tells its listener so. */
    void end(Ending ending) {
        if (ended.compareAndSet(false, true)) {
            listener.end(ending);
            // The caller may hold a room's lock, and closing takes those of others.
            hub.async(this::close);
        }
    }

    // --- rooms

    /** The user came to be in a room while connected. */
    void enter(RoomId room) {
        hub.async(() -> enterNow(room));
    }

    private void enterNow(RoomId room) {
        if (!opened.join()) {
            return;
        }
        Place place = follow(room);
        if (place == null) {
            return;
        }
        try {
            hub.followed(List.of(room));
            RoomView view = view(room);
            if (!view.present()) {
                drop(room);
                return;
            }
            settle(
                    place,
                    view,
                    f -> {
                        if (f.shown) {
                            deliver(new Delivery(new Notice.RoomShown(view)));
                        }
                    });
        } catch (Refusal refusal) {
            drop(room);
            if (refusal.retryable()) {
                hub.later(RETRY, () -> enter(room));
            }
        }
    }

    /**
     * Makes sure that this session follows a room its user may read, participant or not, so that
     * what they do there comes back to them in order. Blocks where it does not follow it yet.
     *
     * @throws Refusal {@code not_found}, {@code unavailable}
     */
    public void look(RoomId room) {
        if (follows(room)) {
            return;
        }
        Place place = follow(room);
        if (place == null) {
            return;
        }
        try {
            hub.followed(List.of(room));
            settle(place, view(room), f -> {});
        } catch (RuntimeException e) {
            drop(room);
            throw e;
        }
    }

    /** Stops following a room that the user only looked at; their own rooms stay. */
    public void lookAway(RoomId room) {
        if (!isIn(room) && only.filter(room::equals).isEmpty()) {
            drop(room);
        }
    }

    /** Whether this session follows the room and shows it. */
    public boolean follows(RoomId room) {
        Place place = place(room);
        return place != null && place.following.shown;
    }

    /** Whether the user is a participant of the room, as far as this session was told. */
    public boolean isIn(RoomId room) {
        Place place = place(room);
        return place != null && place.following.participant;
    }

    /** Whether one may write in the room, as far as this session was told. */
    public boolean isOpen(RoomId room) {
        Place place = place(room);
        return place != null && place.stream.isActive();
    }

    /**
     * The user types in a room, or stopped; it ends by itself after 6 seconds. Whoever is no
     * participant is ignored. Blocks where this session does not follow the room.
     *
     * @throws Refusal {@code not_found}, {@code room_closed}
     */
    public void typing(RoomId room, boolean typing) {
        if (isIn(room)) {
            hub.typing().set(this, room, typing);
        } else {
            Entry.requireSeat(actor(), hub.rooms().seat(room, user()));
        }
    }

    /** The stream has dismissed this session: access is gone. */
    void lost(RoomId room, boolean shown, String reason) {
        Place gone;
        synchronized (places) {
            gone = places.remove(room);
        }
        if (gone != null) {
            hub.async(() -> hub.unfollow(room, gone.stream, gone.following));
        }
        if (shown && !ended.get()) {
            deliver(new Delivery(new Notice.RoomLeft(room, reason)));
        }
        if (only.filter(room::equals).isPresent()) {
            end(Ending.ACCESS_LOST);
        }
    }

    /** Rooms in which others may know whether this user is here. */
    List<RoomId> sharedRooms() {
        return placesNow().stream()
                .filter(e -> e.getValue().following.participant && e.getValue().stream.isSmall())
                .map(Map.Entry::getKey)
                .toList();
    }

    private @Nullable Place follow(RoomId room) {
        synchronized (places) {
            if (places.containsKey(room)) {
                return null;
            }
        }
        // Not under the lock of places: a stream that dismisses a follower takes the two in the
        // other order.
        Following following = new Following(this, only.isEmpty() || only.get().equals(room));
        Place place = new Place(hub.stream(room, following), following);
        boolean first;
        synchronized (places) {
            first = places.putIfAbsent(room, place) == null;
        }
        if (first && !ended.get() && place.stream.has(following)) {
            return place;
        }
        if (first) {
            drop(room);
        } else {
            hub.unfollow(room, place.stream, following);
        }
        return null;
    }

    private void drop(RoomId room) {
        Place gone;
        synchronized (places) {
            gone = places.remove(room);
        }
        if (gone != null) {
            hub.unfollow(room, gone.stream, gone.following);
        }
    }

    private @Nullable Place place(RoomId room) {
        synchronized (places) {
            return places.get(room);
        }
    }

    private List<RoomId> followedRooms() {
        synchronized (places) {
            return List.copyOf(places.keySet());
        }
    }

    private List<Map.Entry<RoomId, Place>> placesNow() {
        synchronized (places) {
            return places.entrySet().stream()
                    .map(e -> Map.entry(e.getKey(), e.getValue()))
                    .toList();
        }
    }

    // --- being brought level

    /**
     * Tells what this session missed while it was away, room by room: messages in order, then what
     * else changed. A room's live changes wait meanwhile. Blocks on the store.
     *
     * @param held what it has of each room
     * @param out takes the notices, in order
     */
    public Synced sync(Map<RoomId, Held> held, Consumer<Delivery> out) {
        Map<RoomId, Optional<Synced.Level>> levels = new LinkedHashMap<>();
        held.forEach((room, from) -> levels.put(room, syncRoom(room, from, out)));
        return new Synced(totalUnread(), levels);
    }

    private Optional<Synced.Level> syncRoom(RoomId room, Held from, Consumer<Delivery> out) {
        Place place = place(room);
        if (place != null) {
            place.stream.hold(place.following);
        }
        long version = 0;
        long seq = 0;
        try {
            Changes changes =
                    hub.rooms()
                            .changes(
                                    room,
                                    user(),
                                    Entry.reading(actor()),
                                    from.seq(),
                                    from.version());
            Room now = changes.room();
            tell(changes, from, out);
            version = from.version() == Held.MESSAGES_ALONE ? 0 : now.version();
            seq = now.lastSeq();
            Optional<Participant> reader = changes.reader().filter(Participant::present);
            return Optional.of(
                    new Synced.Level(
                            now.lastSeq(),
                            now.version(),
                            reader.map(Participant::lastReadSeq).orElse(0L),
                            reader.map(p -> p.unread(now.lastSeq())).orElse(0L)));
        } catch (Refusal refusal) {
            if (refusal.retryable()) {
                throw refusal;
            }
            return Optional.empty();
        } finally {
            if (place != null) {
                place.stream.release(place.following, version, seq);
            }
        }
    }

    private void tell(Changes changes, Held from, Consumer<Delivery> out) {
        Room now = changes.room();
        changes.gap()
                .ifPresent(
                        gap ->
                                out.accept(
                                        new Delivery(
                                                new Notice.Gap(
                                                        now.id(), gap.fromSeq(), gap.toSeq()))));
        for (Message message : changes.posted()) {
            out.accept(new Delivery(new Notice.Posted(message.version(), message)));
        }
        record Other(long version, Notice notice) {}
        List<Other> others = new ArrayList<>();
        for (Message message : changes.rewritten()) {
            others.add(
                    new Other(
                            message.version(),
                            message.isDeleted()
                                    ? new Notice.Deleted(message.version(), message)
                                    : new Notice.Edited(message.version(), message)));
        }
        for (Participant p : changes.moved()) {
            if (p.user().equals(user()) && p.present()) {
                others.add(
                        new Other(
                                p.version(),
                                new Notice.OwnRead(
                                        now.id(),
                                        p.version(),
                                        p.user(),
                                        p.lastReadSeq(),
                                        p.unread(now.lastSeq()),
                                        totalUnread())));
            } else if (p.present() && now.isSmall()) {
                others.add(
                        new Other(
                                p.version(),
                                new Notice.Read(now.id(), p.version(), p.user(), p.lastReadSeq())));
            }
        }
        others.sort(Comparator.comparingLong(Other::version));
        others.forEach(other -> out.accept(new Delivery(other.notice())));
        if (from.version() != Held.MESSAGES_ALONE && now.stateVersion() > from.version()) {
            out.accept(new Delivery(new Notice.RoomShown(view(now.id()))));
        }
    }

    // --- deliveries

    /**
     * Before the welcome only a loss is worth keeping: whatever else passes is in the snapshot, or
     * gone.
     */
    void deliver(Delivery delivery) {
        if (ended.get()) {
            return;
        }
        if (!welcomed) {
            synchronized (early) {
                if (!welcomed) {
                    if (delivery.notice() instanceof Notice.RoomLeft) {
                        early.add(delivery);
                    }
                    return;
                }
            }
        }
        listener.deliver(delivery);
    }

    private void welcome(Consumer<Welcome> first, Welcome welcome) {
        synchronized (early) {
            first.accept(welcome);
            early.forEach(listener::deliver);
            welcomed = true;
        }
    }

    void addUnread(long delta) {
        if (delta != 0) {
            totalUnread.addAndGet(delta);
        }
    }
}
