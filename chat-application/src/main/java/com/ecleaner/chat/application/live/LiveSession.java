package com.ecleaner.chat.application.live;

import com.ecleaner.chat.application.rooms.Entry;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * One connection of one user: it follows all their rooms, and shows all of them or one. A room's
 * own address and the address of everything are this same class; they differ in what is shown.
 * Thread-safe.
 */
public final class LiveSession {
    private static final Logger LOG = System.getLogger(LiveSession.class.getName());
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int WELCOME_ROOMS = 50;

    /** How often a snapshot is read again because the user's rooms changed meanwhile. */
    private static final int MAX_READS = 5;

    private final Hub hub;
    private final String id;
    private final Listener listener;
    private final Optional<RoomId> only;
    private final AtomicLong totalUnread = new AtomicLong();

    /** Held for one step of counting and telling; nothing waits for anybody under it. */
    private final ReentrantLock turn = new ReentrantLock();

    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();

    private final Map<RoomId, Place> places = new HashMap<>(4);
    private final List<Delivery> early = new ArrayList<>(0);

    /**
     * Held by whatever tells this session of a room that it did not follow before, and by syncs.
     */
    private final ReentrantLock telling = new ReentrantLock();

    /** Held by whatever says who the user is now. */
    private final ReentrantLock becoming = new ReentrantLock();

    /** What a running sync is asked about, and the losses among them: these are told after it. */
    private Set<RoomId> syncing = Set.of();

    private final List<Delivery> lostMeanwhile = new ArrayList<>(0);
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

    /**
     * Hands on what the user has unread over all rooms; nothing that changes it is delivered
     * meanwhile.
     */
    public void withTotalUnread(LongConsumer consumer) {
        inTurn(() -> consumer.accept(totalUnread()));
    }

    /** Counting and telling are one step: no other frame goes between the two. */
    void inTurn(Runnable step) {
        turn.lock();
        try {
            step.run();
        } finally {
            turn.unlock();
        }
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
        follow(rooms(levels()));
        only.ifPresent(room -> follow(List.of(room)));
        Start start = read();
        for (int i = 0; i < MAX_READS && follow(start.rooms()); i++) {
            // The user came into a room between the two: it was not followed while it was read.
            start = read();
        }
        for (Map.Entry<RoomId, Place> entry : placesNow()) {
            Place place = entry.getValue();
            Optional<RoomLevel> at = start.of(entry.getKey());
            at.ifPresentOrElse(
                    level -> place.stream.count(place.following, level),
                    () -> drop(entry.getKey(), place));
        }
        welcome(first, start);
        for (Map.Entry<RoomId, Place> entry : placesNow()) {
            Place place = entry.getValue();
            start.of(entry.getKey())
                    .ifPresent(level -> place.stream.settle(place.following, level, () -> {}));
        }
        opened.complete(true);
    }

    /** What a session begins with. */
    private record Start(RoomPage page, Map<RoomId, RoomLevel> known, Whereabouts.Read people) {
        Optional<RoomLevel> of(RoomId room) {
            return Optional.ofNullable(known.get(room));
        }

        Set<RoomId> rooms() {
            return known.keySet();
        }
    }

    private Start read() {
        Map<RoomId, RoomLevel> known = new HashMap<>();
        levels().forEach(level -> known.put(level.room().id(), level));
        RoomPage page = welcomePage();
        page.rooms().forEach(view -> known.put(view.room().id(), level(view)));
        return new Start(page, known, hub.whereabouts().of(page.rooms()));
    }

    /** The rooms the user is a participant of, as what they are now. */
    private List<RoomLevel> levels() {
        return hub.rooms().levels(user()).stream()
                .filter(level -> level.membership().counts(actor().role()))
                .toList();
    }

    private static RoomLevel level(RoomView view) {
        return new RoomLevel(view.room(), view.lastReadSeq(), view.unread(), view.membership());
    }

    private static List<RoomId> rooms(List<RoomLevel> levels) {
        return levels.stream().map(level -> level.room().id()).toList();
    }

