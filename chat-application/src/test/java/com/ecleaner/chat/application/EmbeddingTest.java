package com.ecleaner.chat.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.commit.HeldEvents;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What docs/embedding.md shows, so that it goes on working. */
class EmbeddingTest {
    private final Actor platform = new Actor(new UserId("platform"), Role.SERVICE);
    private final Actor anna = new Actor(new UserId("anna"), Role.CLIENT);
    private final Actor john = new Actor(new UserId("john"), Role.CLEANER);
    private final InMemoryStore store = new InMemoryStore();

    private Chat chat(EventBus bus) {
        return new Chat(
                new Chat.Stores(
                        store.log(), store.rooms(), store.jobs(), store.users(), store.search()),
                bus,
                RateLimits.NONE,
                InstantSource.system());
    }

    private static Jobs.Writing job() {
        return new Jobs.Writing(
                new JobId("5"),
                "Two rooms and a bath",
                "assigned",
                Optional.of(new Person(new UserId("anna"), "anna", "Anna")),
                Optional.of(new Person(new UserId("john"), "john", "John")),
                Optional.empty());
    }

    @Test
    void a_service_without_any_server_books_a_job_and_its_people_talk() {
        try (InProcessEventBus bus = new InProcessEventBus()) {
            List<ChatEvent> heard = new CopyOnWriteArrayList<>();
            bus.listen(heard::add);
            Chat chat = chat(bus);

            chat.maintainJobs().put(platform, job());
            RoomId room =
                    chat.openRoom()
                            .open(anna, RoomKey.OfJob.main(new JobId("5")))
                            .view()
                            .room()
                            .id();
            Outcome sent =
                    Commits.await(
                            chat.sendMessage().send(anna, room, Draft.text("The key is outside")));

            assertThat(sent.message().orElseThrow().seq()).isEqualTo(1);
            assertThat(chat.showRoom().show(john, room).unread()).isEqualTo(1);
            Commits.await(chat.markRead().read(john, room, 1));
            assertThat(chat.showRoom().show(john, room).unread()).isZero();
            await().until(() -> heard.stream().anyMatch(RoomEvent.MessagePosted.class::isInstance));
        }
    }

    @Test
    void events_of_a_foreign_transaction_are_told_after_its_commit_and_not_before() {
        try (InProcessEventBus bus = new InProcessEventBus()) {
            List<ChatEvent> heard = new CopyOnWriteArrayList<>();
            bus.listen(heard::add);
            HeldEvents held = new HeldEvents();

            chat(held).maintainJobs().put(platform, job());
            assertThat(heard).isEmpty();

            held.releaseTo(bus);
            await().until(() -> heard.size() == 1);
        }
    }
}
