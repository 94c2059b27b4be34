package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;

/**
 * One session in one room: what it was told, and its own count of unread messages. The count
 * follows the room's changes as the session is told them, so that "unread" on a connection always
 * fits the messages that reached it. Guarded by the lock of its {@link RoomStream}.
 *
 * <p>Whatever happens in the room reaches the session as a step. While it takes in a snapshot of
 * its own (when it joins, during a sync) the steps wait, in order, and nobody else waits for it.
 */
final class Following {
    /** More bytes than this waiting for one session are too many: it is slow, and may come back. */
    private static final int MAX_WAITING_BYTES = 4 * 1024 * 1024;

    /** What a step costs that waits, but for the text it is about. */
    private static final int STEP_BYTES = 256;

    final LiveSession session;

    /** What a session does with a room it follows. */
    enum Purpose {
        /** The user's own room: shown as long as they are in it. */
        OWN,
        /** The one room the session is about: shown to whoever may read it. */
        ALL_THERE_IS,
        /** A session about another room alone: what is unread here counts, and nothing is shown. */
        COUNT
    }

    private final Purpose purpose;

    /** How the user is in the room; somebody who only looks has nothing unread. */
    private volatile Membership membership = Membership.NONE;

    /** Where the stream was when this joined it: an older snapshot does not connect to it. */
    private long joinedAt = RoomStream.UNKNOWN;

    private @Nullable RoomStream in;

    private @Nullable ArrayDeque<Runnable> waiting;

    private @Nullable Proof proof;

    private int waitingBytes;

    /** Answers to this session alone that keep their place in the room's order. */
    private @Nullable PriorityQueue<Answer> answers;

    private boolean settled;
    private boolean gone;

    /** Whether what is unread here has ceased to count. Guarded by the session's turn. */
    private boolean over;

    private int holds;

    private long told;
    private long toldSeq;
    private long counted;
    private long mark;
    private long unread;

    Following(LiveSession session, Purpose purpose) {
        this.session = session;
        this.purpose = purpose;
    }

    UserId user() {
        return session.user();
    }

    boolean isParticipant() {
        return membership.isIn();
    }

    /** How the user is in the room, as far as they were told. */
    Membership membership() {
        return membership;
    }

    /** Whether the user sees the room on no account but their role. */
    boolean isByRole() {
        return membership != Membership.OWN;
    }

    /** Whether the session shows this room. */
    boolean isShown() {
        return switch (purpose) {
            case OWN -> isParticipant();
            case ALL_THERE_IS -> true;
            case COUNT -> false;
        };
    }

    /** Whether it has taken in its first snapshot: until then its user may turn out a stranger. */
    boolean isSettled() {
        return settled;
    }

    /** Whether it follows no more, be it on the way out of its stream. */
    boolean isGone() {
        return gone;
    }

    /** Whether it was told, or need not be told, everything up to that version. */
    boolean knows(long version) {
        return told >= version;
    }

    /** The version it was told, where that was before the message of that number; 0 otherwise. */
    long toldBefore(long seq) {
        return settled && toldSeq < seq ? told : 0;
    }

    boolean connectsTo(long snapshotVersion) {
        return snapshotVersion >= joinedAt;
    }

    void joins(RoomStream stream, long position) {
        in = stream;
        joinedAt(position);
    }

    void joinedAt(long position) {
        joinedAt = position;
    }

    boolean joinedBeforeAnythingWasKnown() {
        return joinedAt == RoomStream.UNKNOWN;
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
        for (var queue = waiting; queue != null && isFree(); queue = waiting) {
            if (!queue.isEmpty() && looksOn() && !isProven()) {
                prove();
                return;
            }
            Runnable next = queue.poll();
            if (next == null) {
                waiting = null;
                waitingBytes = 0;
                proof = null;
            } else {
                if (proof != null) {
                    proof.taken++;
                }
                session.inTurn(next);
            }
        }
    }

    private boolean isFree() {
        return settled && holds == 0 && !gone;
    }

    /** How far an onlooker was admitted to what waits; counted since something waits. */
    private static final class Proof {
        private long queued;
        private long taken;
        private long upTo;
        private boolean asked;

        private Proof(int waiting) {
            queued = waiting;
        }
    }

    /** Whether the room is shown to somebody who sees it by their role, which may be gone. */
    private boolean looksOn() {
        return isShown() && isByRole();
    }

