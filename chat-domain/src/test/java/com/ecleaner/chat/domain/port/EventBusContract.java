package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * What every bus promises: in quiet times what is published to a followed room reaches every
 * listener whole, and no listener holds up a publisher or another listener's events.
 */
@Timeout(60)
public abstract class EventBusContract {
    private static final Instant AT = Instant.parse("2025-10-25T10:30:00.123Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private EventBus bus;
    private RoomId room;

    /** The bus under test; whoever extends this closes it after each test. */
    protected abstract EventBus bus();

    @BeforeEach
    void start() throws Exception {
        bus = bus();
        // A number of its own, so that tests may share whatever carries the events.
        room = new RoomId(ThreadLocalRandom.current().nextLong(1, 1L << 50));
        follow(room);
    }

    private void follow(RoomId followed) throws Exception {
        bus.follow(followed).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private List<ChatEvent> listening() {
        List<ChatEvent> heard = new CopyOnWriteArrayList<>();
        bus.listen(heard::add);
        return heard;
    }

    @Test
    void what_is_published_after_a_room_is_followed_reaches_every_listener() {
        List<ChatEvent> one = listening();
        List<ChatEvent> two = listening();
        List<ChatEvent> told =
                LongStream.rangeClosed(1, 50).<ChatEvent>mapToObj(this::read).toList();

        told.forEach(bus::publish);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(one).containsAll(told));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(two).containsAll(told));
    }

    @Test
    void every_kind_of_event_arrives_as_it_was_published() {
        List<ChatEvent> heard = listening();
        UserId user = new UserId("o'neil/ü%\"26\"");
        Person person = new Person(user, "john \"j\"", "Jöhn 🧽");
        Message plain = message(1, "plain", Optional.empty(), Optional.empty(), Optional.empty());
        Message full =
                message(
                        2,
                        "<b>tab\t</b>\r\n👩‍👩‍👧‍👦 ' \" \\ \u2028",
                        Optional.of(new Quote(plain.id(), 1, person, "plain")),
                        Optional.of(
                                new Attachment(
                                        new AttachmentId("a-1"),
                                        "stain 🧽.jpg",
                                        "image/jpeg",
                                        48_213,
                                        OptionalInt.of(1600),
                                        OptionalInt.of(1200),
                                        true)),
                        Optional.empty());
        Message file =
                message(
                        3,
                        "",
                        Optional.empty(),
                        Optional.of(
                                new Attachment(
                                        new AttachmentId("a-2"),
                                        "offer.pdf",
                                        "application/pdf",
                                        1L << 40,
                                        OptionalInt.empty(),
                                        OptionalInt.empty(),
                                        false)),
                        Optional.of(
                                new JobChanges(
                                        Map.of("status", new JobChanges.Change("", "done")))));
        List<ChatEvent> told =
                List.of(
                        new RoomEvent.MessagePosted(plain),
                        new RoomEvent.MessagePosted(full),
                        new RoomEvent.MessagePosted(file),
                        new RoomEvent.MessageEdited(
                                full.edited("x".repeat(4_000), AT, 7).withRead(true)),
                        new RoomEvent.MessageDeleted(full.deleted(AT.plusNanos(1_000_000), 8)),
                        new RoomEvent.ReadAdvanced(room, 9, user, 1L << 40, 3),
                        new RoomEvent.RoomChanged(
                                room, 10, RoomType.SUPPORT, Set.of(user), Set.of(anna(), eve())),
                        new RoomEvent.RoomChanged(room, 11, RoomType.JOB, Set.of(), Set.of()),
                        new RoomEvent.AuthorErased(room, 12, user),
                        new Passing.TypingChanged(room, person, true),
                        new Passing.TypingChanged(room, person, false),
                        new Passing.PresenceChanged(user, Set.of(room), true, Optional.empty()),
                        new Passing.PresenceChanged(user, Set.of(room), false, Optional.of(AT)),
                        new Passing.UserChanged(
                                new User(person, Optional.of(Role.CLEANER), true, false)),
                        new Passing.UserChanged(new User(person, Optional.empty(), true, true)));

        told.forEach(bus::publish);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).containsAll(told));
    }

    @Test
    void what_is_said_of_users_is_heard_without_following_any_room() {
        bus.unfollow(room);
        List<ChatEvent> heard = listening();
        ChatEvent changed =
                new Passing.UserChanged(
                        new User(
                                Person.nameless(new UserId("u-" + room)),
                                Optional.of(Role.ADMIN),
                                true,
                                false));

        bus.publish(changed);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).contains(changed));
    }

    @Test
    void a_listener_that_fails_costs_nobody_an_event() {
        bus.listen(
                event -> {
                    throw new IllegalStateException("a fault of this test's listener");
                });
        List<ChatEvent> heard = listening();

        bus.publish(read(1));
        bus.publish(read(2));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).contains(read(1), read(2)));
    }

    @Test
    void a_publisher_does_not_wait_for_a_listener_that_hangs() throws Exception {
        CountDownLatch published = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        bus.listen(
                event -> {
                    try {
                        published.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    released.countDown();
                });

        // Would hang here until the time limit if publishing waited for the listener.
        LongStream.rangeClosed(1, 1_000).forEach(version -> bus.publish(read(version)));
        published.countDown();

        assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_room_that_is_followed_again_is_heard_again() throws Exception {
        List<ChatEvent> heard = listening();
        bus.unfollow(room);
        follow(room);

        bus.publish(read(1));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).contains(read(1)));
    }

    @Test
    void a_room_can_be_followed_from_within_a_listener() {
        List<ChatEvent> heard = new CopyOnWriteArrayList<>();
        RoomId next = new RoomId(room.value() + 1);
        bus.listen(
                event -> {
                    heard.add(event);
                    if (event.equals(read(1))) {
                        bus.follow(next)
                                .thenRun(
                                        () ->
                                                bus.publish(
                                                        new RoomEvent.ReadAdvanced(
                                                                next, 1, anna(), 1, 0)));
                    }
                });

        bus.publish(read(1));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(heard)
                                        .contains(
                                                new RoomEvent.ReadAdvanced(next, 1, anna(), 1, 0)));
    }

    private static UserId anna() {
        return new UserId("anna");
    }

    private static UserId eve() {
        return new UserId("26");
    }

    private RoomEvent read(long version) {
        return new RoomEvent.ReadAdvanced(room, version, anna(), version, 0);
    }

    private Message message(
            long seq,
            String content,
            Optional<Quote> replyTo,
            Optional<Attachment> attachment,
            Optional<JobChanges> data) {
        return new Message(
                new MessageId(room.value() + seq),
                room,
                seq,
                seq + 1,
                new Person(anna(), "anna", ""),
                attachment.isPresent() ? MessageType.IMAGE : MessageType.TEXT,
                content,
                AT,
                false,
                replyTo.map(q -> new ClientId("client 'id' 🧽")),
                replyTo,
                attachment,
                data,
                Optional.empty(),
                Optional.empty());
    }
}
