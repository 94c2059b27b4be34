package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Admission;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.EarlierPage;
import com.ecleaner.chat.domain.view.Member;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.Recent;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.domain.view.Seat;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Rooms in memory. */
final class InMemoryRooms implements Rooms {
    private static final Comparator<RoomCursor> LAST_ACTIVE_FIRST =
            Comparator.comparing(RoomCursor::updatedAt).thenComparing(RoomCursor::room).reversed();

    private final Memory memory;

    InMemoryRooms(Memory memory) {
        this.memory = memory;
    }

    @Override
    public Opened open(RoomKey key, Actor by, Instant at) {
        memory.whole.lock();
        try {
            Optional<RoomMemory> there = memory.find(key);
            if (there.isPresent()) {
                return new Opened(there.get().room(), false, Set.of());
            }
            Optional<Job> job = key.job().map(id -> job(id));
            if (key instanceof RoomKey.OfJob && !job.map(Job::active).orElse(false)) {
                throw Refusal.roomClosed();
            }
            Map<UserId, Role> people =
                    switch (key) {
                        case RoomKey.OfJob of -> job.orElseThrow().people();
                        case RoomKey.OfSupport of -> Map.of(of.opener(), role(of.opener(), by));
                        case RoomKey.OfAll of -> Map.of();
                    };
            Room room = memory.make(key, people, true, at).room();
            return new Opened(room, true, Set.copyOf(people.keySet()));
        } finally {
            memory.whole.unlock();
        }
    }

    private Job job(JobId id) {
        return Optional.ofNullable(memory.jobs.get(id)).orElseThrow(() -> Refusal.notFound("job"));
    }

    private Role role(UserId opener, Actor by) {
        Optional<User> known = Optional.ofNullable(memory.users.get(opener));
        if (known.filter(User::erased).isPresent()) {
            throw Refusal.notFound("user");
        }
        return known.flatMap(User::role).orElse(opener.equals(by.id()) ? by.role() : Role.CLIENT);
    }

    @Override
    public Optional<Room> find(RoomId room) {
        return memory.find(room).map(RoomMemory::room);
    }

    @Override
    public Optional<Room> find(RoomKey key) {
        return memory.find(key).map(RoomMemory::room);
    }

    @Override
    public Optional<Seat> seat(RoomId room, UserId user) {
        return memory.find(room).map(r -> r.read(locked -> locked.seat(user)));
    }

    @Override
    public Optional<RoomView> view(RoomId room, UserId viewer) {
        return Optional.ofNullable(views(room, Set.of(viewer)).get(viewer));
    }

    @Override
    public Map<UserId, RoomView> views(RoomId room, Set<UserId> viewers) {
        return memory.find(room)
                .map(r -> r.read(locked -> views(locked, viewers)))
                .orElse(Map.of());
    }

    private Map<UserId, RoomView> views(RoomMemory locked, Set<UserId> viewers) {
        Room room = locked.room();
        Optional<Job> job =
                room.key().job().flatMap(id -> Optional.ofNullable(memory.jobs.get(id)));
        List<Member> people = people(locked);
        Optional<Message> last =
                locked.messages(new Position.Latest().run(1, room.lastSeq())).stream().findFirst();
        Map<UserId, RoomView> views = new LinkedHashMap<>();
        for (UserId viewer : viewers) {
            Optional<Participant> row = locked.row(viewer).filter(Participant::present);
            views.put(
                    viewer,
                    new RoomView(
                            room,
                            job,
                            people,
                            row.map(Participant::lastReadSeq).orElse(0L),
                            row.map(p -> p.unread(room.lastSeq())).orElse(0L),
                            row.map(locked::membership).orElse(Membership.NONE),
                            last));
        }
        return views;
    }

    /** Whoever moved last in the room, in order of joining. */
    private List<Member> people(RoomMemory locked) {
        return locked.rows().stream()
                .filter(Participant::present)
                .sorted(Comparator.comparingLong(Participant::version).reversed())
                .limit(Room.SMALL)
                .sorted(
                        Comparator.comparing(Participant::joinedAt)
                                .thenComparing(Participant::user))
                .map(p -> new Member(memory.person(p.user()), p))
                .toList();
    }

