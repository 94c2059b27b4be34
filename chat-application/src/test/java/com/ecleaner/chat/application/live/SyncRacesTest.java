package com.ecleaner.chat.application.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What happens between two steps of a sync or a welcome, placed exactly there. */
class SyncRacesTest {
    private static final Actor PLATFORM = new Actor(new UserId("platform"), Role.SERVICE);
    private static final Actor ANNA = new Actor(new UserId("anna"), Role.CLIENT);
    private static final Actor OFFICE = new Actor(new UserId("office"), Role.ADMIN);
    private static final Actor JOHN = new Actor(new UserId("john"), Role.CLEANER);

    /** Something to do once, right before or after the store is asked that. */
    private record Meanwhile(String question, boolean before, Runnable what) {}

    private final AtomicReference<Meanwhile> meanwhile = new AtomicReference<>();
    private final InMemoryStore store = new InMemoryStore();
    private final HandMovedTime time = new HandMovedTime();
    private final InProcessEventBus bus = new InProcessEventBus();
    private final Chat chat = chat(bus);
    private final Hub hub = time.hub(rooms(), store.users(), bus, new InMemoryPresence(), 10);
    private final List<Notice> told = Collections.synchronizedList(new ArrayList<>());
    private final List<Ending> ended = Collections.synchronizedList(new ArrayList<>());
    private volatile Consumer<Notice> whileTelling = notice -> {};
    private RoomId room;

    @BeforeEach
    void a_job_is_booked() {
        assign(Optional.of(JOHN));
        room = store.rooms().find(RoomKey.OfJob.main(new JobId("5"))).orElseThrow().id();
    }

    @AfterEach
    void stop() {
        assertThat(ended).isEmpty();
        hub.close();
        bus.close();
    }

