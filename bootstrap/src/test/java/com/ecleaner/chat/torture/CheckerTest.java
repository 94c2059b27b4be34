package com.ecleaner.chat.torture;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.torture.Fact.Way;
import com.ecleaner.chat.torture.Outcome.Copy;
import com.ecleaner.chat.torture.Outcome.Count;
import com.ecleaner.chat.torture.Outcome.Kept;
import com.ecleaner.chat.torture.Outcome.Total;
import com.ecleaner.chat.torture.Violation.Kind;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Whatever breaks a promise is found, and what breaks none is not. */
final class CheckerTest {
    private static final long ROOM = 7;

    /** A small conversation in which all is well, to be spoiled. */
    private static final class World {
        private final List<Fact> facts = new ArrayList<>();
        private final List<Kept> log = new ArrayList<>();
        private final List<Copy> copies = new ArrayList<>();
        private final List<Count> counts = new ArrayList<>();
        private final List<Total> totals = new ArrayList<>();
        private long time;

        World() {
            for (String device : List.of("anna's phone", "john's phone", "john's tablet")) {
                facts.add(new Fact.Connected(now(), device, 1));
                facts.add(new Fact.Began(now(), device, ROOM, 0));
            }
            say("a", 1);
            say("b", 2);
            say("c", 3);
            facts.add(new Fact.Rewrote(now(), "anna's phone", "b", "b, edited"));
            log.set(1, new Kept(2, 102, "anna", "b", "b, edited", false));
            facts.add(new Fact.Rewrote(now(), "anna's phone", "c", ""));
            log.set(2, new Kept(3, 103, "anna", "c", "", true));
            facts.add(new Fact.Marked(now(), "john's phone", 1, ROOM, 1));
            copies.add(new Copy("john's phone", "john", ROOM, 0, 1, new ArrayList<>(log)));
            counts.add(new Count("REST", "john", ROOM, 1, 1));
            totals.add(new Total("john's phone", "john", Map.of(ROOM, 1L), OptionalLong.of(1)));
        }

        private long now() {
            return ++time;
        }

        private void say(String name, long seq) {
            facts.add(new Fact.Said(now(), "anna's phone", "anna", ROOM, name, "says " + name));
            facts.add(told("john's phone", 1, Way.LIVE, seq, name));
            facts.add(told("john's tablet", 1, Way.LIVE, seq, name));
            facts.add(told("anna's phone", 1, Way.AGAIN, seq, name));
            facts.add(new Fact.Acknowledged(now(), "anna's phone", ROOM, name, seq, 100 + seq));
            facts.add(new Fact.Reached(now(), "john's phone", 1, ROOM, seq + 1));
            log.add(new Kept(seq, 100 + seq, "anna", name, "says " + name, false));
        }

        private Fact.Told told(String device, int connection, Way way, long seq, String name) {
            String user = device.substring(0, device.indexOf('\''));
            return new Fact.Told(
                    now(), device, user, connection, way, ROOM, seq, 100 + seq, "anna", name);
        }

        private List<Violation> check() {
            return Checker.check(facts, new Outcome(Map.of(ROOM, log), copies, counts, totals));
        }
    }

    private static List<Violation> spoiled(Consumer<World> how) {
        World world = new World();
        how.accept(world);
        return world.check();
    }

    private static void found(Kind kind, Consumer<World> how) {
        List<Violation> violations = spoiled(how);
        assertThat(violations).extracting(Violation::kind).contains(kind);
        assertThat(violations).allSatisfy(v -> assertThat(v.told(0)).startsWith(v.kind() + ": "));
    }

    @Test
    void a_sound_history_is_sound() {
        assertThat(new World().check()).isEmpty();
    }

    @Test
    void what_comes_again_in_a_sync_or_ahead_as_history_is_sound() {
        assertThat(
                        spoiled(
                                w -> {
                                    w.facts.add(new Fact.Connected(w.now(), "john's phone", 2));
                                    w.facts.add(w.told("john's phone", 2, Way.AGAIN, 2, "b"));
                                    w.facts.add(w.told("john's phone", 2, Way.AGAIN, 3, "c"));
                                    w.facts.add(
                                            new Fact.Reached(w.now(), "john's phone", 2, ROOM, 1));
                                    w.say("d", 4);
                                    w.facts.removeIf(
                                            f ->
                                                    f instanceof Fact.Told t
                                                            && t.device().equals("john's tablet")
                                                            && t.seq() == 4);
                                    w.facts.add(w.told("john's tablet", 1, Way.HISTORY, 4, "d"));
                                    w.copies.clear();
                                    w.counts.clear();
                                    w.totals.clear();
                                }))
                .isEmpty();
    }

    @Test
    void an_acknowledged_message_that_is_not_kept() {
        found(Kind.LOST, w -> w.log.removeLast());
    }

    @Test
    void a_message_that_was_told_by_another_number_than_it_is_kept_by() {
        found(Kind.LOST, w -> w.log.set(0, new Kept(1, 999, "anna", "a", "says a", false)));
    }

    @Test
    void a_message_that_nobody_deleted_and_is() {
        found(Kind.LOST, w -> w.log.set(0, new Kept(1, 101, "anna", "a", "", true)));
    }

    @Test
    void one_client_id_that_is_kept_twice() {
        found(Kind.DUPLICATE, w -> w.log.add(new Kept(4, 104, "anna", "a", "says a", false)));
    }