    private boolean isProven() {
        return proof != null && proof.taken < proof.upTo;
    }

    /** Has the record asked about all that waits by now. */
    private void prove() {
        RoomStream stream = in;
        if (stream == null || waiting == null) {
            return;
        }
        if (proof == null) {
            proof = new Proof(waiting.size());
        }
        if (!proof.asked) {
            proof.asked = true;
            stream.prove(this, proof.queued);
        }
    }

    /** What waited when the record was asked is theirs to see. */
    void proved(long steps) {
        if (proof != null) {
            proof.asked = false;
            proof.upTo = steps;
            goOn();
        }
    }

    /** Does it when everything before it was done: now, or after what waits. */
    void inOrder(Runnable step) {
        inOrder(step, 0);
    }

    private void inOrder(Runnable step, int textBytes) {
        if (gone) {
            return;
        }
        if (settled && holds == 0 && waiting == null && !looksOn()) {
            session.inTurn(step);
            return;
        }
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
        }
        waitingBytes += STEP_BYTES + textBytes;
        if (waitingBytes <= MAX_WAITING_BYTES) {
            waiting.add(step);
            if (proof != null) {
                proof.queued++;
            }
            if (isFree() && looksOn() && !isProven()) {
                prove();
            }
        } else {
            session.end(Ending.SLOW_CONSUMER);
        }
    }

    private record Answer(long version, LongConsumer step) {}

    /** Does it once everything up to that version was told, or this is over. */
    void whenTold(long version, LongConsumer step) {
        if (gone) {
            step.accept(version);
            return;
        }
        if (answers == null) {
            answers = new PriorityQueue<>(2, Comparator.comparingLong(Answer::version));
        }
        answers.add(new Answer(version, step));
        inOrder(() -> answer(told));
    }

    private void answer(long upTo) {
        while (answers != null) {
            Answer next = answers.peek();
            if (next == null || next.version() > upTo) {
                return;
            }
            answers.remove();
            if (answers.isEmpty()) {
                // Not kept: one for each room of a connection would be many.
                answers = null;
            }
            next.step().accept(Math.max(told, next.version()));
        }
    }

    /** The user is out: nothing of this room counts or arrives any more. */
    void forget() {
        gone = true;
        waiting = null;
        waitingBytes = 0;
        membership = Membership.NONE;
        session.inTurn(
                () -> {
                    over = true;
                    answer(Long.MAX_VALUE);
                    setUnread(0);
                });
    }

    /**
     * Whether the user is out and nothing of this room counts any more; ask in the session's turn.
     */
    boolean isOver() {
        return over;
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
                        answer(told);
                    }
                },
                textBytes(event));
    }

    private static int textBytes(RoomEvent event) {
        return switch (event) {
            case RoomEvent.MessagePosted posted -> 2 * posted.message().content().length();
            case RoomEvent.MessageEdited edited -> 2 * edited.message().content().length();
            case RoomEvent.MessageDeleted deleted -> 0;
            case RoomEvent.ReadAdvanced read -> 0;
            case RoomEvent.RoomChanged changed -> 0;
            case RoomEvent.AuthorErased erased -> 0;
        };
    }

    /** A message may be told already where a sync told messages alone. */
    private boolean isNew(RoomEvent event) {
        return !(event instanceof RoomEvent.MessagePosted posted)
                || posted.message().seq() > toldSeq;
    }

    /**
     * A change found in the log after it was missed; a {@code RoomChanged} stands for all changes
     * of people and state.
     *
     * @param version its place among the others
     * @param delivery nothing where another one tells it, and it only counts
     */
    record Missed(long version, RoomEvent event, Optional<Delivery> delivery) {}

    /** How far somebody had read, what was unread for them then, and how they are in the room. */
    record Mark(long seq, long unread, Membership membership) {}

    /**
     * All that was missed.
     *
     * @param gap where there are too many messages to be among {@code missed}
     * @param missed in order of version
     * @param seqAtState the last message before people or state changed
     * @param cameIn who came in with the last change of people
     * @param now the room after all of it
     * @param people where its people are
     */
    record Absence(
            Optional<Delivery> gap,
            List<Missed> missed,
            long seqAtState,
            Map<UserId, Mark> cameIn,
            Room now,
            Whereabouts.Read people) {}

    /**
     * What was missed, told and counted as far as the session does not know it.
     *
     * @param view the room as the user sees it afterwards, or later still; nothing where it was not
     *     read, and comes another way
     */
    void catchUp(Absence away, Optional<RoomView> view) {
        if (purpose == Purpose.OWN && !isParticipant()) {
            // Perhaps they came in meanwhile: then the room is new to them, all of it.
            caughtUp(away.now().version(), away.now().lastSeq());
            view.ifPresent(this::count);
            view.ifPresent(v -> tellRoom(v, told, toldSeq, away.people()));
            return;
        }
        long held = toldSeq;
        boolean step =
                away.gap().isEmpty() && (isParticipant() || away.cameIn().containsKey(user()));
        if (!step) {
            view.ifPresent(this::count);
        }
        if (away.gap().isPresent() && told < away.now().version() && isShown()) {
            session.deliver(away.gap().get());
        }
        for (Missed one : away.missed()) {
            if (step && one.version() > counted && !isHeldAsItIs(one, held)) {
                count(one.event());
                if (one.event() instanceof RoomEvent.RoomChanged) {
                    countFrom(away.cameIn().get(user()));
                }
            }
            tellMissed(one, held, away, view);
        }
        caughtUp(away.now().version(), away.now().lastSeq());
        counted = Math.max(counted, away.now().version());
        view.filter(v -> v.room().version() == counted).ifPresent(this::count);
    }

    private void tellMissed(Missed one, long held, Absence away, Optional<RoomView> view) {
        switch (one.event()) {
            case RoomEvent.MessagePosted posted -> {
                if (isNew(posted)) {
                    one.delivery().ifPresent(delivery -> tell(posted, delivery));
                }
            }
            case RoomEvent.RoomChanged changed -> {
                if (one.version() > told) {
                    view.ifPresent(
                            v -> tellRoom(v, one.version(), away.seqAtState(), away.people()));
                }
            }
            case RoomEvent.ReadAdvanced read
                    when !away.now().isSmall() && !read.user().equals(user()) -> {}
            // Those messages are told only now, as they are.
            case RoomEvent.MessageEdited edited when edited.message().seq() > held -> {}
            case RoomEvent.MessageDeleted deleted when deleted.message().seq() > held -> {}
            default -> {
                if (one.version() > told) {
                    one.delivery().ifPresent(delivery -> tell(one.event(), delivery));
                }
            }
        }
    }

    /** A message that is told only now comes deleted, if it was: that counts once. */
    private static boolean isHeldAsItIs(Missed one, long held) {
        return switch (one.event()) {
            case RoomEvent.MessagePosted posted ->
                    posted.message().seq() <= held || posted.message().isDeleted();
            case RoomEvent.MessageDeleted deleted -> deleted.message().seq() > held;
            default -> false;
        };
    }

    /**
     * The room as it was at that version and seq, from a view that may be newer: the rest comes by
     * itself.
     */
    void tellRoom(RoomView view, long version, long seq, Whereabouts.Read people) {
        if (isShown()) {
            session.show(RoomStream.asOf(view, version, seq, mark, unread), people);
        }
    }

    /** Everything up to this version and seq was told, or is covered by what was. */
    void caughtUp(long version, long seq) {
        told = Math.max(told, version);
        toldSeq = Math.max(toldSeq, seq);
        answer(told);
    }

    // --- counting

    /** What the user has unread at {@code version}; nothing new where more is counted already. */
    void count(Membership now, long version, long newMark, long newUnread) {
        if (version < counted || gone) {
            return;
        }
        membership = now;
        counted = version;
        mark = now.isIn() ? newMark : 0;
        setUnread(now.isIn() ? newUnread : 0);
    }

    LiveSession.Marked marked() {
        return new LiveSession.Marked(mark, unread);
    }

    void count(RoomLevel level) {
        count(level.membership(), level.room().version(), level.lastReadSeq(), level.unread());
    }

    void count(RoomView view) {
        count(view.membership(), view.room().version(), view.lastReadSeq(), view.unread());
    }

    /** The user has come in again: the mark is where that put it. */
    private void countFrom(@Nullable Mark came) {
        if (came != null) {
            membership = came.membership();
            mark = came.seq();
            setUnread(came.unread());
        }
    }

    private void count(RoomEvent event) {
        if (!isParticipant()) {
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
        if (!isShown()) {
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
                                    // Where more than this is counted already, it is not told yet.
                                    session.totalUnread() - unread + read.unread())));
        } else {
            session.deliver(delivery);
        }
    }
}
