package com.ecleaner.chat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.EventBusContract;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

class RedisEventBusTest extends EventBusContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final UserId ANNA = new UserId("anna");

    private final List<Redis> nodes = new ArrayList<>();
    private final RoomId room = new RoomId(ThreadLocalRandom.current().nextLong(1, 1L << 50));

    @Override
    protected EventBus bus() {
        return node().bus();
    }

    private Redis node() {
        Redis node = Redis.open(TestRedis.Shared.REDIS.address());
        nodes.add(node);
        await().atMost(PATIENCE).until(node::answers);
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(Redis::close);
    }

    private static void follow(Redis node, RoomId room) throws Exception {
        node.bus().follow(room).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static List<ChatEvent> hearing(Redis node) {
        List<ChatEvent> heard = new CopyOnWriteArrayList<>();
        node.bus().listen(heard::add);
        return heard;
    }

    private static ChatEvent read(RoomId room, long version) {
        return new RoomEvent.ReadAdvanced(room, version, ANNA, version, 0);
    }

    @Test
    void another_node_that_follows_the_room_hears_its_events_once_and_in_order() throws Exception {
        Redis one = node();
        Redis two = node();
        List<ChatEvent> heard = hearing(two);
        follow(one, room);
        follow(two, room);
        List<ChatEvent> told =
                LongStream.rangeClosed(1, 500).mapToObj(version -> read(room, version)).toList();

        told.forEach(one.bus()::publish);

        await().atMost(PATIENCE).until(() -> heard.size() >= told.size());
        assertThat(heard).isEqualTo(told);
    }

    @Test
    void the_own_node_hears_what_it_publishes_once() throws Exception {
        Redis one = node();
        Redis two = node();
        List<ChatEvent> heard = hearing(one);
        List<ChatEvent> there = hearing(two);
        follow(one, room);
        follow(two, room);

        one.bus().publish(read(room, 1));
        await().atMost(PATIENCE).until(() -> there.size() == 1);
        two.bus().publish(read(room, 2));

        await().atMost(PATIENCE).until(() -> heard.contains(read(room, 2)));
        assertThat(heard).containsExactly(read(room, 1), read(room, 2));
    }

    @Test
    void a_node_that_does_not_follow_a_room_gets_none_of_its_messages() throws Exception {
        Redis one = node();
        Redis two = node();
        RoomId other = new RoomId(room.value() + 1);
        List<ChatEvent> heard = hearing(two);
        follow(two, room);
        two.bus().unfollow(room);
        follow(two, other);

        one.bus().publish(read(room, 1));
        one.bus().publish(read(other, 1));

        await().atMost(PATIENCE).until(() -> heard.contains(read(other, 1)));
        assertThat(heard).doesNotContain(read(room, 1));
        assertThat(two.followedRooms()).isEqualTo(1);
    }

    @Test
    void whoever_comes_into_a_room_is_told_of_on_nodes_that_do_not_follow_it_yet() {
        Redis one = node();
        Redis two = node();
        List<ChatEvent> heard = hearing(two);
        ChatEvent joined = new RoomEvent.RoomChanged(room, 1, RoomType.JOB, Set.of(ANNA), Set.of());
        ChatEvent queued = new RoomEvent.RoomChanged(room, 2, RoomType.SUPPORT, Set.of(), Set.of());
        ChatEvent renamed =
                new Passing.UserChanged(
                        new User(Person.nameless(ANNA), Optional.of(Role.ADMIN), true, false));

        // A node that has just opened subscribes to people's channels a moment later.
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            one.bus().publish(joined);
                            one.bus().publish(queued);
                            one.bus().publish(renamed);
                            assertThat(heard).contains(joined, queued, renamed);
                        });
    }

    @Test
    void presence_that_concerns_several_followed_rooms_is_heard_once() throws Exception {
        Redis one = node();
        Redis two = node();
        RoomId second = new RoomId(room.value() + 1);
        RoomId third = new RoomId(room.value() + 2);
        List<ChatEvent> heard = hearing(two);
        follow(two, room);
        follow(two, third);
        ChatEvent here =
                new Passing.PresenceChanged(
                        ANNA, Set.of(third, second, room), true, Optional.empty());

        one.bus().publish(here);
        one.bus().publish(read(third, 1));
        one.bus().publish(read(room, 1));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard).contains(read(third, 1), read(room, 1)));
        assertThat(heard).filteredOn(here::equals).hasSize(1);
    }

    @Test
    void presence_that_concerns_very_many_rooms_crosses_redis_once_and_is_heard_once()
            throws Exception {
        Redis one = node();
        Redis two = node();
        Set<RoomId> rooms =
                LongStream.range(0, 2_000)
                        .mapToObj(i -> new RoomId(room.value() + i))
                        .collect(Collectors.toSet());
        List<ChatEvent> heard = hearing(two);
        follow(two, room);
        follow(two, new RoomId(room.value() + 1_999));
        ChatEvent renamed =
                new Passing.UserChanged(
                        new User(Person.nameless(ANNA), Optional.of(Role.ADMIN), true, false));
        AtomicInteger before = new AtomicInteger();
        // By the same channel of people's, subscribed to a moment after the node has opened.
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            before.incrementAndGet();
                            one.bus().publish(renamed);
                            return heard.contains(renamed);
                        });
        ChatEvent here = new Passing.PresenceChanged(ANNA, rooms, true, Optional.empty());

        one.bus().publish(here);
        await().atMost(PATIENCE).until(() -> heard.contains(here));
        one.bus().publish(read(room, 1));
        await().atMost(PATIENCE).until(() -> heard.contains(read(room, 1)));

        assertThat(heard).filteredOn(here::equals).hasSize(1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(one.published()).isEqualTo(before.get() + 2));
    }

    @Test
    void somebody_who_types_on_a_node_that_dies_stops_by_itself() throws Exception {
        Redis one = node();
        Redis two = node();
        List<ChatEvent> heard = hearing(two);
        follow(two, room);

        one.bus().publish(new Passing.TypingChanged(room, Person.nameless(ANNA), true));
        await().atMost(PATIENCE).until(() -> !heard.isEmpty());
        one.close();

        await().atMost(PATIENCE)
                .until(
                        () ->
                                heard.contains(
                                        new Passing.TypingChanged(
                                                room, Person.nameless(ANNA), false)));
    }
}
