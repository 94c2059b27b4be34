package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.view.RoomView;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Whatever happens in a room, everybody's unread equals a naive recount of its log, and so does
 * every receipt. Random changes in bursts, against a model that only knows the definitions; a
 * failure names its seed.
 */
public abstract class UnreadContract {
    private static final int BURSTS = 25;

    /** The store under test, empty or shared. */
    protected abstract Ports ports();

    /** The runs to make; a store that is quick may make more. */
    protected LongStream seeds() {
        return LongStream.rangeClosed(1, 4);
    }

    @TestFactory
    Stream<DynamicTest> in_a_job_room_unread_is_what_a_recount_says() {
        return seeds().mapToObj(
                        seed ->
                                dynamicTest(
                                        "seed " + seed, () -> new Run(seed, RoomType.JOB).go()));
    }

    @TestFactory
    Stream<DynamicTest> in_a_general_room_unread_is_what_a_recount_says() {
        return seeds().mapToObj(
                        seed ->
                                dynamicTest(
                                        "seed " + seed,
                                        () -> new Run(seed, RoomType.GENERAL).go()));
    }

    // --- the definitions

    private static final class Said {
        private final Somebody sender;
        private boolean deleted;

        private Said(Somebody sender) {
            this.sender = sender;
        }
    }

    private static final class Row {
        private boolean present = true;
        private long mark;

        private Row(long mark) {
            this.mark = mark;
        }
    }

    private static final class Model {
        private final List<Said> log = new ArrayList<>();
        private final Map<Somebody, Row> rows = new HashMap<>();

        private boolean present(Somebody who) {
            return rows.containsKey(who) && rows.get(who).present;
        }

        private long mark(Somebody who) {
            return present(who) ? rows.get(who).mark : 0;
        }

        private long unread(Somebody who) {
            return !present(who)
                    ? 0
                    : LongStream.rangeClosed(rows.get(who).mark + 1, log.size())
                            .mapToObj(seq -> log.get((int) seq - 1))
                            .filter(m -> !m.deleted && !m.sender.equals(who))
                            .count();
        }

        private boolean read(long seq) {
            return rows.entrySet().stream()
                    .anyMatch(
                            row ->
                                    !row.getKey().equals(log.get((int) seq - 1).sender)
                                            && row.getValue().mark >= seq);
        }

        private void joinAtTheEnd(Somebody who) {
            if (!present(who)) {
                rows.put(who, new Row(log.size()));
            }
        }

        private void isIn(Somebody who) {
            rows.computeIfAbsent(who, w -> new Row(0)).present = true;
        }

        private void isOut(Somebody who) {
            if (rows.containsKey(who)) {
                rows.get(who).present = false;
            }
        }
    }

    // --- a run

    private final class Run {
        private final long seed;
        private final RoomType type;
        private final Random random;
        private final Given given = new Given(ports());
        private final Somebody anna = given.client("anna");
        private final Somebody john = given.cleaner("john");
        private final Somebody mary = given.cleaner("mary");
        private final Somebody eve = given.admin("eve");
        private final Somebody ida = given.admin("ida");
        private final Somebody platform = given.platform();
        private final List<Somebody> everybody = List.of(anna, john, mary, eve, ida);
        private final Model model = new Model();
        private final Given.Booking booking = given.job("5").client(anna).cleaner(john);
        private final Talk talk;
        private final Map<Long, MessageId> ids = new HashMap<>();
        private Optional<Somebody> erased = Optional.empty();
        private long version = 1;
        private int statuses;

        private Run(long seed, RoomType type) {
            this.seed = seed;
            this.type = type;
            this.random = new Random(type == RoomType.JOB ? seed : -seed);
            if (type == RoomType.JOB) {
                talk = booking.booked();
                model.isIn(anna);
                model.isIn(john);
            } else {
                talk = given.general("lobby");
            }
        }

        private void go() {
            for (int step = 0; step < BURSTS; step++) {
                burst();
                check(step);
                if (random.nextInt(3) == 0) {
                    platformActs();
                    check(step);
                }
            }
        }

        private boolean mayRead(Somebody who) {
            return !erased.equals(Optional.of(who))
                    && (type == RoomType.GENERAL || model.present(who) || who.actor().isAdmin());
        }

        private void burst() {
            List<CompletableFuture<Outcome>> sent = new ArrayList<>();
            List<Boolean> allowed = new ArrayList<>();
            int size = 1 + random.nextInt(8);
            long known = model.log.size();
            for (int i = 0; i < size; i++) {
                Somebody who = everybody.get(random.nextInt(everybody.size()));
                boolean may = mayRead(who);
                RoomChange change =
                        switch (random.nextInt(type == RoomType.GENERAL ? 9 : 7)) {
                            case 0, 1, 2 -> post(who, may);
                            case 3, 4 -> read(who, may);
                            case 5, 6 -> known == 0 ? post(who, may) : delete(who, may, known);
                            case 7 -> join(who, may);
                            default -> leave(who, may);
                        };
                boolean own =
                        !(change instanceof RoomChange.Delete delete)
                                || who.actor().isAdmin()
                                || model.log
                                        .get((int) seqOf(delete.message()) - 1)
                                        .sender
                                        .equals(who);
                allowed.add(may && own);
                sent.add(given.ports().log().append(change));
            }
            for (int i = 0; i < size; i++) {
                if (allowed.get(i)) {
                    take(Talk.outcome(sent.get(i)));
                } else {
                    refused(sent.get(i));
                }
            }
        }

