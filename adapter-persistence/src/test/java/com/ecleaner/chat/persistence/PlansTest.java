package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.SearchScope;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How PostgreSQL finds what we ask for, as its own auto_explain tells: by index, whatever the size
 * of the room and however long the list. And that whether it planned with good figures about the
 * tables, or while they were empty: such a plan is kept.
 */
@ParameterizedClass(name = "planned while the tables were empty: {0}")
@ValueSource(booleans = {false, true})
class PlansTest {
    private static final int MESSAGES = 20_000;
    private static final Watched WATCHED = new Watched();

    private static Store store;
    private static Given given;
    private static Somebody anna;
    private static Talk large;
    private static long read;

    PlansTest(boolean plannedEmpty) {
        assertThat(store).as("filled, planned empty: %s", plannedEmpty).isNotNull();
    }

    @BeforeParameterizedClassInvocation
    static void fill(boolean plannedEmpty) {
        // One lane, so that the connections which plan are those which are watched.
        Database.Settings settings =
                TestServer.fresh(
                        new PostgresRoomLog.Settings(1, 500, 20_000, 1, Duration.ofSeconds(2)));
        String name = TestServer.database(settings);
        TestServer.execute(
                "alter database " + name + " set session_preload_libraries = 'auto_explain'");
        TestServer.execute("alter database " + name + " set auto_explain.log_min_duration = 0");
        store = Store.over(settings, WATCHED::watch);
        // It works beside the tests, and would be among the plans.
        store.database().words().close();
        given = new Given(store.ports());
        anna = given.client("anna");
        Somebody john = given.cleaner("john");
        large = given.job("5").client(anna).cleaner(john).booked();
        if (plannedEmpty) {
            // So the server is sure of it.
            store.execute("vacuum analyze");
            plan(john);
        }
        Bulk.others(store, 5_000);
        Bulk.messages(store, large.id(), MESSAGES, anna.id(), john.id());
        store.execute(
                "insert into message_words (message_id, room_id, sent_at, words)"
                        + " select id, room_id, created_at, lower(replace(content, ',', ''))"
                        + " from message where content <> '' on conflict do nothing");
        store.execute(
                "insert into message_edit (message_id, version, content, written_at)"
                        + " select id, 1, 'said before', now() from message where seq % 2 = 0");
        if (!plannedEmpty) {
            store.execute("vacuum analyze");
        }
    }

    /** Does everything often enough to be planned for good, and keeps the server from learning. */
    private static void plan(Somebody john) {
        for (String table :
                List.of("room", "participant", "message", "chat_user", "job", "attachment")) {
            store.execute("alter table " + table + " set (autovacuum_enabled = false)");
        }
        Talk small = given.job("6").client(anna).cleaner(john).booked();
        for (int i = 0; i < 8; i++) {
            Message first = small.say(anna, "Hello", "c-" + i).message().orElseThrow();
            small.say(john, "Hello", "c-" + i);
            small.read(john, first.seq());
            small.edit(anna, first, "Hello again");
            small.done(
                    new RoomChange.Post(
                            small.id(),
                            john.actor(),
                            Draft.text("yes").inReplyTo(first.id()),
                            given.now()));
            small.delete(anna.as(Role.ADMIN), first);
            small.history(anna, new Position.Latest(), 50);
            small.changes(anna, 1, 1);
            readLists(small);
        }
    }

    private static void readLists(Talk talk) {
        Rooms rooms = store.ports().rooms();
        rooms.list(anna.actor(), RoomFilter.OWN, Optional.empty(), 50);
        rooms.levels(anna.id());
        rooms.totalUnread(anna.actor());
        rooms.seat(talk.id(), anna.id());
        rooms.find(new RoomKey.OfAll("no such room"));
        rooms.find(talk.room().key());
        rooms.list(
                anna.actor(),
                new RoomFilter(true, Optional.empty(), Optional.empty()),
                Optional.empty(),
                10);
    }

    @AfterParameterizedClassInvocation
    static void close() {
        store.close();
    }

    @BeforeEach
    void begin() {
        forget();
    }

