package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.view.Recent;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Several nodes write into the same rooms of one database. */
class SeveralNodesTest {
    private static final Instant AT = Instant.parse("2025-10-25T10:30:00.123Z");
    private static final int NODES = 3;
    private static final int ROOMS = 50;
    private static final int NAMES = 20;

    private static final List<Store> NODE = new ArrayList<>();

    @BeforeAll
    static void open() {
        // More patience than on a real node: this machine does everything at once.
        Store first =
                Store.fresh(
                        new PostgresRoomLog.Settings(2, 500, 20_000, 4, Duration.ofSeconds(20)));
        NODE.add(first);
        while (NODE.size() < NODES) {
            NODE.add(Store.over(first.settings()));
        }
    }

    @AfterAll
    static void close() {
        NODE.forEach(Store::close);
    }

    @Test
    void what_a_node_is_still_writing_is_asked_for_until_it_is_written() throws Exception {
        Given given = new Given(NODE.getFirst().ports());
        Talk talk = given.job("slow").client(given.client("eve")).booked();
        Store node = NODE.getFirst();
        try (Connection slow = node.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute(
                    "update room set version = version + 1 where id = " + talk.id().value());
            long begun;
            try (ResultSet rs =
                    statement.executeQuery("select ceil(extract(epoch from now()) * 1000)")) {
                rs.next();
                begun = rs.getLong(1);
            }

            long mark = node.database().rooms().recent(Recent.FROM_NOW).mark();
            assertThat(mark).isLessThanOrEqualTo(begun);
            assertThat(node.database().rooms().recent(mark).mark()).isLessThanOrEqualTo(begun);

            slow.rollback();
            // Words on their way to the index are written at any time as well.
            await().untilAsserted(
                            () ->
                                    assertThat(node.database().rooms().recent(mark).mark())
                                            .isGreaterThanOrEqualTo(begun));
        }
    }

    @Test
    void three_nodes_fifty_rooms_and_repeated_names_give_one_dense_log_each() throws Exception {
        Given given = new Given(NODE.getFirst().ports());
        Somebody anna = given.client("anna");
        Somebody john = given.cleaner("john");
        List<Talk> rooms =
                IntStream.range(0, ROOMS)
                        .mapToObj(i -> given.job("j" + i).client(anna).cleaner(john).booked())
                        .toList();

        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(NODES)) {
            List<Callable<List<Outcome>>> writers = new ArrayList<>();
            for (int n = 0; n < NODES; n++) {
                Store node = NODE.get(n);
                Random random = new Random(n);
                writers.add(() -> write(node, rooms, anna, john, random));
            }
            for (Future<List<Outcome>> done : threads.invokeAll(writers, 120, TimeUnit.SECONDS)) {
                outcomes.addAll(done.get());
            }
        }

        assertThat(outcomes.stream().flatMap(o -> o.events().stream()).toList())
                .extracting(e -> e.room() + " " + e.version())
                .doesNotHaveDuplicates();
        for (Talk talk : rooms) {
            List<Message> log = talk.log(anna);
            assertThat(log)
                    .extracting(Message::seq)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, log.size()).boxed().toList());
            assertThat(log)
                    .extracting(m -> m.sender().id() + " " + m.clientId().orElseThrow().value())
                    .doesNotHaveDuplicates()
                    .hasSize(2 * NAMES);
            assertThat(talk.room().lastSeq()).isEqualTo(log.size());
            List<Long> versions =
                    outcomes.stream()
                            .flatMap(o -> o.events().stream())
                            .filter(e -> e.room().equals(talk.id()))
                            .map(RoomEvent::version)
                            .sorted()
                            .toList();
            assertThat(versions)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(2, talk.room().version()).boxed().toList());
        }
        assertThat(Recount.differences(NODE.getFirst())).isEmpty();
    }

    /** Each name from each node twice, in an order of its own, with reads between. */
    private static List<Outcome> write(
            Store node, List<Talk> rooms, Somebody anna, Somebody john, Random random) {
        List<RoomChange> changes = new ArrayList<>();
        for (Talk talk : rooms) {
            for (int i = 0; i < NAMES; i++) {
                for (Somebody who : List.of(anna, john)) {
                    Draft draft = Draft.text("message " + i).with(new ClientId("c-" + i));
                    RoomChange post = new RoomChange.Post(talk.id(), who.actor(), draft, AT);
                    changes.add(post);
                    changes.add(post);
                }
            }
            changes.add(new RoomChange.Read(talk.id(), anna.actor(), 1 + random.nextInt(30)));
            changes.add(new RoomChange.Read(talk.id(), john.actor(), 1 + random.nextInt(30)));
        }
        Collections.shuffle(changes, random);
        List<Outcome> outcomes = new ArrayList<>();
        List<CompletableFuture<Outcome>> underWay = new ArrayList<>();
        for (RoomChange change : changes) {
            underWay.add(node.ports().log().append(change));
            if (underWay.size() == 300) {
                underWay.forEach(one -> outcomes.add(Talk.outcome(one)));
                underWay.clear();
            }
        }
        underWay.forEach(one -> outcomes.add(Talk.outcome(one)));
        return outcomes;
    }
}
