package com.ecleaner.chat.application.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.RoomView;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** A bus that loses, repeats and swaps events delays what they tell, and breaks no promise. */
class FaultyBusTest {
    private static final Actor PLATFORM = new Actor(new UserId("platform"), Role.SERVICE);
    private static final Actor ANNA = new Actor(new UserId("anna"), Role.CLIENT);
    private static final List<Actor> CLEANERS =
            List.of(
                    new Actor(new UserId("john"), Role.CLEANER),
                    new Actor(new UserId("kate"), Role.CLEANER));

    /** Loses one event in ten, repeats one, and keeps one back until the next has passed. */
    private static final class FaultyBus implements EventBus {
        private final Random random;
        private final List<Consumer<ChatEvent>> listeners = new ArrayList<>();
        private ChatEvent keptBack;
        private boolean sound;
        private boolean dead;

        FaultyBus(long seed) {
            random = new Random(seed);
        }

        @Override
        public synchronized void publish(ChatEvent event) {
            if (dead) {
                return;
            }
            int fate = sound ? 9 : random.nextInt(10);
            if (fate == 0) {
                return;
            }
            if (fate == 1 && keptBack == null) {
                keptBack = event;
                return;
            }
            tell(event);
            if (fate == 2) {
                tell(event);
            }
            if (keptBack != null) {
                ChatEvent late = keptBack;
                keptBack = null;
                tell(late);
            }
        }

        private void tell(ChatEvent event) {
            listeners.forEach(listener -> listener.accept(event));
        }

        @Override
        public synchronized void listen(Consumer<ChatEvent> listener) {
            listeners.add(listener);
        }

        @Override
        public CompletionStage<Void> follow(RoomId room) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void unfollow(RoomId room) {}
    }

    /** What one connection was told, held against what it may be told. */
    private final class Copy implements Listener {
        private final UserId user;
        private final Map<RoomId, TreeMap<Long, Message>> logs = new HashMap<>();
        private final Map<RoomId, Long> versions = new HashMap<>();
        private final Map<RoomId, Long> ends = new HashMap<>();

        Copy(UserId user) {
            this.user = user;
        }

        synchronized void begin(RoomView view) {
            RoomId room = view.room().id();
            logs.put(room, new TreeMap<>());
            versions.put(room, view.room().version());
            ends.put(room, view.room().lastSeq());
        }

        @Override
        public synchronized void deliver(Delivery delivery) {
            switch (delivery.notice()) {
                case Notice.Posted posted -> {
                    RoomId room = posted.message().room();
                    long seq = posted.message().seq();
                    told(room, posted.version());
                    if (seq != ends.getOrDefault(room, 0L) + 1) {
                        faults.add(user + " got " + seq + " after " + ends.get(room));
                    }
                    Long out = outSince.get(user + " " + room);
                    if (out != null && seq > out) {
                        faults.add(user + " got " + seq + " having lost access at " + out);
                    }
                    ends.put(room, seq);
                    logs.get(room).put(seq, posted.message());
                }
                case Notice.Edited edited -> change(edited.version(), edited.message());
                case Notice.Deleted deleted -> change(deleted.version(), deleted.message());
                case Notice.Read read -> told(read.room(), read.version());
                case Notice.OwnRead read -> told(read.room(), read.version());
                case Notice.RoomShown shown -> {
                    if (logs.containsKey(shown.room().room().id())) {
                        told(shown.room().room().id(), shown.room().room().version());
                    } else {
                        begin(shown.room());
                    }
                }
                case Notice.RoomLeft left -> {
                    logs.remove(left.room());
                    versions.remove(left.room());
                    ends.remove(left.room());
                }
                default -> {}
            }
        }

        private void change(long version, Message message) {
            RoomId room = message.room();
            told(room, version);
            if (message.seq() > ends.getOrDefault(room, 0L)) {
                faults.add(user + ": a change of " + message.seq() + " overtook it");
            } else {
                logs.get(room).computeIfPresent(message.seq(), (seq, held) -> message);
            }
        }

        private void told(RoomId room, long version) {
            Long before = versions.get(room);
            if (before == null) {
                faults.add(user + " was told of " + room + " and is not in it");
            } else if (version < before) {
                faults.add(user + ": versions fell from " + before + " to " + version);
            }
            versions.merge(room, version, Math::max);
        }

        @Override
        public void end(Ending ending) {
            faults.add(user + " was ended: " + ending);
        }