    private Rooms rooms() {
        return (Rooms)
                Proxy.newProxyInstance(
                        Rooms.class.getClassLoader(),
                        new Class<?>[] {Rooms.class},
                        (proxy, method, arguments) -> {
                            happen(method.getName(), true);
                            try {
                                Object answer = method.invoke(store.rooms(), arguments);
                                happen(method.getName(), false);
                                return answer;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private void happen(String question, boolean before) {
        Meanwhile now = meanwhile.get();
        if (now != null
                && now.question().equals(question)
                && now.before() == before
                && meanwhile.compareAndSet(now, null)) {
            now.what().run();
        }
    }

    /** A node's, with that bus. */
    private Chat chat(InProcessEventBus its) {
        return new Chat(
                new Chat.Stores(
                        store.log(), store.rooms(), store.jobs(), store.users(), store.search()),
                its,
                RateLimits.NONE,
                time);
    }

    private void assign(Optional<Actor> cleaner) {
        assign(chat, cleaner);
    }

    private static void assign(Chat node, Optional<Actor> cleaner) {
        node.maintainJobs()
                .put(
                        PLATFORM,
                        new Jobs.Writing(
                                new JobId("5"),
                                "Kitchen",
                                "assigned",
                                Optional.of(person(ANNA)),
                                cleaner.map(SyncRacesTest::person),
                                Optional.empty()));
    }

    private static Person person(Actor actor) {
        return new Person(actor.id(), actor.id().value(), "First " + actor.id());
    }

    private void say(String text) {
        Commits.await(chat.sendMessage().send(ANNA, room, Draft.text(text)));
    }

    private LiveSession john(List<Welcome> welcomes) {
        return connect(JOHN, welcomes);
    }

    private LiveSession connect(Actor actor, List<Welcome> welcomes) {
        return connect(actor, Optional.empty(), welcomes);
    }

    private LiveSession connect(Actor actor, Optional<RoomId> only, List<Welcome> welcomes) {
        return connect(actor, only, welcomes::add);
    }

    private LiveSession connect(Actor actor, Optional<RoomId> only, Consumer<Welcome> first) {
        return connect(hub, actor, only, first);
    }

    private LiveSession connect(
            Hub node, Actor actor, Optional<RoomId> only, Consumer<Welcome> first) {
        Listener listener =
                new Listener() {
                    @Override
                    public void deliver(Delivery delivery) {
                        told.add(delivery.notice());
                        whileTelling.accept(delivery.notice());
                    }

                    @Override
                    public void end(Ending ending) {
                        ended.add(ending);
                    }
                };
        try {
            LiveSession session =
                    node.connect(
                            new Visitor(
                                    person(actor), actor, Instant.parse("2100-01-01T00:00:00Z")),
                            only,
                            listener);
            session.open(first);
            return session;
        } catch (Hub.Refused refused) {
            throw new AssertionError(refused);
        }
    }

    private LiveSession john() {
        return john(new ArrayList<>());
    }

    private Synced sync(LiveSession session) {
        List<Synced> end = new ArrayList<>();
        session.sync(Map.of(room, new Held(0, 1)), d -> told.add(d.notice()), end::add);
        assertThat(end).hasSize(1);
        return end.getFirst();
    }

    /** Until a hole that the bus left has been filled from the record, in its time. */
    private void healed(BooleanSupplier so) {
        await().until(
                        () -> {
                            time.move(Duration.ofMillis(60));
                            return so.getAsBoolean();
                        });
    }

    private List<Long> numbers() {
        synchronized (told) {
            return told.stream()
                    .filter(Notice.Posted.class::isInstance)
                    .map(notice -> ((Notice.Posted) notice).message().seq())
                    .toList();
        }
    }

    @Test
    void a_room_that_is_regained_while_a_sync_runs_is_followed_from_there_without_a_hole() {
        say("one");
        assign(Optional.empty());
        LiveSession session = john();
        meanwhile.set(
                new Meanwhile(
                        "changes",
                        true,
                        () -> {
                            assign(Optional.of(JOHN));
                            say("two");
                        }));

        Synced synced = sync(session);
        assertThat(synced.rooms().get(room).orElseThrow().lastSeq()).isEqualTo(2);
        assertThat(synced.totalUnread())
                .isEqualTo(synced.rooms().get(room).orElseThrow().unread())
                .isEqualTo(2);

        say("three");
        await().until(() -> numbers().size() >= 3);
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
        assertThat(session.totalUnread()).isEqualTo(3);
    }

    @Test
    void a_room_that_is_lost_while_a_sync_runs_is_in_no_total_and_has_no_level() {
        say("one");
        LiveSession session = john();
        assertThat(session.totalUnread()).isEqualTo(1);
        meanwhile.set(
                new Meanwhile(
                        "changes",
                        false,
                        () -> {
                            assign(Optional.empty());
                            await().until(() -> session.totalUnread() == 0);
                        }));

        Synced synced = sync(session);
        assertThat(synced.totalUnread()).isZero();
        assertThat(synced.rooms()).isEqualTo(new HashMap<>(Map.of(room, Optional.empty())));
        await().until(() -> told.stream().anyMatch(Notice.RoomLeft.class::isInstance));

        say("two");
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void no_total_goes_between_counting_a_room_and_telling_it() throws Exception {
        assign(Optional.empty());
        say("one");
        LiveSession session = john();
        List<String> between = Collections.synchronizedList(new ArrayList<>());
        List<Thread> askers = Collections.synchronizedList(new ArrayList<>());
        whileTelling =
                notice -> {
                    Runnable ask =
                            () -> session.withTotalUnread(total -> between.add("total " + total));
                    Thread asker = Thread.ofVirtual().start(ask);
                    askers.add(asker);
                    joinFor(asker, Duration.ofMillis(300));
                    between.add(notice.getClass().getSimpleName());
                };

        assign(Optional.of(JOHN));
        await().until(() -> between.contains("total 1"));
        assign(Optional.empty());
        await().until(() -> between.contains("total 0"));
        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(between).containsExactly("RoomShown", "total 1", "RoomLeft", "total 0");
    }

    private static void joinFor(Thread thread, Duration most) {
        try {
            thread.join(most);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_room_that_is_lost_on_another_node_is_in_no_total_once_a_sync_says_that_it_is_gone() {
        say("one");
        LiveSession session = john();
        try (InProcessEventBus unheard = new InProcessEventBus()) {
            assign(chat(unheard), Optional.empty());
        }
        assertThat(session.totalUnread()).isEqualTo(1);

        Synced synced = sync(session);
        assertThat(synced.rooms()).isEqualTo(new HashMap<>(Map.of(room, Optional.empty())));
        assertThat(synced.totalUnread()).isZero();
        assertThat(session.totalUnread()).as("on whatever frame comes next").isZero();
        assertThat(told).last().isInstanceOf(Notice.RoomLeft.class);
        await().until(() -> !session.follows(room));
    }

    @Test
    void a_room_that_is_regained_right_after_a_sync_said_that_it_is_gone_is_entered_anew() {
        say("one");
        LiveSession session = john();
        try (InProcessEventBus unheard = new InProcessEventBus()) {
            assign(chat(unheard), Optional.empty());
            meanwhile.set(
                    new Meanwhile("view", true, () -> assign(chat(unheard), Optional.of(JOHN))));
            assertThat(sync(session).rooms()).containsEntry(room, Optional.empty());
            await().until(() -> session.isIn(room));
        }

        say("two");
        await().until(() -> numbers().contains(2L));
        assertThat(numbers()).containsExactly(2L);
        assertThat(session.totalUnread()).isEqualTo(2);
    }

    @Test
    void a_room_that_is_lost_before_the_welcome_is_in_neither_its_list_nor_its_total() {
        say("one");
        List<Welcome> welcomes = new ArrayList<>();
        // Somebody follows the room already, so that losses are heard of at once.
        connect(ANNA, new ArrayList<>());
        meanwhile.set(
                new Meanwhile(
                        "list",
                        false,
                        () -> {
                            assign(Optional.empty());
                            await().until(
                                            () ->
                                                    !hub.sessionsOf(JOHN.id())
                                                            .getFirst()
                                                            .follows(room));
                        }));

        LiveSession session = john(welcomes);
        assertThat(welcomes).hasSize(1);
        assertThat(welcomes.getFirst().totalUnread()).isZero();
        assertThat(welcomes.getFirst().rooms().rooms()).isEmpty();
        assertThat(session.totalUnread()).isZero();

        say("two");
        await().until(() -> numbers().contains(2L));
        assertThat(numbers()).containsExactly(2L);
    }

    @Test
    void a_room_that_is_lost_right_behind_a_welcome_that_shows_it_is_told_to_be_lost()
            throws Exception {
        // Somebody follows the room already, so that losses are heard of at once.
        connect(ANNA, new ArrayList<>());
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch welcomed = new CountDownLatch(1);
        Consumer<Welcome> loseNow =
                welcome -> {
                    assertThat(welcome.rooms().rooms()).hasSize(1);
                    LiveSession session = hub.sessionsOf(JOHN.id()).getFirst();
                    Thread.ofVirtual()
                            .start(
                                    () ->
                                            session.inTurn(
                                                    () -> {
                                                        taken.countDown();
                                                        awaitFor(free, Duration.ofSeconds(20));
                                                    }));
                    awaitFor(taken, Duration.ofSeconds(20));
                    assign(Optional.empty());
                    // So long the bus has to come to the loss and to wait for its turn.
                    awaitFor(welcomed, Duration.ofMillis(200));
                    welcomed.countDown();
                };
        Thread opening = Thread.ofPlatform().start(() -> connect(JOHN, Optional.empty(), loseNow));
        awaitFor(welcomed, Duration.ofSeconds(20));
        await().until(
                        () ->
                                opening.getState() == Thread.State.WAITING
                                        || opening.getState() == Thread.State.TERMINATED);
        free.countDown();
        opening.join();

        await().untilAsserted(
                        () -> assertThat(told).hasAtLeastOneElementOfType(Notice.RoomLeft.class));
    }

    private static void awaitFor(CountDownLatch latch, Duration most) {
        try {
            boolean unused = latch.await(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoever_looks_by_a_role_sees_nothing_written_after_it_was_lost_on_a_node_out_of_earshot() {
        connect(ANNA, new ArrayList<>());
        told.clear();
        LiveSession looking = connect(OFFICE, Optional.of(room), new ArrayList<>());
        InProcessEventBus elsewhere = new InProcessEventBus();
        say("one");
        await().until(() -> numbers().equals(List.of(1L, 1L)));

        chat(elsewhere).maintainUsers().put(PLATFORM, person(OFFICE), Optional.of(Role.CLEANER));
        say("two");
        await().until(() -> ended.contains(Ending.ACCESS_LOST) && numbers().size() == 3);
        assertThat(numbers()).containsExactly(1L, 1L, 2L);
        assertThat(looking.actor().role()).isEqualTo(Role.CLEANER);
        ended.clear();
        elsewhere.close();
    }

    @Test
    void an_admin_who_wrote_sees_nothing_after_the_role_was_lost_out_of_earshot() {
        LiveSession desk = connect(OFFICE, new ArrayList<>());
        Commits.await(chat.sendMessage().send(OFFICE, room, Draft.text("one")));
        await().until(() -> desk.isIn(room));
        say("two");
        await().until(() -> numbers().contains(2L));
        try (InProcessEventBus elsewhere = new InProcessEventBus()) {
            chat(elsewhere).maintainUsers().put(PLATFORM, person(OFFICE), Optional.of(Role.CLIENT));
        }

        say("three");
        healed(() -> told.stream().anyMatch(Notice.RoomLeft.class::isInstance));
        assertThat(numbers()).doesNotContain(3L);
        assertThat(desk.follows(room)).isFalse();
        assertThat(desk.totalUnread()).isZero();
    }

    @Test
    void a_user_who_said_one_thing_and_is_erased_out_of_earshot_is_told_as_erased() {
        say("one");
        john();
        try (InProcessEventBus elsewhere = new InProcessEventBus()) {
            chat(elsewhere).maintainUsers().erase(PLATFORM, ANNA.id());
        }

        Commits.await(chat.sendMessage().send(JOHN, room, Draft.text("two")));
        healed(() -> numbers().contains(2L));
        assertThat(told).contains(new Notice.UserErased(ANNA.id()));
        assertThat(told).noneMatch(Notice.Deleted.class::isInstance);
    }

    @Test
    void somebody_without_names_who_takes_a_message_back_out_of_earshot_is_not_told_as_erased() {
        Actor nameless = new Actor(new UserId("nameless"), Role.CLEANER);
        chat.maintainJobs()
                .put(
                        PLATFORM,
                        new Jobs.Writing(
                                new JobId("5"),
                                "Kitchen",
                                "assigned",
                                Optional.of(person(ANNA)),
                                Optional.of(Person.nameless(nameless.id())),
                                Optional.empty()));
        connect(ANNA, new ArrayList<>());
        Message one =
                Commits.await(chat.sendMessage().send(nameless, room, Draft.text("one")))
                        .message()
                        .orElseThrow();
        await().until(() -> numbers().contains(1L));
        try (InProcessEventBus elsewhere = new InProcessEventBus()) {
            Commits.await(chat(elsewhere).deleteMessage().delete(nameless, room, one.id()));
        }

        say("two");
        healed(() -> numbers().contains(2L));
        assertThat(told).anyMatch(Notice.Deleted.class::isInstance);
        assertThat(told).noneMatch(Notice.UserErased.class::isInstance);
    }

    @Test
    void what_an_admin_reads_while_they_lose_the_role_is_not_theirs() {
        LiveSession office = connect(OFFICE, new ArrayList<>());
        InProcessEventBus elsewhere = new InProcessEventBus();
        List<Role> asked = new ArrayList<>();

        Role found =
                office.reading(
                        actor -> {
                            asked.add(actor.role());
                            chat(elsewhere)
                                    .maintainUsers()
                                    .put(PLATFORM, person(OFFICE), Optional.of(Role.CLIENT));
                            return actor.role();
                        });

        assertThat(asked).containsExactly(Role.ADMIN, Role.CLIENT);
        assertThat(found).isEqualTo(Role.CLIENT);
        elsewhere.close();
    }

    @Test
    void changes_that_wait_for_a_sync_are_bounded_in_bytes_and_then_it_is_a_slow_consumer() {
        LiveSession session = john();
        String text = "x".repeat(4_000);
        meanwhile.set(
                new Meanwhile(
                        "changes",
                        false,
                        () -> {
                            for (int i = 0; i < 600; i++) {
                                say(text);
                            }
                            // What was said is heard a moment later.
                            await().until(() -> ended.contains(Ending.SLOW_CONSUMER));
                        }));
        session.sync(Map.of(room, new Held(0, 1)), d -> told.add(d.notice()), end -> {});
        ended.clear();
    }

    @Test
    void a_general_room_that_was_left_elsewhere_is_told_to_be_left_once_a_sync_finds_it_so() {
        RoomId hall = hall(chat, JOHN);
        LiveSession session = john();
        assertThat(session.isIn(hall)).isTrue();
        try (InProcessEventBus unheard = new InProcessEventBus()) {
            Commits.await(chat(unheard).leaveRoom().leave(JOHN, hall));
        }

        List<Synced> end = new ArrayList<>();
        session.sync(Map.of(hall, new Held(0, 1)), d -> told.add(d.notice()), end::add);
        assertThat(end.getFirst().rooms()).isEqualTo(new HashMap<>(Map.of(hall, Optional.empty())));
        assertThat(told).containsExactly(new Notice.RoomLeft(hall, "left"));
        assertThat(session.shows(hall)).isFalse();
    }

    private static RoomId hall(Chat node, Actor whoJoins) {
        return node.openRoom().open(whoJoins, new RoomKey.OfAll("hall")).view().room().id();
    }

    /** The store's next answer to a question, which takes its time. */
    private final class SlowAnswer {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch given = new CountDownLatch(1);

        private SlowAnswer(String question) {
            meanwhile.set(
                    new Meanwhile(
                            question,
                            true,
                            () -> {
                                asked.countDown();
                                awaitFor(given, Duration.ofSeconds(20));
                            }));
        }

        private void awaitQuestion() {
            awaitFor(asked, Duration.ofSeconds(20));
        }

        private void give() {
            given.countDown();
        }
    }

    @Test
    void nobody_is_seen_typing_by_whoever_lost_their_role_while_the_store_is_slow() {
        LiveSession looking = connect(OFFICE, Optional.of(room), new ArrayList<>());
        LiveSession anna = connect(ANNA, new ArrayList<>());
        john();
        SlowAnswer views = new SlowAnswer("views");
        chat.maintainUsers().put(PLATFORM, person(OFFICE), Optional.of(Role.CLIENT));
        views.awaitQuestion();
        assertThat(looking.actor().role()).isEqualTo(Role.CLIENT);

        anna.typing(room, true);
        await().until(() -> told.stream().anyMatch(Notice.Typing.class::isInstance));
        assertThat(told).filteredOn(Notice.Typing.class::isInstance).as("john alone").hasSize(1);

        views.give();
        await().until(() -> ended.contains(Ending.ACCESS_LOST));
        ended.clear();
    }

    @Test
    void a_loss_that_was_read_before_they_came_back_puts_nobody_out_who_came_since() {
        john();
        InProcessEventBus unheard = new InProcessEventBus();
        assign(chat(unheard), Optional.empty());
        List<Welcome> welcomes = Collections.synchronizedList(new ArrayList<>());
        meanwhile.set(
                new Meanwhile(
                        "views",
                        false,
                        () -> {
                            assign(chat(unheard), Optional.of(JOHN));
                            connect(JOHN, Optional.of(room), welcomes);
                        }));
        say("one");
        healed(() -> told.stream().anyMatch(Notice.RoomLeft.class::isInstance));

        say("two");
        await().until(() -> numbers().contains(2L));
        assertThat(welcomes).hasSize(1);
        assertThat(ended).isEmpty();
        unheard.close();
    }

    @Test
    void a_view_that_was_read_before_they_came_back_puts_nobody_out_who_came_since() {
        john();
        InProcessEventBus unheard = new InProcessEventBus();
        List<Welcome> welcomes = Collections.synchronizedList(new ArrayList<>());
        Runnable back =
                () -> {
                    assign(chat(unheard), Optional.of(JOHN));
                    connect(JOHN, Optional.of(room), welcomes);
                };
        Runnable out =
                () -> {
                    assign(chat(unheard), Optional.empty());
                    meanwhile.set(new Meanwhile("views", false, back));
                };
        meanwhile.set(new Meanwhile("views", true, out));
        setActive(false);
        await().until(() -> told.stream().anyMatch(Notice.RoomLeft.class::isInstance));

        setActive(true);
        say("one");
        healed(() -> numbers().contains(1L));
        assertThat(welcomes).hasSize(1);
        assertThat(ended).isEmpty();
        unheard.close();
    }

    /** The job is over, or begins anew: its room changes, and its people stay in it. */
    private void setActive(boolean active) {
        chat.maintainJobs()
                .put(
                        PLATFORM,
                        new Jobs.Writing(
                                new JobId("5"),
                                "Kitchen",
                                "assigned",
                                Optional.of(person(ANNA)),
                                Optional.of(person(JOHN)),
                                Optional.of(active)));
    }

    @Test
    void a_room_that_is_lost_while_its_own_address_syncs_is_told_to_be_left_before_the_end() {
        say("one");
        LiveSession session = connect(JOHN, Optional.of(room), new ArrayList<>());
        meanwhile.set(
                new Meanwhile(
                        "changes",
                        false,
                        () -> {
                            assign(Optional.empty());
                            await().until(() -> ended.contains(Ending.ACCESS_LOST));
                        }));

        session.sync(Map.of(room, new Held(1, 1)), d -> {}, end -> {});
        assertThat(told).containsExactly(new Notice.RoomLeft(room, "access_lost"));
        ended.clear();
    }

    @Test
    void typing_goes_on_and_ends_where_it_is_said_again_in_the_moment_it_ends() {
        List<Runnable> endings = Collections.synchronizedList(new ArrayList<>());
        Timer byHand =
                new Timer() {
                    @Override
                    public Future<?> after(Duration delay, Runnable work) {
                        if (delay.equals(Typing.ENDS_AFTER)) {
                            endings.add(work);
                        }
                        return new CompletableFuture<Void>();
                    }

                    @Override
                    public void stop() {}
                };
        try (InProcessEventBus its = new InProcessEventBus();
                Hub mine =
                        new Hub(
                                store.rooms(),
                                store.users(),
                                its,
                                new InMemoryPresence(),
                                time,
                                10,
                                byHand)) {
            List<Boolean> typing = Collections.synchronizedList(new ArrayList<>());
            its.listen(
                    event -> {
                        if (event instanceof Passing.TypingChanged changed) {
                            typing.add(changed.typing());
                        }
                    });
            LiveSession anna = connect(mine, ANNA, Optional.empty(), welcome -> {});
            anna.typing(room, true);
            anna.typing(room, true);
            // The first has run out just when the second was said, and comes late.
            endings.getFirst().run();
            await().pollDelay(Duration.ofMillis(200)).until(() -> typing.size() >= 2);
            anna.typing(room, true);
            endings.getLast().run();
            await().until(() -> typing.size() >= 4);
            assertThat(typing).containsExactly(true, true, true, false);
        }
        ended.clear();
    }

    @Test
    void whoever_stops_following_does_not_settle_any_more() {
        LiveSession session = john();
        Following following = new Following(session, Following.Purpose.OWN);
        RoomStream stream = hub.stream(room, following);
        stream.forget(following);

        assertThat(stream.settle(following, store.rooms().levels(JOHN.id()).getFirst(), () -> {}))
                .as("it is entered anew otherwise")
                .isFalse();
    }

    @Test
    void a_room_that_one_comes_into_while_one_looks_away_from_it_is_entered() {
        RoomId hall = hall(chat, ANNA);
        LiveSession session = john();
        session.look(hall);
        SlowAnswer views = new SlowAnswer("views");
        hall(chat, JOHN);
        views.awaitQuestion();

        session.lookAway(hall);
        views.give();
        await().until(() -> session.isIn(hall));
        await().until(() -> told.stream().anyMatch(Notice.RoomShown.class::isInstance));
    }

    @Test
    void what_is_unread_elsewhere_counts_in_a_mark_that_a_sync_tells_after_it() {
        RoomId hall = hall(chat, JOHN);
        say("one");
        say("two");
        LiveSession session = john();
        Message one =
                Commits.await(chat.sendMessage().send(ANNA, room, Draft.text("three")))
                        .message()
                        .orElseThrow();
        await().until(() -> numbers().contains(3L));
        long version = one.version();
        Commits.await(chat.editMessage().edit(ANNA, room, one.id(), "four"));
        Commits.await(chat.markRead().read(JOHN, room, 1));
        await().until(() -> told.stream().anyMatch(Notice.OwnRead.class::isInstance));
        told.clear();

        session.sync(
                Map.of(room, new Held(3, version)),
                delivery -> {
                    told.add(delivery.notice());
                    if (delivery.notice() instanceof Notice.Edited) {
                        Commits.await(chat.sendMessage().send(ANNA, hall, Draft.text("elsewhere")));
                        await().until(() -> numbers().contains(1L));
                    }
                },
                end -> {});
        assertThat(told)
                .filteredOn(Notice.OwnRead.class::isInstance)
                .first()
                .extracting(notice -> ((Notice.OwnRead) notice).totalUnread())
                .isEqualTo(3L);
    }

    @Test
    void what_is_put_off_after_the_end_fails_nobody() {
        Timer timer = Timer.onItsOwnThread();
        timer.stop();
        assertThat(timer.after(Duration.ZERO, () -> {})).isNotDone();
    }
}