    @Test
    void one_client_id_that_was_acknowledged_by_two_numbers() {
        found(
                Kind.DUPLICATE,
                w ->
                        w.facts.add(
                                new Fact.Acknowledged(w.now(), "anna's phone", ROOM, "a", 2, 102)));
    }

    @Test
    void a_message_that_nobody_sent() {
        found(Kind.PHANTOM, w -> w.log.add(new Kept(4, 104, "anna", "x", "says x", false)));
        found(Kind.PHANTOM, w -> w.facts.add(w.told("john's phone", 1, Way.LIVE, 4, "nobody's")));
    }

    @Test
    void a_message_under_another_name() {
        found(Kind.PHANTOM, w -> w.log.set(0, new Kept(1, 101, "john", "a", "says a", false)));
    }

    @Test
    void a_content_that_nobody_sent() {
        found(Kind.PHANTOM, w -> w.log.set(0, new Kept(1, 101, "anna", "a", "says b", false)));
    }

    @Test
    void a_number_that_is_missing_in_the_record() {
        found(Kind.HOLE, w -> w.log.remove(1));
    }

    @Test
    void a_number_that_a_device_was_not_told() {
        found(
                Kind.HOLE,
                w ->
                        w.facts.removeIf(
                                f ->
                                        f instanceof Fact.Told t
                                                && t.device().equals("john's tablet")
                                                && t.seq() == 2));
    }

    @Test
    void a_message_that_is_told_twice_on_a_connection_that_is_level() {
        found(Kind.ORDER, w -> w.facts.add(w.told("john's phone", 1, Way.LIVE, 2, "b")));
    }

    @Test
    void two_readers_who_were_told_different_messages_by_one_number() {
        found(
                Kind.ORDER,
                w ->
                        w.facts.replaceAll(
                                f ->
                                        f instanceof Fact.Told t
                                                        && t.device().equals("john's tablet")
                                                        && t.seq() == 2
                                                ? new Fact.Told(
                                                        t.at(),
                                                        t.device(),
                                                        t.user(),
                                                        1,
                                                        t.way(),
                                                        ROOM,
                                                        2,
                                                        103,
                                                        "anna",
                                                        "c")
                                                : f));
    }

    @Test
    void a_version_that_goes_back() {
        found(
                Kind.WENT_BACK,
                w -> w.facts.add(new Fact.Reached(w.now(), "john's phone", 1, ROOM, 2)));
    }

    @Test
    void a_mark_that_goes_back() {
        found(
                Kind.WENT_BACK,
                w -> w.facts.add(new Fact.Marked(w.now(), "john's phone", 1, ROOM, 0)));
    }

    @Test
    void unread_that_is_not_what_a_recount_says() {
        found(Kind.UNREAD, w -> w.counts.add(new Count("sync", "john", ROOM, 1, 2)));
        found(Kind.UNREAD, w -> w.counts.add(new Count("sync", "john", ROOM, 2, 0)));
        found(
                Kind.UNREAD,
                w ->
                        w.totals.add(
                                new Total(
                                        "john's tablet",
                                        "john",
                                        Map.of(ROOM, 1L),
                                        OptionalLong.of(0))));
    }

    @Test
    void a_mark_that_a_device_believes_and_is_not_so() {
        found(Kind.UNREAD, w -> w.copies.add(new Copy("john's tablet", "john", ROOM, 0, 2, w.log)));
    }

    @Test
    void what_was_written_after_a_user_was_out_and_reached_them() {
        found(
                Kind.AFTER_LOSS,
                w -> {
                    w.facts.add(new Fact.Out(w.now(), "john", ROOM));
                    w.say("d", 4);
                });
    }

    @Test
    void what_was_written_before_a_user_was_out_or_told_once_they_may_return_is_sound() {
        assertThat(
                        spoiled(
                                w -> {
                                    w.facts.add(new Fact.Out(w.now(), "john", ROOM));
                                    w.facts.add(w.told("john's phone", 1, Way.AGAIN, 3, "c"));
                                    w.facts.add(new Fact.ComesIn(w.now(), "john", ROOM));
                                    w.say("d", 4);
                                    w.copies.clear();
                                    w.counts.clear();
                                    w.totals.clear();
                                }))
                .isEmpty();
    }

    @Test
    void a_device_that_holds_something_else_than_the_record() {
        found(
                Kind.NOT_LEVEL,
                w -> {
                    List<Kept> stale = new ArrayList<>(w.log);
                    stale.set(1, new Kept(2, 102, "anna", "b", "says b", false));
                    w.copies.add(new Copy("john's tablet", "john", ROOM, 0, 1, stale));
                });
        found(
                Kind.NOT_LEVEL,
                w ->
                        w.copies.add(
                                new Copy(
                                        "john's tablet", "john", ROOM, 0, 1, w.log.subList(0, 2))));
    }

    @Test
    void a_story_tells_what_was_sent_and_what_was_broken_and_no_more() {
        List<Violation> violations =
                spoiled(
                        w -> {
                            w.facts.add(new Fact.Broke(2, "node 1 is killed"));
                            w.log.removeLast();
                        });

        assertThat(violations.getFirst().kind()).isEqualTo(Kind.LOST);
        assertThat(violations.getFirst().told(0))
                .contains("--- node 1 is killed")
                .contains("anna's phone says c in room 7")
                .contains("is told that c is kept as number 3")
                .doesNotContain(" says a")
                .doesNotContain(" says b");
    }
}