    private static void forget() {
        read = logSize();
        WATCHED.clear();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 26, MESSAGES / 2, MESSAGES - 10, MESSAGES})
    void a_page_of_history_is_found_by_index_wherever_it_lies(long seq) {
        for (Position position :
                List.of(
                        new Position.Latest(),
                        new Position.Before(seq),
                        new Position.After(seq),
                        new Position.Around(seq))) {
            large.history(anna, position, 50);
        }

        assertThat(plans()).hasSizeGreaterThanOrEqualTo(8).noneMatch(PlansTest::scansATable);
        assertThat(plans())
                .filteredOn(plan -> plan.contains("m.seq between"))
                .isNotEmpty()
                .allMatch(plan -> plan.contains("message_seq"));
    }

    @Test
    void what_changed_lately_is_found_by_index() {
        Message last = large.message(anna, MESSAGES);
        large.edit(anna, large.message(anna, MESSAGES - 1), "edited");
        forget();

        large.changes(anna, MESSAGES - 10, last.version());

        assertThat(plans()).hasSizeGreaterThanOrEqualTo(5).noneMatch(PlansTest::scansATable);
    }

    @Test
    void lists_levels_and_totals_are_found_by_index() {
        readLists(large);

        assertThat(plans()).hasSizeGreaterThanOrEqualTo(8).noneMatch(PlansTest::scansATable);
    }

    @Test
    void what_a_commit_reads_and_writes_is_found_by_index() {
        Message mine = large.message(anna, 19_999);
        Message other = large.message(anna, 3);
        forget();

        large.say(anna, "Hello", "c-1");
        large.say(anna, "Hello", "c-1");
        large.done(
                new RoomChange.Post(
                        large.id(),
                        anna.actor(),
                        Draft.text("yes").inReplyTo(mine.id()),
                        given.now()));
        large.read(anna, 5_000);
        large.delete(anna.as(Role.ADMIN), other);
        large.read(anna, 15_000);

        assertThat(plans()).hasSizeGreaterThanOrEqualTo(15).noneMatch(PlansTest::scansATable);
    }

    @Test
    void one_person_and_one_name_are_found_by_their_key_and_not_among_thousands() {
        store.ports().rooms().seat(large.id(), anna.id());
        assertThat(plans())
                .allMatch(
                        plan ->
                                plan.contains("participant_pk")
                                        || plan.contains("participant_user"));

        forget();
        large.say(anna, "Hello", "bulk-1");
        assertThat(plans()).anyMatch(plan -> plan.contains("message_name"));
        assertThat(plans()).noneMatch(plan -> plan.contains("message_sender"));
    }

    @Test
    void a_search_is_answered_by_its_indexes() {
        for (SearchScope scope : List.of(new SearchScope.OwnRooms(), new SearchScope.EveryRoom())) {
            store.ports()
                    .search()
                    .find(anna.actor(), scope, Terms.of("number 7777"), Optional.empty(), 20);
        }

        // What is new is few rows, without an index but for their key.
        assertThat(plans())
                .map(plan -> plan.replace("Seq Scan on message_words_new", "the new ones"))
                .noneMatch(PlansTest::scansATable);
        // Those of somebody who is in few rooms may be looked through room by room.
        assertThat(plans())
                .filteredOn(plan -> plan.contains("s.sent_at from message_words s"))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(
                        plan ->
                                plan.contains("message_words_text")
                                        || plan.contains("message_words_room"))
                .anyMatch(plan -> plan.contains("message_words_text"));
        assertThat(plans())
                .filteredOn(plan -> plan.contains("chat_user u where"))
                .isNotEmpty()
                .allMatch(plan -> plan.contains("chat_user_words"));
    }

    @Test
    void a_plan_that_scans_a_table_would_be_seen() {
        store.database()
                .transactions()
                .read(
                        connection -> {
                            new RoundTrip()
                                    .update("set local enable_seqscan = on")
                                    .query(
                                            "select count(*) from message where content like ?",
                                            rs -> {},
                                            "%x%")
                                    .run(connection);
                            return 0;
                        });

        assertThat(plans()).anyMatch(PlansTest::scansATable);
    }

    /** The plans of all statements since the test began, out of the server's log. */
    private static List<String> plans() {
        long asked = WATCHED.statements().stream().filter(sql -> !sql.startsWith("set ")).count();
        return Awaitility.await().until(PlansTest::logged, plans -> plans.size() >= asked);
    }

    private static List<String> logged() {
        String log =
                store.ask("select substr(pg_read_file(pg_current_logfile()), " + (read + 1) + ")")
                        .getFirst();
        String ours = TestServer.database(store.settings()) + "@e-cleaner-chat@";
        return Stream.of(log.split("\n(?=[^\t])"))
                .filter(entry -> entry.startsWith(ours) && entry.contains("plan:"))
                .toList();
    }

    private static long logSize() {
        return Long.parseLong(
                store.ask("select length(pg_read_file(pg_current_logfile()))::text").getFirst());
    }

    private static boolean scansATable(String plan) {
        return plan.contains("Seq Scan on");
    }
}
