package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.port.RoomLog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The record in PostgreSQL, by group commit: what arrives while a commit is under way goes together
 * into the next one. An idle log commits at once, a busy one in batches; where only a few wait at
 * the end of a commit, others may join them for as long as that commit took, 5 ms at most.
 *
 * <p>Rooms are spread over a few lanes, each a thread with one transaction at a time, so that a
 * room's changes always meet in the same lane. A room whose row somebody else holds leaves its lane
 * until it is free, so that it delays nobody. All waiting is bounded: a queue that is full, a row
 * that is held too long and a database that is away are {@code unavailable}.
 */
public final class PostgresRoomLog implements RoomLog, AutoCloseable {
    /**
     * How the log commits.
     *
     * @param lanes how many transactions may be under way at once, 1 and up
     * @param batch how many changes one transaction takes at most; 1 gives one commit per change
     * @param waiting how many changes may wait, over all lanes; more are {@code unavailable}
     * @param heldRooms how many rooms that somebody else holds are waited for at once, each with a
     *     connection of its own
     * @param lockTimeout how long a row that somebody else holds is waited for, by whatever the
     *     database does for us, at least 1 ms
     */
    public record Settings(int lanes, int batch, int waiting, int heldRooms, Duration lockTimeout) {
        public static final Settings DEFAULT =
                new Settings(2, 500, 20_000, 4, Duration.ofSeconds(2));

        public Settings {
            if (lanes < 1 || batch < 1 || waiting < lanes || heldRooms < 1) {
                throw new IllegalArgumentException("lanes, batch, waiting, heldRooms: 1 and up");
            }
            if (lockTimeout.toMillis() < 1) {
                throw new IllegalArgumentException("lockTimeout: at least 1 ms");
            }
        }

        /** The same, with at most so many changes in one transaction. */
        public Settings withBatch(int most) {
            return new Settings(lanes, most, waiting, heldRooms, lockTimeout);
        }
    }

    private final GroupCommit commits;
    private final HeldRooms held;
    private final List<CommitLane> lanes = new ArrayList<>();

    PostgresRoomLog(Transactions transactions, MessageIds ids, Settings settings) {
        this.commits = new GroupCommit(transactions, ids);
        this.held = new HeldRooms(commits, settings);
        for (int i = 0; i < settings.lanes(); i++) {
            lanes.add(new CommitLane("chat-commit-" + i, commits, held, settings));
        }
    }

    @Override
    public CompletableFuture<Outcome> append(RoomChange change) {
        // Ids of rooms come one after another: the plain remainder spreads them evenly.
        return lanes.get((int) (change.room().value() % lanes.size())).append(change);
    }

    /**
     * The log inside a transaction that the caller owns, where a change has to commit or roll back
     * together with the caller's own. {@code append} decides and writes at once, by the same rules,
     * and returns a completed future; the room's row stays locked until the caller commits.
     *
     * <p>What comes out has happened only once the caller has committed: hand the events on after
     * that. A refusal leaves the transaction as it was, except {@code unavailable}: then roll back.
     * Lock rooms in order of id where there are several. Not thread-safe, as the connection is not.
     *
     * @param connection to this database, without auto-commit, READ COMMITTED
     */
    public RoomLog within(Connection connection) {
        return change -> {
            try {
                return CompletableFuture.completedFuture(commits.decide(connection, change));
            } catch (Refusal refusal) {
                return CompletableFuture.failedFuture(refusal);
            } catch (SQLException e) {
                return CompletableFuture.failedFuture(StoreFault.refusal(new StoreFault(e)));
            } catch (StoreFault e) {
                return CompletableFuture.failedFuture(StoreFault.refusal(e));
            }
        };
    }

    void watchedBy(CommitWatch watch) {
        commits.watchedBy(watch);
    }

    /** Takes nothing more, finishes what is waiting, and returns when that is done. */
    @Override
    public void close() {
        lanes.forEach(CommitLane::stop);
        lanes.forEach(CommitLane::join);
        held.close();
    }
}
