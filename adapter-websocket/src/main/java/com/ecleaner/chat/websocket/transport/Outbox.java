package com.ecleaner.chat.websocket.transport;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits to be sent on one connection, bounded in bytes.
 *
 * <p>Frames are queued by any thread and written by the connection's network thread alone: all that
 * wait leave in one write (up to {@link #BATCH} bytes), and the next write starts when the one
 * under way is done. So a burst costs one system call, and a peer that does not read costs no more
 * than the bound.
 */
final class Outbox implements Runnable {

    /** What one write takes at most, in bytes, unless a single frame is larger. */
    static final int BATCH = 64 * 1024;

    /** The connection's network thread and its TCP connection. */
    interface Line {

        /** Runs something on the network thread, soon, and never at once. */
        void later(Runnable task);

        /**
         * Writes the frames in one go.
         *
         * @param done run when the next write may start; perhaps before this method returns
         */
        void write(List<Frame> frames, Runnable done);

        /** Everything up to the end was written. On the network thread. */
        void drained();
    }

    /** What became of a frame. */
    enum Fate {
        QUEUED,
        FULL,
        CLOSED
    }

    /** In bytes: while less than this waits, each ping is answered. */
    private static final int ALL_PONGS = 8 * 1024;

    /** Where the answer to a ping stands in the queue; {@link #pong} is what it says. */
    private static final Frame PONG = Frame.encoded(new byte[0]);

    private final Line line;
    private final int maxBytes;

    private @Nullable ArrayDeque<Frame> waiting;
    private @Nullable Frame pong;
    private long waitingBytes;
    private long writingBytes;
    private boolean sealed;
    private boolean ended;

    /** Whether a run is scheduled or a write under way: there is one at most. */
    private boolean busy;

    Outbox(Line line, int maxBytes) {
        this.line = line;
        this.maxBytes = maxBytes;
    }

    /** Queues a frame unless the outbox is sealed or the frame would pass the bound. */
    Fate offer(Frame frame) {
        synchronized (this) {
            if (sealed) {
                return Fate.CLOSED;
            }
            if (pendingBytes() + frame.size() > maxBytes) {
                return Fate.FULL;
            }
            add(frame);
        }
        return Fate.QUEUED;
    }

    /** Queues what the protocol itself has to say, sealed or not. */
    synchronized void offerLast(Frame frame) {
        if (!ended) {
            add(frame);
        }
    }

    /**
     * Queues the answer to a ping, unless the outbox is sealed. A few are queued each by itself;
     * where more than that waits, one takes the place of another: only the latest ping needs an
     * answer (RFC 6455, section 5.5.3), and whoever pings without reading piles up nothing.
     */
    synchronized void offerPong(Frame latest) {
        if (sealed) {
            return;
        }
        if (pong == null && pendingBytes() < ALL_PONGS) {
            add(latest);
            return;
        }
        Frame outdated = pong;
        pong = latest;
        if (outdated == null) {
            add(PONG);
        } else {
            waitingBytes -= outdated.size();
        }
        waitingBytes += latest.size();
    }

    /** Takes no more frames. */
    synchronized void seal() {
        sealed = true;
    }

    /** Takes no more frames and forgets those that wait. */
    synchronized void sealAndDrop() {
        sealed = true;
        waiting = null;
        pong = null;
        waitingBytes = 0;
    }

    /** Takes nothing more at all; {@link Line#drained} is called once what waits is written. */
    synchronized void end() {
        sealed = true;
        if (!ended) {
            ended = true;
            schedule();
        }
    }

    /** What waits or is being written, in bytes. */
    synchronized long pendingBytes() {
        return waitingBytes + writingBytes;
    }

    /** Writes until a write stays under way or nothing waits; on the network thread. */
    @Override
    public void run() {
        while (true) {
            var batch = nextBatch();
            if (batch.isEmpty()) {
                return;
            }
            var writing = new Writing();
            line.write(batch, writing);
            if (!writing.wasDoneAtOnce()) {
                return;
            }
            written();
        }
    }

    private List<Frame> nextBatch() {
        boolean drained;
        synchronized (this) {
            if (waiting != null) {
                return take(waiting);
            }
            busy = false;
            drained = ended;
        }
        if (drained) {
            line.drained();
        }
        return List.of();
    }

    private List<Frame> take(ArrayDeque<Frame> from) {
        var batch = new ArrayList<Frame>(Math.min(from.size(), 64));
        int bytes = 0;
        for (Frame next = first(from);
                next != null && (batch.isEmpty() || bytes + next.size() <= BATCH);
                next = first(from)) {
            if (from.remove() == PONG) {
                pong = null;
            }
            batch.add(next);
            bytes += next.size();
        }
        if (from.isEmpty()) {
            // Not kept: an idle connection shall cost nothing here.
            waiting = null;
        }
        waitingBytes -= bytes;
        writingBytes = bytes;
        return batch;
    }

    private @Nullable Frame first(ArrayDeque<Frame> from) {
        Frame first = from.peek();
        return first == PONG ? pong : first;
    }

    private synchronized void written() {
        writingBytes = 0;
    }

    private void add(Frame frame) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        }
        waiting.add(frame);
        waitingBytes += frame.size();
        schedule();
    }

    private void schedule() {
        if (!busy) {
            busy = true;
            line.later(this);
        }
    }

    /** One write: tells whether it was done before {@link Line#write} returned. */
    private final class Writing implements Runnable {

        private boolean done;
        private boolean returned;

        @Override
        public void run() {
            synchronized (this) {
                done = true;
                if (!returned) {
                    return;
                }
            }
            written();
            Outbox.this.run();
        }

        synchronized boolean wasDoneAtOnce() {
            returned = true;
            return done;
        }
    }
}