    /** Follows those that are not followed yet; returns whether there were any. */
    private boolean follow(Collection<RoomId> rooms) {
        List<RoomId> more = rooms.stream().filter(room -> follow(room) != null).toList();
        if (!more.isEmpty()) {
            hub.followed(more);
        }
        return !more.isEmpty();
    }

    private RoomPage welcomePage() {
        if (only.isEmpty()) {
            return reading(
                    actor ->
                            hub.rooms()
                                    .list(actor, RoomFilter.OWN, Optional.empty(), WELCOME_ROOMS));
        }
        RoomView view = view(only.get());
        return new RoomPage(List.of(view), Optional.empty());
    }

    private RoomView view(RoomId room) {
        return reading(
                actor -> {
                    RoomView view =
                            hub.rooms()
                                    .view(room, user())
                                    .orElseThrow(() -> Refusal.notFound("room"));
                    Entry.requireRead(actor, view);
                    return view;
                });
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
        becoming.lock();
        try {
            become(renewed);
        } finally {
            becoming.unlock();
        }
        expireAt(renewed);
    }

    /** The platform wrote something about this user. */
    void userChanged(Passing.UserChanged changed) {
        becoming.lock();
        try {
            become(changed.user());
        } finally {
            becoming.unlock();
        }
    }

    private void become(User user) {
        if (user.erased()) {
            end(Ending.NOT_AUTHENTICATED);
            return;
        }
        become(new Visitor(user.person(), user.acting(actor().role()), visitor.expiresAt()));
    }

    /**
     * What the platform wrote about the user counts from here on, whether this node was told of it
     * or not: a role has no version in the rooms that it opens. Blocks on the store.
     *
     * @throws Refusal {@code unavailable}
     */
    public void confirm() {
        while (!ended.get()) {
            long heardOf = hub.usersChanged();
            Optional<User> user = hub.users().find(user());
            becoming.lock();
            try {
                // What is heard meanwhile is newer, and counts once this lock is free.
                if (hub.usersChanged() == heardOf) {
                    user.filter(u -> u.erased() || !u.acting(actor().role()).equals(actor()))
                            .ifPresent(this::become);
                    return;
                }
            } finally {
                becoming.unlock();
            }
        }
    }

    /**
     * What {@code read} finds for the user as they are. For whoever sees it by their role alone the
     * record says afterwards whether that was theirs still.
     *
     * @throws Refusal as {@code read}, {@code unavailable}
     */
    public <T> T reading(Function<Actor, T> read) {
        while (true) {
            Actor as = actor();
            T found = read.apply(as);
            if (as.isAdmin()) {
                confirm();
            }
            if (as.equals(actor())) {
                return found;
            }
        }
    }