        private RoomChange post(Somebody who, boolean may) {
            if (may) {
                if (type == RoomType.GENERAL || who.actor().isAdmin()) {
                    model.joinAtTheEnd(who);
                }
                model.log.add(new Said(who));
            }
            return new RoomChange.Post(
                    talk.id(), who.actor(), Draft.text("hello " + who), given.now());
        }

        private RoomChange read(Somebody who, boolean may) {
            long upTo = random.nextInt(model.log.size() + 3);
            if (may && model.present(who)) {
                Row row = model.rows.get(who);
                row.mark = Math.max(row.mark, Math.min(upTo, model.log.size()));
            }
            return new RoomChange.Read(talk.id(), who.actor(), upTo);
        }

        private RoomChange delete(Somebody who, boolean may, long known) {
            long seq = 1 + random.nextLong(known);
            Said said = model.log.get((int) seq - 1);
            if (may && (said.sender.equals(who) || who.actor().isAdmin())) {
                said.deleted = true;
            }
            return new RoomChange.Delete(talk.id(), who.actor(), ids.get(seq), given.now());
        }

        private RoomChange join(Somebody who, boolean may) {
            if (may) {
                model.joinAtTheEnd(who);
            }
            return new RoomChange.Join(talk.id(), who.actor(), given.now());
        }

        private RoomChange leave(Somebody who, boolean may) {
            if (may) {
                model.isOut(who);
            }
            return new RoomChange.Leave(talk.id(), who.actor());
        }

        private long seqOf(MessageId id) {
            return ids.entrySet().stream()
                    .filter(e -> e.getValue().equals(id))
                    .mapToLong(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }

        private void platformActs() {
            if (erased.isEmpty() && random.nextInt(6) == 0) {
                erase(random.nextBoolean() ? mary : ida);
            } else if (type == RoomType.JOB) {
                assign();
            }
        }

        private void erase(Somebody who) {
            erased = Optional.of(who);
            model.log.stream().filter(m -> m.sender.equals(who)).forEach(m -> m.deleted = true);
            model.isOut(who);
            given.ports().users().erase(who.id(), given.now()).outcomes().forEach(this::take);
        }

        private void assign() {
            List<Optional<Somebody>> candidates =
                    Stream.of(Optional.of(john), Optional.of(mary), Optional.<Somebody>empty())
                            .filter(c -> c.isEmpty() || !c.equals(erased))
                            .toList();
            Optional<Somebody> cleaner = candidates.get(random.nextInt(candidates.size()));
            Stream.of(john, mary)
                    .filter(c -> !cleaner.equals(Optional.of(c)))
                    .forEach(model::isOut);
            cleaner.ifPresent(model::isIn);
            cleaner.ifPresentOrElse(booking::cleaner, booking::noCleaner);
            if (random.nextBoolean()) {
                booking.status("status " + ++statuses);
                model.log.add(new Said(platform));
            }
            booking.written().outcomes().forEach(this::take);
        }

        private void take(Outcome outcome) {
            for (RoomEvent event : outcome.events()) {
                assertThat(event.version()).as("version, seed %d", seed).isEqualTo(++version);
                if (event instanceof RoomEvent.MessagePosted posted) {
                    ids.put(posted.message().seq(), posted.message().id());
                }
            }
        }

        private void refused(CompletableFuture<Outcome> outcome) {
            try {
                Outcome unexpected = Talk.outcome(outcome);
                throw new AssertionError("seed " + seed + " should refuse: " + unexpected);
            } catch (Refusal refusal) {
                assertThat(refusal.code())
                        .as("seed %d", seed)
                        .isIn(Refusal.Code.NOT_FOUND, Refusal.Code.FORBIDDEN);
            }
        }

        private void check(int step) {
            String when = "seed " + seed + ", step " + step;
            List<Message> log = talk.log(anna);
            assertThat(log)
                    .as(when)
                    .extracting(Message::seq)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, model.log.size()).boxed().toList());
            for (Message m : log) {
                Said said = model.log.get((int) m.seq() - 1);
                assertThat(m.isDeleted()).as("%s, %s deleted", when, m).isEqualTo(said.deleted);
                assertThat(m.read()).as("%s, %s read", when, m).isEqualTo(model.read(m.seq()));
            }
            for (Somebody who : everybody) {
                RoomView view = talk.view(who);
                assertThat(view.membership().isIn())
                        .as("%s, %s in", when, who)
                        .isEqualTo(model.present(who));
                assertThat(view.lastReadSeq())
                        .as("%s, mark of %s", when, who)
                        .isEqualTo(model.mark(who));
                assertThat(view.unread())
                        .as("%s, unread of %s", when, who)
                        .isEqualTo(model.unread(who));
                assertThat(given.ports().rooms().totalUnread(who.actor()))
                        .as("%s, total of %s", when, who)
                        .isEqualTo(model.unread(who));
            }
            assertThat(talk.room().version()).as(when).isEqualTo(version);
            assertThat(talk.room().participantCount())
                    .as(when)
                    .isEqualTo(
                            (int) model.rows.values().stream().filter(row -> row.present).count());
        }
    }
}
