package com.ecleaner.chat.application.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** What a hub keeps of people who come, go, and are lost with other nodes. */
class HubTest {
    private static final Duration COMPARISON = Duration.ofSeconds(30);
    private static final Actor PLATFORM = new Actor(new UserId("platform"), Role.SERVICE);
    private static final Person JOHN = new Person(new UserId("john"), "john", "John");
    private static final Person ANNA = new Person(new UserId("anna"), "anna", "Anna");

    private final InMemoryStore store = new InMemoryStore();
    private final HandMovedTime time = new HandMovedTime();
    private final InProcessEventBus bus = new InProcessEventBus();
    private final OtherNodes presence = new OtherNodes();
    private final AtomicInteger levelsAsked = new AtomicInteger();
    private final AtomicInteger levelsRefused = new AtomicInteger();
    private final Hub hub = time.hub(rooms(), store.users(), bus, presence, 10);

    /** Presence as it is where there are other nodes. */
    private static final class OtherNodes implements Presence {
        private final InMemoryPresence here = new InMemoryPresence();
        private BiConsumer<UserId, Instant> lost = (user, at) -> {};
        private int elsewhere;

        @Override
        public boolean arrived(UserId user, String session) {
            return here.arrived(user, session);
        }

        @Override
        public boolean left(UserId user, String session, Instant at) {
            return here.left(user, session, at);
        }

        @Override
        public int elsewhere(UserId user) {
            return elsewhere;
        }

        @Override
        public Map<UserId, Seen> of(Set<UserId> users) {
            return here.of(users);
        }

        @Override
        public void whenLost(BiConsumer<UserId, Instant> listener) {
            lost = listener;
        }
    }

    @AfterEach
    void stop() {
        hub.close();
        bus.close();
    }

    private Rooms rooms() {
        return (Rooms)
                Proxy.newProxyInstance(
                        Rooms.class.getClassLoader(),
                        new Class<?>[] {Rooms.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("levels")) {
                                levelsAsked.incrementAndGet();
                                if (levelsRefused.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                                    throw Refusal.unavailable("the store is away");
                                }
                            }
                            try {
                                return method.invoke(store.rooms(), arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private static final class Deaf implements Listener {
        @Override
        public void deliver(Delivery delivery) {}

        @Override
        public void end(Ending ending) {}
    }

    @Test
    void nothing_is_kept_of_a_user_who_has_all_their_connections_on_other_nodes() {
        presence.elsewhere = 10;
        Visitor john =
                new Visitor(
                        JOHN,
                        new Actor(JOHN.id(), Role.CLEANER),
                        time.instant().plus(Duration.ofHours(1)));

        assertThatThrownBy(() -> hub.connect(john, Optional.empty(), new Deaf()))
                .isInstanceOf(Hub.Refused.class);

        // A round of comparisons begins, ends, and has asked for nobody.
        await().until(() -> time.dueWithin(COMPARISON) == 2);
        time.move(COMPARISON);
        await().until(() -> time.dueWithin(COMPARISON) == 2);
        assertThat(levelsAsked).hasValue(0);
    }

    @Test
    void who_was_lost_with_a_node_is_told_offline_once_the_store_answers_again() {
        Jobs.Writing kitchen =
                new Jobs.Writing(
                        new JobId("5"),
                        "Kitchen",
                        "assigned",
                        Optional.of(ANNA),
                        Optional.of(JOHN),
                        Optional.empty());
        store.jobs().write(kitchen, PLATFORM, time.instant());
        RoomId room = store.rooms().find(RoomKey.OfJob.main(new JobId("5"))).orElseThrow().id();
        List<ChatEvent> heard = new CopyOnWriteArrayList<>();
        bus.listen(heard::add);
        Instant at = time.instant();
        levelsRefused.set(2);

        presence.lost.accept(JOHN.id(), at);

        await().until(
                        () -> {
                            time.move(Duration.ofMillis(500));
                            return heard.contains(
                                    new Passing.PresenceChanged(
                                            JOHN.id(), Set.of(room), false, Optional.of(at)));
                        });
        assertThat(levelsAsked).hasValue(3);
    }
}
