package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.persistence.Facts.Names;
import com.ecleaner.chat.persistence.LockedRooms.Locking;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Commits batches of changes: all of a batch in one transaction, and where that fails, again or in
 * halves. Thread-safe.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** So often is a batch tried as a whole where somebody was in the way. */
    private static final int ATTEMPTS = 3;

    /**
     * From so many changes on, a batch takes the names of messages for new: asking for them is an
     * eighth of what such a commit costs PostgreSQL. In a smaller one it costs little, and repeats
     * mostly come alone.
     */
    static final int LARGE = 16;

    /** So many large batches ask after one in which a name was not new. */
    private static final int CAREFUL = 100;

    private final Transactions transactions;
    private final MessageIds ids;
    private final AtomicInteger careful = new AtomicInteger();
    private volatile CommitWatch watch = CommitWatch.NONE;

    GroupCommit(Transactions transactions, MessageIds ids) {
        this.transactions = transactions;
        this.ids = ids;
    }

    /** From now on somebody hears of every commit. */
    void watchedBy(CommitWatch newWatch) {
        watch = newWatch;
    }

    /** What a batch came to, change by change, and what has yet to wait for its room. */
    private record Decided(List<Runnable> answers, List<Pending> held, int messages) {}

    /**
     * Commits these changes, in their order, and answers whoever waits for them.
     *
     * @return those that are still to be done, because somebody else holds their rooms; none with
     *     {@link Locking#WAIT}
     * @throws StoreAway where the database can't be reached; nobody has been told yet
     */
    List<Pending> settle(List<Pending> batch, Locking locking) throws StoreAway {
        for (int attempt = takesNamesForNew(batch) ? 0 : 1; ; attempt++) {
            Names names = attempt == 0 ? Names.TAKEN_FOR_NEW : Names.ASKED;
            try {
                long begun = System.nanoTime();
                Decided decided =
                        transactions.run(
                                session ->
                                        session.doReturningWork(
                                                connection ->
                                                        decide(
                                                                connection,
                                                                batch,
                                                                locking,
                                                                names,
                                                                session.getTransaction()
                                                                        ::setRollbackOnly)));
                tell(decided, System.nanoTime() - begun);
                decided.answers().forEach(Runnable::run);
                return decided.held();
            } catch (RuntimeException e) {
                StoreFault.Kind kind = StoreFault.kind(e);
                if (kind == StoreFault.Kind.AWAY) {
                    throw new StoreAway(e);
                }
                if (kind == StoreFault.Kind.LOCKED && locking == Locking.SKIP) {
                    // Not a room's row, then, but somebody keeps all from going on: room by room.
                    return batch;
                }
                if (kind == StoreFault.Kind.LOCKED) {
                    Pending.unavailable(batch, "the room is held by somebody else, try again");
                    return List.of();
                }
                if (kind == StoreFault.Kind.CONTENDED && names == Names.TAKEN_FOR_NEW) {
                    careful.set(CAREFUL);
                }
                if (kind != StoreFault.Kind.CONTENDED || attempt == ATTEMPTS) {
                    return batch.size() > 1 ? halve(batch, locking) : refuse(batch.getFirst(), e);
                }
            }
        }
    }

    private boolean takesNamesForNew(List<Pending> batch) {
        return batch.size() >= LARGE && careful.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
    }

    private void tell(Decided decided, long nanos) {
        if (!decided.answers().isEmpty()) {
            watch.committed(decided.answers().size(), decided.messages(), Duration.ofNanos(nanos));
        }
    }

    /** Decides and writes one change in a transaction that somebody else owns. */
    Outcome decide(Connection connection, RoomChange change) throws SQLException {
        LockedRooms rooms = LockedRooms.lock(connection, ids, List.of(change), Locking.WAIT);
        Outcome outcome = rooms.apply(change);
        if (rooms.write()) {
            SessionSettings.requireDurability(connection);
        }
        return outcome;
    }

    private Decided decide(
            Connection connection,
            List<Pending> batch,
            Locking locking,
            Names names,
            Runnable nothingToCommit)
            throws SQLException {
        LockedRooms rooms =
                LockedRooms.lock(
                        connection,
                        ids,
                        batch.stream().map(Pending::change).toList(),
                        locking,
                        names);
        Set<RoomId> heldRooms = held(rooms, batch, locking);
        List<Runnable> answers = new ArrayList<>(batch.size());
        List<Pending> held = new ArrayList<>();
        int messages = 0;
        for (Pending pending : batch) {
            if (heldRooms.contains(pending.room())) {
                held.add(pending);
                continue;
            }
            try {
                Outcome outcome = rooms.apply(pending.change());
                messages += isMessage(pending.change()) && !outcome.repeated() ? 1 : 0;
                answers.add(() -> pending.answer().complete(outcome));
            } catch (Refusal refusal) {
                answers.add(() -> pending.refuse(refusal));
            }
        }
        if (!rooms.write()) {
            // Locks alone would be written and waited for on disk by a commit.
            nothingToCommit.run();
        }
        return new Decided(answers, held, messages);
    }

    private static boolean isMessage(RoomChange change) {
        return change instanceof RoomChange.Post || change instanceof RoomChange.Announce;
    }

    private static Set<RoomId> held(LockedRooms rooms, List<Pending> batch, Locking locking)
            throws SQLException {
        Set<RoomId> missing = new TreeSet<>();
        for (Pending pending : batch) {
            if (!rooms.has(pending.room())) {
                missing.add(pending.room());
            }
        }
        return locking == Locking.SKIP && !missing.isEmpty() ? rooms.held(missing) : Set.of();
    }

    /** So that one bad change fails alone. The order of a room's changes holds. */
    private List<Pending> halve(List<Pending> batch, Locking locking) throws StoreAway {
        int middle = batch.size() / 2;
        List<Pending> held = new ArrayList<>(settle(batch.subList(0, middle), locking));
        List<Pending> second = new ArrayList<>();
        Set<RoomId> heldRooms = new TreeSet<>();
        held.forEach(pending -> heldRooms.add(pending.room()));
        for (Pending pending : batch.subList(middle, batch.size())) {
            (heldRooms.contains(pending.room()) ? held : second).add(pending);
        }
        if (!second.isEmpty()) {
            held.addAll(settle(second, locking));
        }
        return held;
    }

    private static List<Pending> refuse(Pending pending, RuntimeException fault) {
        if (StoreFault.kind(fault) == StoreFault.Kind.DATA) {
            LOG.error("a change of room {} cannot be stored", pending.room(), fault);
            pending.refuse(Refusal.invalid("message", "cannot be stored"));
        } else {
            pending.refuse(StoreFault.refusal(fault));
        }
        return List.of();
    }

    /** The database can't be reached, or does not serve. */
    static final class StoreAway extends Exception {
        private static final long serialVersionUID = 1L;

        StoreAway(Throwable cause) {
            super(cause);
        }
    }
}
