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
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.RoomFilter;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How PostgreSQL finds what we ask for, as its own auto_explain tells: by index, whatever the size
 * of the room and however long the list.
 */
class PlansTest {
    private static final int MESSAGES = 20_000;
    private static final Watched WATCHED = new Watched();

    private static Store store;
    private static Given given;
    private static Somebody anna;
    private static Talk large;
    private static long read;

    @BeforeAll
    static void fill() {
        Database.Settings settings = TestServer.fresh();
        String name = TestServer.database(settings);
        TestServer.execute(
                "alter database " + name + " set session_preload_libraries = 'auto_explain'");
        TestServer.execute("alter database " + name + " set auto_explain.log_min_duration = 0");
        store = Store.over(settings, WATCHED::watch);
        given = new Given(store.ports());
        anna = given.client("anna");
        Somebody john = given.cleaner("john");
        large = given.job("5").client(anna).cleaner(john).booked();
        Bulk.others(store, 5_000);
        Bulk.messages(store, large.id(), MESSAGES, anna.id(), john.id());
        store.execute(
                "insert into message_edit (message_id, version, content, written_at)"
                        + " select id, 1, 'said before', now() from message where seq % 2 = 0");
        store.execute("vacuum analyze");
    }

    @AfterAll
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
        Rooms rooms = store.ports().rooms();
        rooms.list(anna.id(), RoomFilter.OWN, Optional.empty(), 50);
        rooms.levels(anna.id());
        rooms.totalUnread(anna.id());
        rooms.seat(large.id(), anna.id());
        rooms.find(new RoomKey.OfAll("no such room"));
        rooms.find(large.room().key());
        rooms.list(
                anna.id(),
                new RoomFilter(true, Optional.empty(), Optional.empty()),
                Optional.empty(),
                10);

        assertThat(plans()).hasSizeGreaterThanOrEqualTo(10).noneMatch(PlansTest::scansATable);
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
    void a_plan_that_scans_a_table_would_be_seen() {
        store.database()
                .transactions()
                .read(
                        connection -> {
                            new RoundTrip()
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