    /** Whether the record lets the user read the room. Blocks on the store. */
    boolean mayRead(RoomId room) {
        confirm();
        return !ended.get()
                && hub.rooms()
                        .seat(room, user())
                        .filter(seat -> Entry.mayRead(actor(), seat))
                        .isPresent();
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
        Future<?> next = hub.at(now.expiresAt(), () -> end(Ending.NOT_AUTHENTICATED));
        expiry = next;
        if (before != null) {
            before.cancel(false);
        }
        if (ended.get()) {
            next.cancel(false);
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
        placesNow().forEach(entry -> drop(entry.getKey(), entry.getValue()));
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
        telling.lock();
        try {
            if (!lookInto(room, true)) {
                enter(room);
            }
        } catch (RuntimeException e) {
            if (!(e instanceof Refusal refusal) || refusal.retryable()) {
                LOG.log(Level.DEBUG, "a room is entered later", e);
                hub.later(RETRY, () -> enter(room));
            }
        } finally {
            telling.unlock();
        }
    }

    /**
     * Makes sure that this session follows a room its user may read, participant or not, so that
     * what they do there comes back to them in order. Blocks where it does not follow it yet.
     *
     * @throws Refusal {@code not_found}, {@code unavailable}
     */
    public void look(RoomId room) {
        for (int i = 0; i < MAX_READS; i++) {
            // Whoever is about to enter it has settled by then, or has given up.
            telling.lock();
            try {
                if (follows(room) || ended.get() || lookInto(room, false)) {
                    return;
                }
            } finally {
                telling.unlock();
            }
        }
    }

    /**
     * Follows a room, and shows it where it is the user's own. Returns whether that is settled;
     * otherwise they were put out, and perhaps in again, while it was read.
     *
     * @param ownAlone follow it only where the user is a participant
     */
    private boolean lookInto(RoomId room, boolean ownAlone) {
        Place place = follow(room);
        if (place == null) {
            return true;
        }
        try {
            hub.followed(List.of(room));
            RoomView view = view(room);
            RoomLevel level = level(view);
            Whereabouts.Read people = hub.whereabouts().of(List.of(view));
            if (ownAlone && !level.membership().isIn()) {
                drop(room, place);
                return true;
            }
            Runnable show =
                    () -> {
                        if (level.membership().isIn() && place.following.isShown()) {
                            show(view, people);
                        }
                    };
            return place.stream.settle(place.following, level, show);
        } catch (RuntimeException e) {
            drop(room, place);
            throw e;
        }
    }

    /** Stops following a room that the user only looked at; their own rooms stay. */
    public void lookAway(RoomId room) {
        Place place = place(room);
        if (place != null && !place.following.isParticipant() && !isOnly(room)) {
            drop(room, place);
            // Whoever comes in just now found it followed, and left it at that.
            enter(room);
        }
    }

    private boolean isOnly(RoomId room) {
        return only.filter(room::equals).isPresent();
    }

    /** Whether this session follows the room, be it only to see what its user does there. */
    public boolean follows(RoomId room) {
        return place(room) != null;
    }

    /** Whether this session follows the room and shows it. */
    public boolean shows(RoomId room) {
        Place place = place(room);
        return place != null && place.following.isShown();
    }

    /** Whether the user is a participant of the room, as far as this session was told. */
    public boolean isIn(RoomId room) {
        Place place = place(room);
        return place != null && place.following.isParticipant();
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

    /**
     * Does it once everything up to that version of the room was told, or is covered by what was:
     * an answer to this session alone keeps its place in the room's order. At once where the
     * session does not follow the room, or ceases to.
     */
    public void whenTold(RoomId room, long version, LongConsumer step) {
        Place place = place(room);
        if (place == null) {
            step.accept(version);
        } else {
            place.stream.whenTold(place.following, version, step);
        }
    }

    /**
     * Like {@link #whenTold}, for a change that is on its way already and that nobody waits for:
     * where it is late, the room is not read for its sake.
     */
    public void whenPassed(RoomId room, long version, LongConsumer step) {
        Place place = place(room);
        if (place == null) {
            step.accept(version);
        } else {
            place.stream.whenPassed(place.following, version, step);
        }
    }

    /** How far the user has read in a room, and what is unread there, as this session was told. */
    public record Marked(long upToSeq, long unread) {}

    /**
     * How the user stands in a room that the session follows; nothing where they are in none. Ask
     * it in a step of {@link #whenTold}: between two of them it may lie ahead.
     */
    public Optional<Marked> marked(RoomId room) {
        Place place = place(room);
        return place != null && place.following.isParticipant()
                ? Optional.of(place.following.marked())
                : Optional.empty();
    }

    /**
     * The stream has dismissed this follower: access is gone.
     *
     * @param shown whether the session showed the room
     */
    void lost(RoomId room, Following following, boolean shown, String reason) {
        boolean mine;
        Place gone;
        synchronized (places) {
            gone = places.get(room);
            mine = gone != null && gone.following == following;
            if (mine) {
                places.remove(room);
            }
        }
        if (gone != null && mine) {
            Place left = gone;
            hub.async(() -> hub.unfollow(room, left.stream, following));
        }
        // Who was only about to look is told elsewhere, and not that there is such a room.
        boolean known = following.isSettled() ? shown : only.isEmpty() || isOnly(room);
        if (mine && known && (following.isSettled() || !opened.isDone())) {
            tellLoss(room, new Delivery(new Notice.RoomLeft(room, reason)));
        }
        if (mine && isOnly(room)) {
            end(Ending.ACCESS_LOST);
        }
    }

    private void tellLoss(RoomId room, Delivery loss) {
        synchronized (lostMeanwhile) {
            // A session about this room alone ends by it, and tells of nothing after its sync.
            if (syncing.contains(room) && !isOnly(room)) {
                lostMeanwhile.add(loss);
                return;
            }
        }
        deliver(loss);
    }

    /** Rooms in which others may know whether this user is here. */
    List<RoomId> sharedRooms() {
        return placesNow().stream()
                .filter(
                        e ->
                                e.getValue().following.isParticipant()
                                        && e.getValue().stream.isSmall())
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
        Following.Purpose purpose =
                only.isEmpty()
                        ? Following.Purpose.OWN
                        : isOnly(room) ? Following.Purpose.ALL_THERE_IS : Following.Purpose.COUNT;
        Following following = new Following(this, purpose);
        Place place = new Place(hub.stream(room, following), following);
        boolean first;
        synchronized (places) {
            first = places.putIfAbsent(room, place) == null;
        }
        if (first && !ended.get() && place.stream.has(following)) {
            return place;
        }
        if (first) {
            drop(room, place);
        } else {
            hub.unfollow(room, place.stream, following);
        }
        return null;
    }

    private void drop(RoomId room, Place place) {
        boolean mine;
        synchronized (places) {
            mine = places.remove(room, place);
        }
        if (mine) {
            place.stream.forget(place.following);
            hub.unfollow(room, place.stream, place.following);
        }
    }

    private @Nullable Place place(RoomId room) {
        synchronized (places) {
            return places.get(room);
        }
    }

    private List<Map.Entry<RoomId, Place>> placesNow() {
        synchronized (places) {
            return places.entrySet().stream()
                    .map(e -> Map.entry(e.getKey(), e.getValue()))
                    .toList();
        }
    }

    /**
     * Compares what this session was told with the record; what is missing comes.
     *
     * @param versions of all rooms the user is in
     */
    void compare(Map<RoomId, Long> versions) {
        if (!welcomed || ended.get()) {
            return;
        }
        versions.forEach(
                (room, version) -> {
                    Place place = place(room);
                    if (place == null) {
                        enter(room);
                    } else {
                        place.stream.reached(version);
                    }
                });
        for (Map.Entry<RoomId, Place> entry : placesNow()) {
            Place place = entry.getValue();
            if (place.following.isParticipant() && !versions.containsKey(entry.getKey())) {
                hub.rooms()
                        .find(entry.getKey())
                        .ifPresent(room -> place.stream.reached(room.version()));
            }
        }
    }

    // --- being brought level

    /**
     * Tells what this session missed while it was away, room by room: messages in order, then what
     * else changed. The rooms' live changes wait until the end was told. Blocks on the store, and
     * as long as {@code out} does.
     *
     * @param held what it has of each room
     * @param out takes the notices, in order
     * @param last takes the end
     * @throws Refusal {@code invalid} for a room that this session does not carry, {@code
     *     unavailable}: then not everything was told
     */
    public void sync(Map<RoomId, Held> held, Consumer<Delivery> out, Consumer<Synced> last) {
        if (only.isPresent() && !held.keySet().stream().allMatch(this::isOnly)) {
            throw Refusal.invalid("rooms", "this address carries room " + only.get() + " alone");
        }
        telling.lock();
        try {
            List<Waiting> waiting = new ArrayList<>();
            try {
                begin(held.keySet());
                held.forEach((room, from) -> waiting.add(new Waiting(room, from)));
                waiting.forEach(this::hold);
                hub.followed(waiting.stream().filter(w -> w.entered).map(w -> w.room).toList());
                Map<RoomId, Optional<Synced.Level>> levels = new LinkedHashMap<>();
                for (Waiting room : waiting) {
                    if (ended.get()) {
                        return;
                    }
                    levels.put(room.room, syncRoom(room, out));
                }
                inTurn(() -> last.accept(synced(waiting, levels)));
            } finally {
                end();
                waiting.forEach(this::release);
            }
        } finally {
            telling.unlock();
        }
    }

    /** A room that was lost meanwhile has no level: it is in no total any more. */
    private Synced synced(List<Waiting> waiting, Map<RoomId, Optional<Synced.Level>> levels) {
        for (Waiting room : waiting) {
            Place place = room.place;
            if (place != null && place.following.isOver()) {
                levels.put(room.room, Optional.empty());
            }
        }
        return new Synced(totalUnread(), levels);
    }

    private void begin(Set<RoomId> rooms) {
        synchronized (lostMeanwhile) {
            syncing = Set.copyOf(rooms);
        }
    }

    private void end() {
        List<Delivery> losses;
        synchronized (lostMeanwhile) {
            syncing = Set.of();
            losses = List.copyOf(lostMeanwhile);
            lostMeanwhile.clear();
        }
        // Not under that lock: whoever is lost takes it in the session's turn.
        losses.forEach(this::deliver);
    }

    /** A room whose changes wait, and how far a sync has told it. */
    private static final class Waiting {
        private final RoomId room;
        private final Held from;
        private @Nullable Place place;

        /** Whether it was not followed before: its user has come back into it. */
        private boolean entered;

        private @Nullable RoomLevel told;

        private Waiting(RoomId room, Held from) {
            this.room = room;
            this.from = from;
        }
    }

    /**
     * From here on the room's changes wait. One that is the user's own and not followed yet (they
     * have come back into it, and this session was not told so yet) is followed from here on: what
     * the sync reads covers it, and what comes later connects to that.
     */
    private void hold(Waiting room) {
        room.place = place(room.room);
        if (room.place == null
                && hub.rooms()
                        .seat(room.room, user())
                        .filter(seat -> seat.membership().isIn())
                        .isPresent()) {
            room.place = follow(room.room);
            room.entered = room.place != null;
        }
        Place place = room.place;
        if (place != null && !room.entered) {
            place.stream.hold(place.following);
        }
    }

    private void release(Waiting room) {
        Place place = room.place;
        RoomLevel told = room.told;
        if (place == null) {
            return;
        }
        if (!room.entered) {
            boolean changesToo = room.from.version() != Held.MESSAGES_ALONE;
            place.stream.release(
                    place.following,
                    told != null && changesToo ? told.room().version() : 0,
                    told != null ? told.room().lastSeq() : 0);
        } else if (told == null) {
            drop(room.room, place);
            enter(room.room);
        } else if (!place.stream.settle(place.following, told, () -> {})) {
            // Out again since it was read, and perhaps in once more.
            deliver(new Delivery(new Notice.RoomLeft(room.room, RoomStream.ACCESS_LOST)));
            enter(room.room);
        }
    }

    private Optional<Synced.Level> syncRoom(Waiting waiting, Consumer<Delivery> out) {
        Held from = waiting.from;
        try {
            Changes changes = changes(waiting);
            for (int i = 0; i < MAX_READS && waiting.place == null && isIn(changes); i++) {
                // They came in after the changes were held: it is followed first, and read again.
                hold(waiting);
                hub.followed(List.of(waiting.room));
                changes = changes(waiting);
            }
            Place place = waiting.place;
            if (place == null && isIn(changes)) {
                // In and out all the while: the room comes by itself once they are in.
                return Optional.empty();
            }
            Room now = changes.room();
            if (place != null && place.following.isParticipant() && !isIn(changes)) {
                // They have left what anybody may read. Told of it by this, its stream would take
                // the leaving for known, and nobody would say so.
                putOut(waiting, RoomStream.reasonIn(now.type()));
                return Optional.empty();
            }
            Optional<Participant> reader = changes.reader().filter(Participant::present);
            RoomLevel level =
                    new RoomLevel(
                            now,
                            reader.map(Participant::lastReadSeq).orElse(0L),
                            reader.map(p -> p.unread(now.lastSeq())).orElse(0L),
                            reader.map(p -> p.membership(now.key())).orElse(Membership.NONE));
            if (place != null) {
                place.stream.count(place.following, level);
            }
            tell(changes, level, from, waiting.entered, out);
            if (!waiting.entered || reader.isPresent()) {
                waiting.told = level;
            }
            return Optional.of(
                    new Synced.Level(
                            now.lastSeq(), now.version(), level.lastReadSeq(), level.unread()));
        } catch (Refusal refusal) {
            if (refusal.retryable()) {
                throw refusal;
            }
            putOut(waiting, RoomStream.ACCESS_LOST);
            return Optional.empty();
        }
    }

    /**
     * The record says that a room is lost, whatever its stream has come to: nothing more of it is
     * told or counted. Were they let in again since, they enter it anew.
     */
    private void putOut(Waiting waiting, String reason) {
        Place place = waiting.place;
        if (place != null) {
            place.stream.putOut(place.following, reason);
            enter(waiting.room);
        }
    }

    private Changes changes(Waiting waiting) {
        Held from = waiting.from;
        return reading(
                actor ->
                        hub.rooms()
                                .changes(
                                        waiting.room,
                                        user(),
                                        Entry.reading(actor),
                                        from.seq(),
                                        from.version()));
    }

    private static boolean isIn(Changes changes) {
        return changes.reader().filter(Participant::present).isPresent();
    }

    private void tell(
            Changes changes, RoomLevel level, Held from, boolean entered, Consumer<Delivery> out) {
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
        record Other(long version, Supplier<Notice> notice) {}
        List<Other> others = new ArrayList<>();
        for (Message message : changes.rewritten()) {
            others.add(
                    new Other(
                            message.version(),
                            () ->
                                    message.isDeleted()
                                            ? new Notice.Deleted(message.version(), message)
                                            : new Notice.Edited(message.version(), message)));
        }
        for (Participant p : changes.moved()) {
            if (p.user().equals(user()) && p.present()) {
                others.add(
                        new Other(
                                p.version(),
                                // Not before it is told: other rooms' changes are, meanwhile.
                                () ->
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
                                () ->
                                        new Notice.Read(
                                                now.id(), p.version(), p.user(), p.lastReadSeq())));
            }
        }
        others.sort(Comparator.comparingLong(Other::version));
        others.forEach(other -> out.accept(new Delivery(other.notice().get())));
        if (entered || now.stateVersion() > from.version()) {
            RoomView view =
                    RoomStream.asOf(
                            view(now.id()),
                            now.version(),
                            now.lastSeq(),
                            level.lastReadSeq(),
                            level.unread());
            out.accept(shown(view, hub.whereabouts().of(List.of(view))));
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
        handOver(delivery);
    }

    /** Shows a room with its people where they are by now. */
    void show(RoomView view, Whereabouts.Read people) {
        deliver(shown(view, people));
    }

    private Delivery shown(RoomView view, Whereabouts.Read people) {
        return new Delivery(new Notice.RoomShown(view, hub.whereabouts().now(people)));
    }

    /** Left and entered again before the welcome: only the second is worth telling. */
    private boolean isOver(Delivery delivery) {
        return !(delivery.notice() instanceof Notice.RoomLeft left && place(left.room()) != null);
    }

    /** A far side that fails is given up; nobody else's deliveries fail with it. */
    private void handOver(Delivery delivery) {
        try {
            listener.deliver(delivery);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a listener failed", e);
            end(Ending.TRY_LATER);
        }
    }

    private void welcome(Consumer<Welcome> first, Start start) {
        Welcome welcome = fitting(start);
        synchronized (early) {
            first.accept(welcome);
            early.stream().filter(this::isOver).forEach(this::handOver);
            early.clear();
            welcomed = true;
        }
    }

    /** The total and the rooms of one moment; what is lost after it is told after it. */
    private Welcome fitting(Start start) {
        turn.lock();
        try {
            return new Welcome(
                    person(),
                    id,
                    totalUnread(),
                    withoutLost(start.page),
                    hub.whereabouts().now(start.people));
        } finally {
            turn.unlock();
        }
    }

    private boolean counts(RoomId room) {
        Place place = place(room);
        return place != null && !place.following.isOver();
    }

    /** A room that was lost since it was read is in no total any more. */
    private RoomPage withoutLost(RoomPage page) {
        return new RoomPage(
                page.rooms().stream().filter(view -> counts(view.room().id())).toList(),
                page.next());
    }

    void addUnread(long delta) {
        if (delta != 0) {
            totalUnread.addAndGet(delta);
        }
    }
}
