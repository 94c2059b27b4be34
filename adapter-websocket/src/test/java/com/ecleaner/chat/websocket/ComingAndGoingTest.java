package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.live.HandMovedTime;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.fasterxml.jackson.databind.JsonNode;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Rooms that appear and disappear while one is connected. */
@Timeout(60)
class ComingAndGoingTest {
    private final ChatServer server = ChatServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private Client connected(String token) {
        return connected("/ws/", token);
    }

    private Client connected(String path, String token) {
        Client client = server.connect(path, token);
        client.next("welcome");
        client.ask("ping");
        server.settle();
        return client;
    }

    private static boolean isOf(JsonNode frame, String type) {
        return frame.get("type").asText().equals(type);
    }

    /**
     * A room that is new to this connection: it is followed a moment before or after the answer.
     */
    private static long opened(Client client, Object... fields) {
        long room = client.ask("open_room", fields).at("/room/id").asLong();
        client.seenOrAwait(
                f -> isOf(f, "room") && !f.has("id") && f.at("/room/id").asLong() == room,
                "room " + room);
        return room;
    }

    // --- coming

    private void join(int from, int to) {
        for (int i = from; i <= to; i++) {
            RoomKey square = new RoomKey.OfAll("square");
            server.chat.openRoom().open(server.actor("guest" + i + ":client"), square);
        }
    }

    @Test
    void whoever_asks_in_a_large_room_that_somebody_came_into_is_answered() {
        join(1, 60);
        Client john = connected("john:cleaner");
        long square = opened(john, "room_type", "general", "name", "square");
        john.say("message", "room", square, "message", "one", "client_id", "c1");
        long first = john.await("chat_message").at("/message/id").asLong();
        join(61, 61);
        server.settle();

        john.say("message", "room", square, "message", "one", "client_id", "c1");
        JsonNode again = john.await("chat_message");
        assertThat(again.at("/message/id").asLong()).isEqualTo(first);
        john.say("read", "room", square, "up_to_seq", 0);
        assertThat(john.await("read").get("up_to_seq").asLong()).isZero();
    }

    @Test
    void a_room_that_is_small_again_tells_what_others_have_read() throws Exception {
        join(1, 49);
        Client john = connected("john:cleaner");
        long square = opened(john, "room_type", "general", "name", "square");
        Client anna = connected("anna:client");
        opened(anna, "room_type", "general", "name", "square");
        john.send(square, "one");
        Commits.await(
                server.chat.leaveRoom().leave(server.actor("guest1:client"), new RoomId(square)));
        server.settle();

        anna.say("read", "room", square, "up_to_seq", 1);
        JsonNode read = john.await("read");
        assertThat(read.get("user_id").asText()).isEqualTo("anna");
        assertThat(
                        john.seen().stream()
                                .filter(f -> isOf(f, "room"))
                                .map(f -> f.at("/room/participants").size())
                                .toList())
                .as("the people, once they are few")
                .last()
                .isEqualTo(50);
    }

    @Test
    void a_job_that_is_booked_appears_and_its_messages_follow() {
        Client anna = connected("anna:client");
        Client stranger = connected("sid:client");
        long room = server.job("5", "anna", "john");
        JsonNode shown = anna.await("room").get("room");
        assertThat(shown.get("id").asLong()).isEqualTo(room);
        assertThat(shown.get("job").get("title").asText()).isEqualTo("Kitchen, 3 h");
        Client john = connected("john:cleaner");
        john.send(room, "I come at noon");
        assertThat(anna.await("chat_message").get("message").get("seq").asLong()).isEqualTo(1);
        stranger.ask("ping");
        assertThat(stranger.rest()).isEmpty();
    }

    @Test
    void a_cleaner_who_is_assigned_gets_the_room_with_all_that_was_said_unread() {
        long room = server.job("5", "anna", "");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        anna.send(room, "anybody?");
        anna.send(room, "hello?");
        server.job("5", "anna", "john");
        JsonNode his = john.await("room").get("room");
        assertThat(his.get("id").asLong()).isEqualTo(room);
        assertThat(his.get("unread_count").asLong()).isEqualTo(2);
        assertThat(his.get("last_seq").asLong()).isEqualTo(2);
        JsonNode hers = anna.await("room").get("room");
        assertThat(hers.get("participants")).hasSize(2);
        assertThat(hers.get("unread_count").asLong()).isZero();
        john.say("read", "room", room, "up_to_seq", 1);
        JsonNode read = john.await("read");
        assertThat(read.get("unread_count").asLong()).isEqualTo(1);
        assertThat(read.get("total_unread").asLong()).isEqualTo(1);
    }

