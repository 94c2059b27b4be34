package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomPage;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** How often we go to the database, and with how much: the same for few as for many. */
class StatementsTest {
    private static final Watched WATCHED = new Watched();

    @AutoClose
    private static final Store STORE =
            Store.over(
                    TestServer.fresh(
                            new PostgresRoomLog.Settings(
                                    1, 500, 20_000, 2, Duration.ofSeconds(20))),
                    WATCHED::watch);

    private Given given;
    private Somebody anna;
    private Somebody john;

    @BeforeEach
    void people() {
        given = new Given(STORE.ports());
        anna = given.client("anna");
        john = given.cleaner("john");
    }

    @Test
    void a_list_of_60_rooms_takes_as_many_statements_as_one_of_2() {
        Somebody busy = given.client("busy");
        fill(anna, 2);
        fill(busy, 60);

        WATCHED.clear();
        RoomPage few = list(anna);
        int forFew = WATCHED.statements().size();
        WATCHED.clear();
        RoomPage many = list(busy);
        int forMany = WATCHED.statements().size();

        assertThat(few.rooms()).hasSize(2);
        assertThat(many.rooms()).hasSize(60).allMatch(v -> v.lastMessage().isPresent());
        assertThat(many.rooms()).allMatch(v -> v.job().isPresent() && v.people().size() == 2);
        assertThat(forMany).isEqualTo(forFew).isLessThanOrEqualTo(3);
        assertThat(WATCHED.journeys()).hasSize(2);
    }

    @Test
    void history_and_changes_take_two_journeys_levels_and_totals_one() {
        Talk talk = given.general("lobby");
        talk.say(anna, "Hello");

        assertThat(journeys(() -> talk.log(anna))).isEqualTo(2);
        assertThat(journeys(() -> talk.changes(anna, 0, 0))).isEqualTo(2);
        assertThat(journeys(() -> STORE.ports().rooms().levels(anna.id()))).isEqualTo(1);
        assertThat(journeys(() -> STORE.ports().rooms().totalUnread(anna.actor()))).isEqualTo(1);
        assertThat(journeys(() -> STORE.ports().rooms().seat(talk.id(), anna.id()))).isEqualTo(1);
    }

    @Test
    void a_token_that_says_nothing_new_writes_nothing() {
        STORE.ports().users().seen(anna.person());
        WATCHED.clear();

        STORE.ports().users().seen(anna.person());

        assertThat(WATCHED.statements()).hasSize(1).allMatch(sql -> sql.startsWith("select"));
    }

    @Test
    void what_waits_goes_into_one_commit_of_two_journeys_however_much_it_is() throws SQLException {
        List<Talk> rooms =
                IntStream.range(0, 20)
                        .mapToObj(i -> given.job("j" + i).client(anna).cleaner(john).booked())
                        .toList();
        List<Message> first = rooms.stream().map(talk -> talk.say(anna, "first")).toList();
        List<CompletableFuture<Outcome>> sent = new ArrayList<>();
        try (Connection holder = holdEverything()) {
            // The lane is busy with this one while all the others gather.
            sent.add(append(post(rooms.getFirst(), anna, "busy", "c-busy")));
            WaitingForLocks.await(STORE);
            WATCHED.clear();
            for (int i = 0; i < 200; i++) {
                Talk talk = rooms.get(i % rooms.size());
                sent.add(append(post(talk, i % 3 == 0 ? john : anna, "m" + i, "c-" + i)));
            }
            for (int i = 0; i < rooms.size(); i++) {
                Talk talk = rooms.get(i);
                sent.add(append(new RoomChange.Read(talk.id(), john.actor(), 2)));
                sent.add(
                        append(
                                new RoomChange.Edit(
                                        talk.id(),
                                        anna.actor(),
                                        first.get(i).id(),
                                        "edited",
                                        given.now())));
            }
            holder.rollback();
        }
        sent.forEach(Talk::outcome);

        // The first commit's writing and commit, then one for all that had gathered.
        assertThat(WATCHED.commits()).isEqualTo(2);
        assertThat(WATCHED.journeys()).hasSize(3 + 1);
        assertThat(WATCHED.statements()).hasSizeLessThan(25);
        assertThat(Recount.differences(STORE)).isEmpty();
    }

    @Test
    void repeats_and_refusals_alone_commit_nothing() {
        Talk talk = given.general("lobby");
        Outcome first = talk.say(anna, "Hello", "c-1");
        WATCHED.clear();

        assertThat(talk.say(anna, "Hello", "c-1").message()).isEqualTo(first.message());
        talk.read(anna, 0);

        assertThat(WATCHED.commits()).isZero();
        assertThat(WATCHED.rollbacks()).isEqualTo(2);
    }

    @Test
    void a_batch_of_one_commits_one_by_one() throws SQLException {
        Watched watched = new Watched();
        try (Store single =
                Store.over(
                        TestServer.fresh(
                                new PostgresRoomLog.Settings(
                                        1, 1, 20_000, 2, Duration.ofSeconds(20))),
                        watched::watch)) {
            Given there = new Given(single.ports());
            Somebody ida = there.client("ida");
            Talk talk = there.general("lobby");
            talk.say(ida, "first");
            watched.clear();
            List<CompletableFuture<Outcome>> sent =
                    IntStream.range(0, 10)
                            .mapToObj(
                                    i ->
                                            single.ports()
                                                    .log()
                                                    .append(post(talk, ida, "m" + i, "c" + i)))
                            .toList();
            sent.forEach(Talk::outcome);

            assertThat(watched.commits()).isEqualTo(10);
        }
    }

    private void fill(Somebody who, int rooms) {
        for (int i = 0; i < rooms; i++) {
            given.job(who + " " + i).client(who).cleaner(john).booked().say(john, "Hello " + i);
        }
    }

    private static RoomPage list(Somebody who) {
        return STORE.ports().rooms().list(who.actor(), RoomFilter.OWN, Optional.empty(), 100);
    }

    private static int journeys(Runnable asking) {
        WATCHED.clear();
        asking.run();
        return WATCHED.journeys().size();
    }

    private RoomChange post(Talk talk, Somebody who, String text, String name) {
        return new RoomChange.Post(
                talk.id(), who.actor(), Draft.text(text).with(new ClientId(name)), given.now());
    }

    private static CompletableFuture<Outcome> append(RoomChange change) {
        return STORE.ports().log().append(change);
    }

    private static Connection holdEverything() throws SQLException {
        Connection holder = STORE.connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("lock table participant in access exclusive mode");
        }
        return holder;
    }
}