    @Override
    public RoomPage list(Actor viewer, RoomFilter filter, Optional<RoomCursor> after, int limit) {
        Collection<RoomMemory> all =
                filter.everyRoom() ? memory.rooms() : memory.roomsWith(viewer.id());
        List<RoomCursor> page =
                all.stream()
                        .map(r -> r.read(locked -> locked.seat(viewer.id())))
                        .filter(
                                seat ->
                                        filter.everyRoom()
                                                || seat.membership().counts(viewer.role()))
                        .map(Seat::room)
                        .filter(r -> filter.type().map(r.type()::equals).orElse(true))
                        .filter(r -> filter.active().map(a -> a == r.active()).orElse(true))
                        .map(r -> new RoomCursor(r.updatedAt(), r.id()))
                        .filter(
                                c ->
                                        after.map(a -> LAST_ACTIVE_FIRST.compare(a, c) < 0)
                                                .orElse(true))
                        .sorted(LAST_ACTIVE_FIRST)
                        .limit(limit + 1L)
                        .toList();
        List<RoomView> views =
                page.stream()
                        .limit(limit)
                        .map(c -> view(c.room(), viewer.id()).orElseThrow())
                        .toList();
        return new RoomPage(
                views, page.size() > limit ? Optional.of(page.get(limit - 1)) : Optional.empty());
    }

    @Override
    public long totalUnread(Actor user) {
        return levels(user.id()).stream()
                .filter(level -> level.membership().counts(user.role()))
                .mapToLong(RoomLevel::unread)
                .sum();
    }

    @Override
    public List<RoomLevel> levels(UserId user) {
        return memory.roomsWith(user).stream()
                .flatMap(
                        r ->
                                r
                                        .read(
                                                locked ->
                                                        locked.row(user)
                                                                .filter(Participant::present)
                                                                .map(p -> level(locked, p)))
                                        .stream())
                .toList();
    }

    private static RoomLevel level(RoomMemory locked, Participant row) {
        Room room = locked.room();
        return new RoomLevel(
                room, row.lastReadSeq(), row.unread(room.lastSeq()), locked.membership(row));
    }

    @Override
    public Recent recent(long mark) {
        long now = memory.changes();
        if (mark == Recent.FROM_NOW) {
            return new Recent(now, List.of(), List.of());
        }
        List<Recent.Moved> moved =
                memory.rooms().stream()
                        .filter(room -> room.changed() > mark)
                        .map(room -> room.read(locked -> moved(locked, mark)))
                        .toList();
        return new Recent(now, moved, memory.usersChangedAfter(mark));
    }

    private static Recent.Moved moved(RoomMemory locked, long mark) {
        Room room = locked.room();
        boolean state = locked.stateChanged() > mark;
        return new Recent.Moved(
                room.id(), room.type(), room.version(), state, state ? locked.present() : Set.of());
    }

    @Override
    public MessagePage history(
            RoomId room, UserId reader, Admission admission, Position position, int limit) {
        return admitted(
                room,
                reader,
                admission,
                locked -> {
                    long end = locked.room().lastSeq();
                    return MessagePage.of(locked.messages(position.run(limit, end)), position, end);
                });
    }

    @Override
    public EarlierPage earlier(
            RoomId room,
            UserId reader,
            Admission admission,
            MessageId message,
            long afterVersion,
            int limit) {
        return admitted(
                room,
                reader,
                admission,
                locked -> EarlierPage.of(locked.earlier(message, afterVersion, limit + 1), limit));
    }

    @Override
    public Changes changes(
            RoomId room, UserId reader, Admission admission, long seq, long version) {
        return admitted(room, reader, admission, locked -> changes(locked, reader, seq, version));
    }

    private static Changes changes(RoomMemory locked, UserId reader, long seq, long version) {
        long end = locked.room().lastSeq();
        List<Message> rewritten = locked.rewritten(seq, version);
        OptionalLong from = OptionalLong.empty();
        long to = 0;
        boolean postedTooLong = end - seq > Changes.MAX_MESSAGES;
        boolean rewrittenTooLong = rewritten.size() > Changes.MAX_MESSAGES;
        if (postedTooLong) {
            from = OptionalLong.of(seq + 1);
            to = end;
        }
        if (rewrittenTooLong) {
            from = OptionalLong.of(rewritten.getFirst().seq());
            to = Math.max(to, rewritten.getLast().seq());
        }
        long gapEnd = to;
        return new Changes(
                locked.room(),
                postedTooLong || seq >= end
                        ? List.of()
                        : locked.messages(new Position.Run(seq + 1, end)),
                rewrittenTooLong
                        ? List.of()
                        : locked.told(rewritten).stream()
                                .sorted(Comparator.comparingLong(Message::version))
                                .toList(),
                locked.rows().stream()
                        .filter(p -> p.version() > version)
                        .sorted(Comparator.comparingLong(Participant::version))
                        .toList(),
                locked.row(reader),
                from.stream().mapToObj(f -> new Changes.Gap(f, gapEnd)).findFirst());
    }

    private <T> T admitted(
            RoomId id, UserId reader, Admission admission, Function<RoomMemory, T> reading) {
        Optional<RoomMemory> room = memory.find(id);
        if (room.isEmpty()) {
            admission.admit(Optional.empty());
            throw Refusal.notFound("room");
        }
        return room.get()
                .read(
                        locked -> {
                            admission.admit(Optional.of(locked.seat(reader)));
                            return reading.apply(locked);
                        });
    }
}