        synchronized void check() {
            for (RoomId room : rooms) {
                RoomView view = store.rooms().view(room, user).orElseThrow();
                assertThat(logs.containsKey(room))
                        .as("%s in %s", user, room)
                        .isEqualTo(view.membership().isIn());
                if (!view.membership().isIn()) {
                    continue;
                }
                assertThat(ends.get(room))
                        .as("%s in %s", user, room)
                        .isEqualTo(view.room().lastSeq());
                for (Message held : logs.get(room).values()) {
                    Message kept =
                            store.rooms()
                                    .history(
                                            room,
                                            user,
                                            seat -> {},
                                            new Position.After(held.seq() - 1),
                                            1)
                                    .messages()
                                    .getFirst();
                    assertThat(held.content()).isEqualTo(kept.content());
                    assertThat(held.deletedAt()).isEqualTo(kept.deletedAt());
                }
            }
        }
    }

    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Long> outSince = new ConcurrentHashMap<>();
    private final List<RoomId> rooms = new ArrayList<>();
    private final InMemoryStore store = new InMemoryStore();
    private final HandMovedTime time = new HandMovedTime();

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everybody_sees_every_room_in_order_and_is_level_in_the_end(long seed) {
        play(seed, new FaultyBus(seed), Hub::compare);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void what_no_event_tells_of_at_all_is_found_by_asking_what_changed_lately(long seed) {
        FaultyBus bus = new FaultyBus(seed);
        bus.dead = true;
        play(seed, bus, hub -> {});
    }

    private void play(long seed, FaultyBus bus, Consumer<Hub> inTheEnd) {
        Random random = new Random(seed);
        Chat chat =
                new Chat(
                        new Chat.Stores(
                                store.log(),
                                store.rooms(),
                                store.jobs(),
                                store.users(),
                                store.search()),
                        bus,
                        RateLimits.NONE,
                        time);
        try (Hub hub = time.hub(store.rooms(), store.users(), bus, new InMemoryPresence(), 10)) {
            for (int job = 0; job < 2; job++) {
                chat.maintainJobs().put(PLATFORM, job(job, Optional.of(CLEANERS.getFirst())));
                rooms.add(
                        chat.openRoom()
                                .open(ANNA, RoomKey.OfJob.main(new JobId("j" + job)))
                                .view()
                                .room()
                                .id());
            }
            Map<Copy, LiveSession> sessions = new HashMap<>();
            for (Actor actor : List.of(ANNA, CLEANERS.get(0), CLEANERS.get(1))) {
                for (int device = 0; device < 2; device++) {
                    Copy copy = new Copy(actor.id());
                    sessions.put(copy, open(hub, actor, copy));
                }
            }
            List<MessageId> said = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                act(chat, random, said);
                if (random.nextInt(10) == 0) {
                    time.move(Duration.ofMillis(60));
                }
            }
            bus.sound = true;
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> {
                                inTheEnd.accept(hub);
                                time.move(Duration.ofSeconds(1));
                                assertThat(faults).isEmpty();
                                sessions.forEach(this::check);
                            });
        }
    }

    private void check(Copy copy, LiveSession session) {
        copy.check();
        long unread =
                rooms.stream()
                        .mapToLong(
                                room -> store.rooms().view(room, copy.user).orElseThrow().unread())
                        .sum();
        assertThat(session.totalUnread()).as("unread of %s", copy.user).isEqualTo(unread);
    }

    private LiveSession open(Hub hub, Actor actor, Copy copy) {
        Person person = new Person(actor.id(), actor.id().value(), actor.id().value());
        try {
            LiveSession session =
                    hub.connect(
                            new Visitor(person, actor, Instant.parse("2100-01-01T00:00:00Z")),
                            Optional.empty(),
                            copy);
            session.open(welcome -> welcome.rooms().rooms().forEach(copy::begin));
            return session;
        } catch (Hub.Refused refused) {
            throw new AssertionError(refused);
        }
    }

    private void act(Chat chat, Random random, List<MessageId> said) {
        int job = random.nextInt(rooms.size());
        RoomId room = rooms.get(job);
        Actor actor = random.nextInt(2) == 0 ? ANNA : CLEANERS.get(random.nextInt(2));
        boolean present = store.rooms().seat(room, actor.id()).orElseThrow().membership().isIn();
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3, 4 -> {
                if (present) {
                    said.add(
                            Commits.await(
                                            chat.sendMessage()
                                                    .send(
                                                            actor,
                                                            room,
                                                            Draft.text("x" + said.size())))
                                    .message()
                                    .orElseThrow()
                                    .id());
                }
            }
            case 5, 6 -> {
                if (present) {
                    Commits.await(chat.markRead().read(actor, room, random.nextLong(60)));
                }
            }
            case 7, 8 -> change(chat, random, actor, room, said);
            default -> {
                Optional<Actor> next =
                        random.nextInt(3) == 0
                                ? Optional.empty()
                                : Optional.of(CLEANERS.get(random.nextInt(2)));
                // Whoever comes in may see everything again before the booking returns.
                next.ifPresent(cleaner -> outSince.remove(cleaner.id() + " " + room));
                chat.maintainJobs().put(PLATFORM, job(job, next));
                long end = store.rooms().find(room).orElseThrow().lastSeq();
                for (Actor cleaner : CLEANERS) {
                    if (next.filter(cleaner::equals).isEmpty()) {
                        outSince.putIfAbsent(cleaner.id() + " " + room, end);
                    }
                }
            }
        }
    }

    private static void change(
            Chat chat, Random random, Actor actor, RoomId room, List<MessageId> said) {
        if (said.isEmpty()) {
            return;
        }
        MessageId message = said.get(random.nextInt(said.size()));
        try {
            if (random.nextBoolean()) {
                Commits.await(chat.editMessage().edit(actor, room, message, "edited"));
            } else {
                Commits.await(chat.deleteMessage().delete(actor, room, message));
            }
        } catch (Refusal notTheirs) {
            // Somebody else's, in another room, or deleted already.
        }
    }

    private static Jobs.Writing job(int job, Optional<Actor> cleaner) {
        return new Jobs.Writing(
                new JobId("j" + job),
                "Job " + job,
                "assigned",
                Optional.of(new Person(ANNA.id(), "anna", "Anna")),
                cleaner.map(c -> new Person(c.id(), c.id().value(), "C")),
                Optional.empty());
    }
}
