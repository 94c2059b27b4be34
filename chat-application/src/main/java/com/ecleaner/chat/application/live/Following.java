package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.user.UserId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * One session in one room: what it was told, and its own count of unread messages. The count
 * follows the room's changes as the session is told them, so that "unread" on a connection always
 * fits the messages that reached it. Guarded by the lock of its {@link RoomStream}.
 *
 * <p>Whatever happens in the room reaches the session as a step. While it takes in a snapshot of
 * its own (when it joins, during a sync) the steps wait, in order, and nobody else waits for it.
 */
final class Following {
    /** More steps than this waiting for one session are too many: it is slow, and may come back. */
    private static final int MAX_WAITING = 10_000;

    final LiveSession session;

    /** Whether the session shows this room, or only counts it: one about another room alone. */
    final boolean shown;

    /** Whether the user is in the room; somebody who only looks has nothing unread. */
    private volatile boolean participant;

    /** Where the stream was when this joined it: an older snapshot does not connect to it. */
    private long joinedAt = RoomStream.UNKNOWN;

    private @Nullable ArrayDeque<Runnable> waiting;
    private boolean settled;
    private boolean gone;
    private int holds;

    private long told;
    private long toldSeq;
    private long counted;
    private long mark;
    private long unread;

    Following(LiveSession session, boolean shown) {
        this.session = session;
        this.shown = shown;
    }

    UserId user() {
        return session.user();
    }

    boolean isParticipant() {
        return participant;
    }

    /** Whether it has taken in its first snapshot: until then its user may turn out a stranger. */
    boolean isSettled() {
        return settled;
    }

    /** Whether it was told, or need not be told, everything up to that version. */
    boolean knows(long version) {
        return told >= version;
    }

    /** Whether a message was told, or is covered by what was, and nothing waits before it. */
    boolean isPast(long version) {
        return settled && holds == 0 && told >= version;
    }

    boolean connectsTo(long snapshotVersion) {
        return snapshotVersion >= joinedAt;
    }

    void joinedAt(long position) {
        joinedAt = position;
    }

    boolean joinedBeforeAnythingWasKnown() {
        return joinedAt == RoomStream.UNKNOWN;
    }

    long mark() {
        return mark;
    }

    long unread() {
        return unread;
    }

    // --- waiting

    /** The first snapshot is taken in; what waited and lies above follows. */
    void settle(long version, long seq) {
        settled = true;
        caughtUp(version, seq);
        goOn();
    }

    /** From now on steps wait, until {@link #release}. */
    void hold() {
        holds++;
    }

    /** The session knows the room up to here; what waited and lies above follows. */
    void release(long version, long seq) {
        holds--;
        caughtUp(version, seq);
        goOn();
    }

    private void goOn() {
        while (settled && holds == 0 && !gone && waiting != null) {
            Runnable next = waiting.poll();
            if (next == null) {
                waiting = null;
            } else {
                session.inTurn(next);
            }
        }
    }

    /** Does it when everything before it was done: now, or after what waits. */
    void inOrder(Runnable step) {
        if (gone) {
            return;
        }
        if (settled && holds == 0 && waiting == null) {
            session.inTurn(step);
            return;
        }
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        }
        if (waiting.size() < MAX_WAITING) {
            waiting.add(step);
        } else {
            session.end(Ending.SLOW_CONSUMER);
        }
    }

    /** The user is out: nothing of this room counts or arrives any more. */
    void forget() {
        gone = true;
        waiting = null;
        participant = false;
        session.inTurn(() -> setUnread(0));
    }

    // --- changes

    /** A change of the room, in order. */
    void take(RoomEvent event, Delivery delivery) {
        inOrder(
                () -> {
                    if (event.version() > counted) {
                        counted = event.version();
                        count(event);
                    }
                    if (event.version() > told) {
                        told = event.version();
                        if (isNew(event)) {
                            tell(event, delivery);
                        }
                    }
                });
    }

    /** A message may be told already where a sync told messages alone. */
    private boolean isNew(RoomEvent event) {
        return !(event instanceof RoomEvent.MessagePosted posted)
                || posted.message().seq() > toldSeq;
    }

    /**
     * A change found in the log after it was missed.
     *
     * @param version its place among the others
     * @param ownAffair a read mark in a large room: its reader alone is told
     */
    record Missed(long version, RoomEvent event, Delivery delivery, boolean ownAffair) {
        private boolean concerns(UserId user) {
            return !ownAffair
                    || (event instanceof RoomEvent.ReadAdvanced read && read.user().equals(user));
        }
    }

    /**
     * What was missed up to that version and seq, told as far as the session does not know it. What
     * it has unread then comes by {@link #count(boolean, long, long, long)}.
     */
    void catchUp(Optional<Delivery> gap, List<Missed> missed, long version, long seq) {
        if (gap.isPresent() && told < version && shown) {
            session.deliver(gap.get());
        }
        for (Missed one : missed) {
            boolean posted = one.event() instanceof RoomEvent.MessagePosted;
            boolean isNew = posted ? isNew(one.event()) : one.version() > told;
            if (isNew && one.concerns(user())) {
                tell(one.event(), one.delivery());
            }
        }
        caughtUp(version, seq);
    }

    /** Everything up to this version and seq was told, or is covered by what was. */
    void caughtUp(long version, long seq) {
        told = Math.max(told, version);
        toldSeq = Math.max(toldSeq, seq);
    }

    // --- counting

    /** What the user has unread at {@code version}; nothing new where more is counted already. */
    void count(boolean isParticipant, long version, long newMark, long newUnread) {
        if (version < counted || gone) {
            return;
        }
        participant = isParticipant;
        counted = version;
        mark = isParticipant ? newMark : 0;
        setUnread(isParticipant ? newUnread : 0);
    }

    private void count(RoomEvent event) {
        if (!participant) {
            return;
        }
        switch (event) {
            case RoomEvent.MessagePosted posted -> {
                if (isNews(posted.message().sender().id(), posted.message().seq())) {
                    setUnread(unread + 1);
                }
            }
            case RoomEvent.MessageDeleted deleted -> {
                if (isNews(deleted.message().sender().id(), deleted.message().seq())) {
                    setUnread(unread - 1);
                }
            }
            case RoomEvent.ReadAdvanced read -> {
                if (read.user().equals(user())) {
                    mark = read.upToSeq();
                    setUnread(read.unread());
                }
            }
            case RoomEvent.MessageEdited edited -> {}
            case RoomEvent.RoomChanged changed -> {}
            case RoomEvent.AuthorErased erased -> {}
        }
    }

    private boolean isNews(UserId sender, long seq) {
        return seq > mark && !sender.equals(user());
    }

    private void setUnread(long now) {
        session.addUnread(now - unread);
        unread = now;
    }

    private void tell(RoomEvent event, Delivery delivery) {
        if (event instanceof RoomEvent.MessagePosted posted) {
            toldSeq = Math.max(toldSeq, posted.message().seq());
        }
        if (!shown) {
            return;
        }
        if (event instanceof RoomEvent.ReadAdvanced read && read.user().equals(user())) {
            session.deliver(
                    new Delivery(
                            new Notice.OwnRead(
                                    read.room(),
                                    read.version(),
                                    read.user(),
                                    read.upToSeq(),
                                    read.unread(),
                                    session.totalUnread())));
        } else {
            session.deliver(delivery);
        }
    }
}