    @Test
    void presence_that_is_slow_to_tell_holds_up_nobody_in_another_room() throws Exception {
        server.job("5", "anna", "john");
        long other = server.job("6", "anna", "john");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        server.whenPresenceIsAsked.set(
                () -> {
                    asked.countDown();
                    await(answered);
                });
        try {
            server.job("5", "anna", "john", "assigned", Optional.of(false));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            john.send(other, "I come at noon");
            assertThat(anna.await("chat_message").get("room").asLong()).isEqualTo(other);
        } finally {
            answered.countDown();
        }
        assertThat(anna.await("room").get("room").get("is_active").asBoolean()).isFalse();
        JsonNode people = john.await("room").get("room").get("participants");
        assertThat(people.findValues("is_online")).hasSize(2).allMatch(JsonNode::booleanValue);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_status_that_changes_is_a_message_with_its_facts() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        server.job("5", "anna", "john", "in_progress", Optional.empty());
        JsonNode update = anna.await("chat_message").get("message");
        assertThat(update.get("room").asLong()).isEqualTo(room);
        assertThat(update.get("message_type").asText()).isEqualTo("job_update");
        assertThat(update.get("data").get("status").get("from").asText()).isEqualTo("assigned");
        assertThat(update.get("data").get("status").get("to").asText()).isEqualTo("in_progress");
    }

    @Test
    void a_general_room_joined_on_one_device_appears_on_the_other() {
        Client anna = connected("anna:client");
        Client phone = connected("/ws/chat/lobby/", "anna:client");
        JsonNode shown = anna.await("room").get("room");
        assertThat(shown.get("name").asText()).isEqualTo("lobby");
        long lobby = shown.get("id").asLong();
        phone.send(lobby, "from my phone");
        assertThat(anna.await("chat_message").get("room").asLong()).isEqualTo(lobby);
    }

    @Test
    void writing_in_a_general_room_joins_it_and_hears_the_echo_after_the_room() {
        Client anna = connected("/ws/chat/lobby/", "anna:client");
        anna.send(anna.ask("room").get("room").get("id").asLong(), "anybody here?");
        long lobby = anna.ask("room").get("room").get("id").asLong();
        Client john = connected("john:cleaner");
        john.say("message", "room", lobby, "message", "me", "client_id", "x");
        JsonNode shown = john.await("room").get("room");
        assertThat(shown.get("participants")).hasSize(2);
        assertThat(shown.get("last_read_seq").asLong()).as("the mark is at the end").isEqualTo(1);
        assertThat(john.await("chat_message").get("message").get("seq").asLong()).isEqualTo(2);
        assertThat(anna.await("room").get("room").get("participants")).hasSize(2);
    }

    @Test
    void a_closed_support_room_opens_again_once_its_opener_writes_and_not_when_an_admin_does() {
        Client eve = connected("eve:admin");
        Client anna = connected("anna:client");
        long room = anna.ask("open_room", "room_type", "support").get("room").get("id").asLong();
        eve.send(room, "what is it?");
        server.chat.closeRoom().close(server.actor("eve:admin"), new RoomId(room));
        anna.await("room", f -> !f.get("room").get("is_active").asBoolean());
        assertThat(eve.ask("message", "room", room, "message", "still there?").get("code").asText())
                .isEqualTo("room_closed");

        anna.say("message", "room", room, "message", "one thing more", "client_id", "x");
        assertThat(eve.await("room", f -> f.get("room").get("is_active").asBoolean())).isNotNull();
        assertThat(eve.await("chat_message").get("message").get("content").asText())
                .isEqualTo("one thing more");
    }

    @Test
    void a_support_room_reaches_the_queue_of_every_admin_and_its_messages_do_not() {
        Client eve = connected("eve:admin");
        Client anna = connected("anna:client");
        long room = anna.ask("open_room", "room_type", "support").get("room").get("id").asLong();
        assertThat(eve.await("room").get("room").get("id").asLong()).isEqualTo(room);
        anna.send(room, "help");
        assertThat(eve.ask("rooms").get("results")).isEmpty();
        assertThat(eve.seen()).noneMatch(f -> isOf(f, "chat_message"));
        // Whoever answers is in, and hears everything from then on.
        eve.send(room, "what is it?");
        List<JsonNode> since = eve.seen();
        assertThat(since.stream().filter(f -> isOf(f, "room")).toList())
                .as("the queue, and having joined")
                .hasSizeGreaterThanOrEqualTo(2);
        anna.send(room, "a stain");
        assertThat(eve.await("chat_message").get("message").get("content").asText())
                .isEqualTo("a stain");
    }

