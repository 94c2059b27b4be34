package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.persistence.LockedRooms.Locking;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One thread that commits what waits for it, again and again. Thread-safe. */
final class CommitLane {
    private static final Logger LOG = LoggerFactory.getLogger(CommitLane.class);

    /** So often an idle lane looks whether it is to stop. */
    private static final long IDLE_MILLIS = 100;

    /**
     * In nanoseconds; where a commit takes longer, the disk or another room is what one waits for.
     */
    static final long LONGEST_REST = 5_000_000;

    private final GroupCommit commits;
    private final HeldRooms held;
    private final int batch;
    private final BlockingQueue<Pending> waiting;
    private final Thread thread;
    private volatile boolean stopping;

    CommitLane(
            String name, GroupCommit commits, HeldRooms held, PostgresRoomLog.Settings settings) {
        this.commits = commits;
        this.held = held;
        this.batch = settings.batch();
        this.waiting = new ArrayBlockingQueue<>(settings.waiting() / settings.lanes());
        // A platform thread: it lives as long as the log and waits in JDBC nearly all the time.
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    CompletableFuture<Outcome> append(RoomChange change) {
        Pending pending = Pending.of(change);
        if (stopping || !waiting.offer(pending)) {
            Pending.unavailable(
                    List.of(pending), stopping ? "the log is closed" : "too much is waiting");
        } else if (stopping && waiting.remove(pending)) {
            // It came between the last look of the lane and its end, and nobody would take it.
            Pending.unavailable(List.of(pending), "the log is closed");
        }
        return pending.answer();
    }

    /** Takes nothing more. */
    void stop() {
        stopping = true;
    }

    /** Waits until all is done. */
    void join() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Pending> taken = new ArrayList<>();
        int before = 0;
        while (true) {
            try {
                Pending first = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    if (stopping) {
                        return;
                    }
                    continue;
                }
                taken.add(first);
                waiting.drainTo(taken, batch - 1);
                int size = taken.size();
                int committed = Math.max(size, before);
                before = size;
                long begun = System.nanoTime();
                commit(taken);
                long took = System.nanoTime() - begun;
                LockSupport.parkNanos(rest(took, committed, waiting.size(), batch));
            } catch (InterruptedException e) {
                LOG.debug("a lane goes on until it is stopped", e);
            } catch (Throwable t) {
                LOG.error("a commit failed in an unforeseen way", t);
                Pending.unavailable(taken, "the log failed, try again");
            } finally {
                taken.clear();
            }
        }
    }

    /**
     * So long a lane lets others join those that came during a commit, where these are few: as long
     * as that commit took. A commit costs about the same for one change as for ten, so a lane that
     * is busy with small ones has half as many then. One that nobody waits for rests not at all;
     * nor does one whose commits are large: whoever was answered and goes on is here sooner.
     *
     * @param committed changes in the larger of the last two commits: between two large ones there
     *     is a small one now and then
     */
    static long rest(long nanosOfCommit, int committed, int waiting, int batch) {
        int many = Math.min(batch, GroupCommit.LARGE);
        return waiting == 0 || waiting >= many || committed >= many
                ? 0
                : Math.min(nanosOfCommit, LONGEST_REST);
    }

    private void commit(List<Pending> taken) {
        List<Pending> free = held.divert(taken);
        if (free.isEmpty()) {
            return;
        }
        try {
            held.add(commits.settle(free, Locking.SKIP));
        } catch (GroupCommit.StoreAway e) {
            LOG.warn("the store is away: {}", e.toString());
            // Whoever waits now would only wait for the next failure.
            waiting.drainTo(taken);
            Pending.unavailable(taken, "the store is away, try again");
        }
    }
}
