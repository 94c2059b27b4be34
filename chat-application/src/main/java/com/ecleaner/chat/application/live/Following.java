package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.user.UserId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * One session in one room: what it was told, and its own count of unread messages. The count
 * follows the room's changes as the session is told them, so that "unread" on a connection always
 * fits the messages that reached it. Guarded by the lock of its {@link RoomStream}.
 */
final class Following {
    /**
     * More changes than this waiting for one session, while it is being brought level, are too
     * many.
     */
    private static final int MAX_WAITING = 10_000;

    private record Waiting(RoomEvent event, Delivery delivery) {}

    final LiveSession session;

    /** Whether the session shows this room, or only counts it: one about another room alone. */
    final boolean shown;

    /** Whether the user is in the room; somebody who only looks has nothing unread. */
    boolean participant;

    /** Set while the session takes in a snapshot: what happens meanwhile waits here, in order. */
    private @Nullable ArrayDeque<Waiting> waiting = new ArrayDeque<>();

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

    boolean isLevel() {
        return waiting == null;
    }

    long mark() {
        return mark;
    }

    long unread() {
        return unread;
    }

    /** From now on changes wait, until {@link #release}. */
    void hold() {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
    }

    /** The session knows the room up to here; what waited and lies above follows. */
    void release(long version, long seq) {
        caughtUp(version, seq);
        ArrayDeque<Waiting> queue = waiting;
        waiting = null;
        if (queue != null) {
            queue.forEach(next -> take(next.event, next.delivery));
        }
    }

    /** What the user has unread at {@code version}. */
    void count(boolean isParticipant, long version, long newMark, long newUnread) {
        participant = isParticipant;
        counted = version;
        mark = isParticipant ? newMark : 0;
        setUnread(isParticipant ? newUnread : 0);
    }

    /** The user is out: nothing of this room counts any more. */
    void forget() {
        participant = false;
        setUnread(0);
    }

    /** A change of the room, in order. */
    void take(RoomEvent event, Delivery delivery) {
        ArrayDeque<Waiting> queue = waiting;
        if (queue != null) {
            if (queue.size() >= MAX_WAITING) {
                session.end(Ending.SLOW_CONSUMER);
            } else {
                queue.add(new Waiting(event, delivery));
            }
            return;
        }
        if (event.version() > counted) {
            counted = event.version();
            count(event);
        }
        if (event.version() > told) {
            told = event.version();
            tell(event, delivery);
        }
    }

    /**
     * A change found in the log after it was missed, told only where the session does not know it.
     * The session is level; {@link #count(boolean, long, long, long)} follows with the numbers.
     */
    void catchUp(RoomEvent event, Delivery delivery) {
        boolean isNew =
                event instanceof RoomEvent.MessagePosted posted
                        ? posted.message().seq() > toldSeq
                        : event.version() > told;
        if (isNew) {
            tell(event, delivery);
        }
    }

    /** Everything up to this version and seq was told, or is covered by what was. */
    void caughtUp(long version, long seq) {
        told = Math.max(told, version);
        toldSeq = Math.max(toldSeq, seq);
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