    @Test
    void a_support_room_is_closed_for_everybody_at_once_and_opens_again_when_its_opener_writes() {
        Client eve = connected("eve:admin");
        Client ida = connected("ida:admin");
        Client anna = connected("anna:client");
        long room = opened(anna, "room_type", "support");
        ida.await("room");
        eve.send(room, "How can we help?");
        anna.await("chat_message");

        server.chat.closeRoom().close(server.actor("eve:admin"), new RoomId(room));
        for (Client each : List.of(anna, eve, ida)) {
            each.await("room", f -> !f.at("/room/is_active").asBoolean());
        }
        assertThat(eve.ask("message", "room", room, "message", "x").get("code").asText())
                .isEqualTo("room_closed");

        anna.send(room, "One more thing");
        assertThat(anna.ask("room", "room", room).at("/room/is_active").asBoolean()).isTrue();
        for (Client each : List.of(eve, ida)) {
            each.await("room", f -> f.at("/room/is_active").asBoolean());
        }
        assertThat(eve.send(room, "Yes?").at("/message/seq").asLong()).isEqualTo(3);
    }

    @Test
    void what_the_platform_tells_in_a_further_room_comes_with_its_facts_to_its_people_alone() {
        server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        Client eve = connected("eve:client");
        long keys = opened(anna, "room_type", "job", "job_id", 5, "topic", "keys");
        assertThat(john.await("room").at("/room/topic").asText()).isEqualTo("keys");

        Draft facts = Draft.of(new JobChanges(Map.of("eta", new JobChanges.Change("", "10:30"))));
        server.chat.sendMessage().send(ChatServer.PLATFORM, new RoomId(keys), facts).join();

        JsonNode told = anna.await("chat_message");
        assertThat(told.get("room").asLong()).isEqualTo(keys);
        assertThat(told.at("/message/message_type").asText()).isEqualTo("job_update");
        assertThat(told.at("/message/sender/id").asText()).isEqualTo("platform");
        assertThat(told.at("/message/data/eta/to").asText()).isEqualTo("10:30");
        assertThat(john.await("chat_message")).isEqualTo(told);
        assertThat(eve.ask("history", "room", keys).get("code").asText()).isEqualTo("not_found");
        assertThat(eve.seen()).noneMatch(f -> isOf(f, "chat_message"));
    }

