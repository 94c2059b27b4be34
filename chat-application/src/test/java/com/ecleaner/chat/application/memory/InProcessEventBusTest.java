package com.ecleaner.chat.application.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.EventBusContract;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

class InProcessEventBusTest extends EventBusContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final UserId ANNA = new UserId("anna");

    private final List<InProcessEventBus> open = new ArrayList<>();

    @Override
    protected EventBus bus() {
        return bus(4, 10_000);
    }

    private InProcessEventBus bus(int threads, int capacity) {
        InProcessEventBus bus = new InProcessEventBus(threads, capacity);
        open.add(bus);
        return bus;
    }

    @AfterEach
    void close() {
        open.forEach(InProcessEventBus::close);
    }

    private static ChatEvent read(long room, long version) {
        return new RoomEvent.ReadAdvanced(new RoomId(room), version, ANNA, version, 0);
    }

    private static long roomOf(ChatEvent event) {
        return switch (event) {
            case RoomEvent change -> change.room().value();
            case Passing.TypingChanged typing -> typing.room().value();
            case Passing other -> 0;
        };
    }

    @Test
    void the_events_of_a_room_passing_ones_included_are_heard_in_the_order_they_were_published() {
        InProcessEventBus bus = bus(4, 10_000);
        List<ChatEvent> heard = Collections.synchronizedList(new ArrayList<>());
        bus.listen(heard::add);
        List<ChatEvent> told = new ArrayList<>();
        for (long version = 1; version <= 200; version++) {
            for (long room = 1; room <= 10; room++) {
                told.add(read(room, version));
                told.add(
                        new Passing.TypingChanged(
                                new RoomId(room), Person.nameless(ANNA), version % 2 == 0));
            }
        }

        told.forEach(bus::publish);

        await().atMost(PATIENCE).until(() -> heard.size() == told.size());
        for (long room = 1; room <= 10; room++) {
            long of = room;
            assertThat(heard.stream().filter(e -> roomOf(e) == of).toList())
                    .isEqualTo(told.stream().filter(e -> roomOf(e) == of).toList());
        }
    }

    @Test
    void a_listener_that_hangs_in_one_room_holds_up_the_rooms_of_that_thread_only()
            throws Exception {
        InProcessEventBus bus = bus(2, 10_000);
        CountDownLatch release = new CountDownLatch(1);
        List<ChatEvent> heard = Collections.synchronizedList(new ArrayList<>());
        bus.listen(
                event -> {
                    if (event.equals(read(1, 1))) {
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    heard.add(event);
                });

        bus.publish(read(1, 1));
        bus.publish(read(2, 1));
        await().atMost(PATIENCE).until(() -> heard.contains(read(2, 1)));
        assertThat(heard).doesNotContain(read(1, 1));

        release.countDown();
        await().atMost(PATIENCE).until(() -> heard.contains(read(1, 1)));
    }

    @Test
    void events_beyond_what_may_wait_are_dropped_and_counted_and_later_ones_are_heard() {
        InProcessEventBus bus = bus(1, 5);
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<ChatEvent> heard = Collections.synchronizedList(new ArrayList<>());
        bus.listen(
                event -> {
                    hangs.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    heard.add(event);
                });
        bus.publish(read(1, 1));
        await().atMost(PATIENCE).until(() -> hangs.getCount() == 0);

        LongStream.rangeClosed(2, 10).forEach(version -> bus.publish(read(1, version)));
        assertThat(bus.dropped()).isEqualTo(4);

        release.countDown();
        await().atMost(PATIENCE).until(() -> heard.size() == 6);
        bus.publish(read(1, 11));
        await().atMost(PATIENCE).until(() -> heard.contains(read(1, 11)));
        assertThat(heard).doesNotContain(read(1, 7));
    }

    @Test
    void a_closed_bus_hears_nothing_more_and_does_not_mind_publishers() {
        InProcessEventBus bus = bus(1, 5);
        List<ChatEvent> heard = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        bus.listen(
                event -> {
                    heard.add(event);
                    threads.add(Thread.currentThread());
                });
        bus.publish(read(1, 1));
        await().atMost(PATIENCE).until(() -> threads.size() == 1);

        bus.close();
        bus.close();
        LongStream.rangeClosed(2, 20).forEach(version -> bus.publish(read(1, version)));

        await().atMost(PATIENCE).until(() -> !threads.getFirst().isAlive());
        assertThat(heard).containsExactly(read(1, 1));
        assertThat(bus.dropped()).isZero();
    }
}
