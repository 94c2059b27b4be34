package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.persistence.LockedRooms.Locking;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rooms whose row somebody else holds: another node for a moment, an embedder's transaction for
 * longer. Each waits in a transaction of its own, a few at once; its new changes queue behind the
 * old ones, so that their order holds. Thread-safe.
 */
final class HeldRooms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldRooms.class);

    private final GroupCommit commits;
    private final int batch;
    private final int bound;
    private final int workers;
    private final long patienceNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Map<RoomId, Deque<Waiting>> waiting = new HashMap<>();
    private final Deque<RoomId> unclaimed = new ArrayDeque<>();
    private int changes;
    private int working;

    private record Waiting(Pending pending, long since) {}

    HeldRooms(GroupCommit commits, PostgresRoomLog.Settings settings) {
        this.commits = commits;
        this.batch = settings.batch();
        this.bound = settings.waiting();
        this.workers = settings.heldRooms();
        this.patienceNanos = 2 * settings.lockTimeout().toNanos();
    }

    /** Takes the changes of rooms that are waiting already, and returns the others. */
    List<Pending> divert(List<Pending> all) {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                return List.copyOf(all);
            }
            List<Pending> free = new ArrayList<>();
            for (Pending pending : all) {
                if (waiting.containsKey(pending.room())) {
                    enqueue(pending);
                } else {
                    free.add(pending);
                }
            }
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** Takes changes whose rooms turned out to be held. */
    void add(Collection<Pending> held) {
        if (held.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            held.forEach(this::enqueue);
            while (working < workers && working < waiting.size() && !unclaimed.isEmpty()) {
                working++;
                Thread.ofPlatform().name("chat-held-room").daemon().start(this::work);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is done. */
    @Override
    public void close() {
        lock.lock();
        try {
            while (working > 0) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Pending pending) {
        if (changes >= bound) {
            Pending.unavailable(List.of(pending), "too much is waiting");
            return;
        }
        changes++;
        waiting.computeIfAbsent(
                        pending.room(),
                        room -> {
                            unclaimed.add(room);
                            return new ArrayDeque<>();
                        })
                .add(new Waiting(pending, System.nanoTime()));
    }

    private void work() {
        while (true) {
            RoomId room;
            lock.lock();
            try {
                refuseOverdue();
                RoomId next = unclaimed.poll();
                if (next == null) {
                    working--;
                    idle.signalAll();
                    return;
                }
                room = next;
            } finally {
                lock.unlock();
            }
            drain(room);
        }
    }

    /** Commits this room's changes until none waits; then it goes back to its lane. */
    private void drain(RoomId room) {
        for (List<Pending> next = take(room); !next.isEmpty(); next = take(room)) {
            try {
                commits.settle(next, Locking.WAIT);
            } catch (GroupCommit.StoreAway e) {
                LOG.warn("the store is away: {}", e.toString());
                Pending.unavailable(next, "the store is away, try again");
                Pending.unavailable(takeAll(room), "the store is away, try again");
            } catch (Throwable t) {
                LOG.error("a commit failed in an unforeseen way", t);
                Pending.unavailable(next, "the log failed, try again");
            }
        }
    }

    private List<Pending> take(RoomId room) {
        return take(room, batch);
    }

    private List<Pending> takeAll(RoomId room) {
        lock.lock();
        try {
            List<Pending> all = new ArrayList<>();
            Deque<Waiting> queue = waiting.get(room);
            while (queue != null && !queue.isEmpty()) {
                all.add(queue.remove().pending());
            }
            changes -= all.size();
            return all;
        } finally {
            lock.unlock();
        }
    }

    private List<Pending> take(RoomId room, int atMost) {
        lock.lock();
        try {
            Deque<Waiting> queue = waiting.get(room);
            List<Pending> taken = new ArrayList<>();
            while (queue != null && !queue.isEmpty() && taken.size() < atMost) {
                taken.add(queue.remove().pending());
            }
            if (taken.isEmpty()) {
                waiting.remove(room);
            }
            changes -= taken.size();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Those that waited for a worker and not even for their room; their turn would come too late.
     */
    private void refuseOverdue() {
        long now = System.nanoTime();
        for (RoomId room : unclaimed) {
            Deque<Waiting> queue = waiting.get(room);
            while (queue != null
                    && !queue.isEmpty()
                    && now - queue.element().since() > patienceNanos) {
                Pending.unavailable(
                        List.of(queue.remove().pending()),
                        "the room is held by somebody else, try again");
                changes--;
            }
        }
    }
}