    @Test
    void an_admin_who_looks_leaves_no_trace() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        anna.send(room, "hello");
        Client eve = connected("/ws/job_chat/5/", "eve:admin");
        eve.ask("history");
        eve.ask("room");
        anna.send(room, "there");
        assertThat(eve.await("chat_message").get("message").get("seq").asLong()).isEqualTo(2);
        JsonNode view = anna.ask("room", "room", room).get("room");
        assertThat(view.get("participants")).hasSize(2);
        assertThat(view.get("version").asLong()).isEqualTo(3);
        assertThat(anna.rest()).noneMatch(f -> isOf(f, "room") || isOf(f, "presence"));
    }

    @Test
    void an_admin_who_writes_joins_first_and_then_hears_the_echo() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        anna.send(room, "hello");
        Client eve = connected("eve:admin");
        eve.say("message", "room", room, "message", "may I help?", "client_id", "e");
        List<JsonNode> frames = eve.until("chat_message");
        assertThat(frames).hasSize(2);
        JsonNode joined = frames.getFirst().get("room");
        assertThat(joined.get("participants")).hasSize(3);
        assertThat(joined.get("unread_count").asLong()).isZero();
        assertThat(joined.get("last_read_seq").asLong()).isEqualTo(1);
        assertThat(frames.getLast().get("version").asLong())
                .isGreaterThan(joined.get("version").asLong());
        List<JsonNode> others = anna.until("chat_message");
        assertThat(others).hasSize(2);
        assertThat(others.getFirst().get("room").get("participants")).hasSize(3);
        anna.send(room, "yes");
        eve.await("chat_message");
        JsonNode own = eve.ask("room", "room", room).get("room");
        assertThat(own.get("unread_count").asLong()).isEqualTo(1);
        assertThat(own.get("last_read_seq").asLong()).isEqualTo(1);
    }

    // --- going

    @Test
    void a_cleaner_who_was_unassigned_is_told_at_once_and_hears_nothing_later() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        Client phone = connected("/ws/job_chat/5/", "john:cleaner");
        anna.send(room, "before");
        server.job("5", "anna", "");
        JsonNode left = john.await("room_left");
        assertThat(left.get("room").asLong()).isEqualTo(room);
        assertThat(left.get("reason").asText()).isNotEmpty();
        assertThat(phone.await("room_left").get("room").asLong()).isEqualTo(room);
        assertThat(phone.closeCode()).isEqualTo(4403);
        anna.send(room, "after");
        anna.say("typing", "room", room, "is_typing", true);
        for (String type : List.of("history", "room")) {
            assertThat(john.ask(type, "room", room).get("code").asText()).isEqualTo("not_found");
        }
        assertThat(john.ask("message", "room", room, "message", "!").get("code").asText())
                .isEqualTo("not_found");
        assertThat(john.ask("read", "room", room, "up_to_seq", 1).get("code").asText())
                .isEqualTo("not_found");
        assertThat(john.rest()).isEmpty();
        assertThat(john.seen().stream().filter(f -> isOf(f, "chat_message"))).hasSize(1);
        assertThat(server.connect("/ws/job_chat/5/", "john:cleaner").closeCode()).isEqualTo(4404);
    }

    @Test
    void an_edit_and_a_deletion_are_answered_also_where_the_room_is_lost_before_they_pass() {
        HandMovedTime time = new HandMovedTime();
        ChatServer.Options o = ChatServer.options();
        try (InProcessEventBus bus = new InProcessEventBus();
                ChatServer deaf =
                        new ChatServer(
                                new ChatServer.Options(
                                        Optional.of(time),
                                        o.connectionsPerUser(),
                                        Optional.of(losingRewrites(bus)),
                                        o.settings()))) {
            long room = deaf.job("5", "anna", "john");
            Client john = deaf.connect("john:cleaner");
            john.next("welcome");
            long one = john.send(room, "one").at("/message/id").asLong();
            JsonNode second = john.send(room, "two");
            long two = second.at("/message/id").asLong();
            john.say("edit", "room", room, "message_id", one, "message", "ONE");
            john.say("delete", "room", room, "message_id", two);
            long both = second.get("version").asLong() + 2;
            Awaitility.await().until(() -> version(deaf, room) == both);
            // The log is read for what was lost: whoever is out by then leaves before it is told.
            deaf.job("5", "anna", "");
            Awaitility.await()
                    .until(
                            () -> {
                                time.move(Duration.ofMillis(60));
                                john.rest();
                                return john.seen().stream().anyMatch(f -> isOf(f, "room_left"));
                            });

            assertThat(john.seen())
                    .extracting(f -> f.get("type").asText())
                    .endsWith("message_edited", "message_deleted", "room_left");
        }
    }

    private static long version(ChatServer server, long room) {
        return server.store.rooms().find(new RoomId(room)).orElseThrow().version();
    }

    private static EventBus losingRewrites(EventBus bus) {
        return new ForwardingBus(bus) {
            @Override
            public void publish(ChatEvent event) {
                if (!(event instanceof RoomEvent.MessageEdited
                        || event instanceof RoomEvent.MessageDeleted)) {
                    super.publish(event);
                }
            }
        };
    }

    @Test
    void a_cleaner_who_comes_back_gets_the_room_with_their_mark_again() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        anna.send(room, "one");
        anna.send(room, "two");
        john.say("read", "room", room, "up_to_seq", 1);
        john.await("read");
        server.job("5", "anna", "");
        john.await("room_left");
        anna.send(room, "while he was out");
        server.job("5", "anna", "john");
        JsonNode again = john.await("room").get("room");
        assertThat(again.get("last_read_seq").asLong()).isEqualTo(1);
        assertThat(again.get("unread_count").asLong()).isEqualTo(2);
        anna.send(room, "welcome back");
        assertThat(john.await("chat_message").get("message").get("seq").asLong()).isEqualTo(4);
        john.say("read", "room", room, "up_to_seq", 4);
        assertThat(john.await("read").get("total_unread").asLong()).isZero();
    }

    @Test
    void leaving_a_general_room_ends_the_connection_that_shows_nothing_else() {
        Client anna = connected("/ws/chat/lobby/", "anna:client");
        anna.say("leave_room");
        anna.await("room_left");
        assertThat(anna.closeCode()).isEqualTo(4403);
    }

    @Test
    void what_is_under_way_while_its_room_is_lost_is_echoed_or_refused() {
        long room = server.job("5", "anna", "john");
        Client john = connected("john:cleaner");
        String sync =
                "{\"type\":\"sync\",\"rooms\":{\""
                        + room
                        + "\":{\"seq\":1000000,\"version\":1000000}}}";
        for (int i = 0; i < 100; i++) {
            String name = "c" + i;
            john.queue(
                    "{\"type\":\"message\",\"room\":%d,\"message\":\"m\",\"client_id\":\"%s\"}"
                            .formatted(room, name));
            john.queue(sync);
            server.job("5", "anna", "");
            john.flush();
            john.awaitAll(
                    Map.of(
                            "an answer to " + name,
                            f ->
                                    f.path("client_id").asText().equals(name)
                                            || f.at("/message/client_id").asText().equals(name),
                            // Later it would find him in again, and no room would come.
                            "the end of the sync",
                            f -> isOf(f, "synced")));
            server.job("5", "anna", "john");
            john.await("room");
        }
    }

    /** Hundreds of messages around the moment of the loss, from many threads at once. */
    @RepeatedTest(10)
    void what_is_written_after_the_loss_never_arrives_however_it_races() {
        long room = server.job("5", "anna", "john");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        Client phone = connected("/ws/job_chat/5/", "john:cleaner");
        int half = 150;
        for (int i = 0; i < half; i++) {
            anna.say("message", "room", room, "message", "a" + i);
        }
        CompletableFuture<Void> unassign =
                CompletableFuture.runAsync(() -> server.job("5", "anna", ""));
        List<CompletableFuture<Outcome>> posted = new ArrayList<>();
        for (int i = 0; i < half; i++) {
            anna.say("message", "room", room, "message", "b" + i);
            try {
                posted.add(
                        server.chat
                                .sendMessage()
                                .send(
                                        server.actor("anna:client"),
                                        new RoomId(room),
                                        Draft.text("c" + i)));
            } catch (Refusal refusal) {
                throw new AssertionError(refusal);
            }
            john.say("sync", "rooms", java.util.Map.of(Long.toString(room), 0), "id", "s" + i);
        }
        unassign.orTimeout(20, TimeUnit.SECONDS).join();
        posted.forEach(p -> p.orTimeout(20, TimeUnit.SECONDS).join());
        assertThat(phone.closeCode()).isEqualTo(4403);
        john.await(f -> f.path("id").asText().equals("s" + (half - 1)), "the last sync");
        john.ask("ping");
        List<JsonNode> log = new ArrayList<>();
        while (log.size() < 3 * half) {
            anna.ask("history", "room", room, "after_seq", log.size(), "limit", 200)
                    .get("results")
                    .forEach(log::add);
        }
        // The change of people took a version: every message above it is none of john's business.
        long lost = versionOfTheLoss(anna, room);
        john.seenOrAwait(f -> isOf(f, "room_left"), "the loss");
        john.rest();
        phone.rest();
        for (Client his : List.of(john, phone)) {
            for (JsonNode frame : his.seen()) {
                long version = frame.path("version").asLong();
                assertThat(version).as("%s, lost at %s", frame, lost).isLessThan(lost);
            }
            assertThat(his.seen().stream().filter(f -> isOf(f, "room_left"))).hasSize(1);
        }
    }

    private static long versionOfTheLoss(Client anna, long room) {
        return anna.seenOrAwait(
                        f -> isOf(f, "room") && f.at("/room/participants").size() == 1,
                        "room " + room + " without john")
                .at("/room/version")
                .asLong();
    }

    @RepeatedTest(5)
    void nothing_is_missed_by_whoever_comes_and_goes_while_others_write() {
        long room = server.job("5", "anna", "");
        Client anna = connected("anna:client");
        Client john = connected("john:cleaner");
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 10; i++) {
                anna.say("message", "room", room, "message", round + "-" + i);
            }
            server.job("5", "anna", round % 2 == 0 ? "john" : "");
        }
        server.job("5", "anna", "john");
        anna.await("chat_message", f -> f.get("message").get("seq").asLong() == 100);
        anna.send(room, "the last");
        // Where he comes in for good only then, the room brings it.
        john.await(
                f -> f.at("/message/seq").asLong() == 101 || f.at("/room/last_seq").asLong() == 101,
                "the last message");
        // From each room frame on, seq goes up one by one.
        long held = -1;
        for (JsonNode frame : john.seen()) {
            switch (frame.get("type").asText()) {
                case "room" -> {
                    long last = frame.get("room").get("last_seq").asLong();
                    assertThat(held < 0 || last == held).as("%s", frame).isTrue();
                    held = last;
                }
                case "room_left" -> held = -1;
                case "chat_message" -> {
                    assertThat(frame.get("message").get("seq").asLong()).isEqualTo(held + 1);
                    held++;
                }
                default -> {}
            }
        }
        assertThat(held).isEqualTo(101);
    }
}
