package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Changes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/**
 * The changes that a room's stream has missed, put together again from the record. The record says
 * what there is now, not how it came to be: here it becomes changes in an order in which they may
 * have happened, with what was unread at each. Used under the stream's lock.
 */
final class MissedChanges {
    private final Changes changes;
    private final Room now;
    private final RoomId room;
    private final long position;
    private final long lastSeq;
    private final LongUnaryOperator toldBefore;

    /**
     * What was missed.
     *
     * @param changes what the record says of the time since {@code position}
     * @param position the version that the stream has come to
     * @param lastSeq its last message by then
     * @param toldBefore the furthest version that anybody was told without the message of that seq
     */
    MissedChanges(Changes changes, long position, long lastSeq, LongUnaryOperator toldBefore) {
        this.changes = changes;
        this.now = changes.room();
        this.room = now.id();
        this.position = position;
        this.lastSeq = lastSeq;
        this.toldBefore = toldBefore;
    }

    /**
     * All of it, in one order of version.
     *
     * @param erased who of those whose messages were deleted was erased
     */
    Following.Absence absence(Whereabouts.Read people, Set<UserId> erased) {
        List<Following.Missed> missed = new ArrayList<>(posted());
        long seqAtState = changes.gap().isPresent() ? now.lastSeq() : lastSeq;
        for (Following.Missed one : missed) {
            if (one.version() < now.stateVersion()
                    && one.event() instanceof RoomEvent.MessagePosted posted) {
                seqAtState = posted.message().seq();
            }
        }
        changes.rewritten().forEach(message -> missed.add(rewritten(message)));
        for (Message message : changes.posted()) {
            // Whoever knows the message itself has missed only this.
            if (wasRewritten(message)) {
                missed.add(rewritten(message));
            }
        }
        RoomEvent state =
                new RoomEvent.RoomChanged(room, now.stateVersion(), now.type(), Set.of(), Set.of());
        missed.add(new Following.Missed(now.stateVersion(), state, Optional.empty()));
        missed.addAll(read(missed));
        tellErasuresOnce(missed, erased);
        missed.sort(Comparator.comparingLong(Following.Missed::version));
        Optional<Delivery> gap =
                changes.gap().map(g -> new Delivery(new Notice.Gap(room, g.fromSeq(), g.toSeq())));
        Map<UserId, Following.Mark> cameIn = new HashMap<>();
        for (Participant p : changes.moved()) {
            if (p.present() && p.version() == now.stateVersion()) {
                long unread = unreadThen(p, missed);
                cameIn.put(
                        p.user(),
                        new Following.Mark(p.lastReadSeq(), unread, p.membership(now.key())));
            }
        }
        return new Following.Absence(gap, missed, seqAtState, cameIn, now, people);
    }

    /**
     * Several messages that were deleted by one change: their author was erased. So they were where
     * there was but one, and the last that was deleted of theirs is it.
     */
    private void tellErasuresOnce(List<Following.Missed> missed, Set<UserId> erased) {
        Map<Long, List<Message>> deletions = new HashMap<>();
        for (Following.Missed one : missed) {
            if (one.event() instanceof RoomEvent.MessageDeleted deleted) {
                deletions
                        .computeIfAbsent(one.version(), v -> new ArrayList<>(1))
                        .add(deleted.message());
            }
        }
        Map<UserId, Long> last = new HashMap<>();
        deletions.forEach(
                (version, messages) ->
                        last.merge(messages.getFirst().sender().id(), version, Math::max));
        deletions
                .entrySet()
                .removeIf(
                        change -> {
                            UserId author = change.getValue().getFirst().sender().id();
                            return change.getValue().size() == 1
                                    && !(erased.contains(author)
                                            && change.getKey().equals(last.get(author)));
                        });
        missed.replaceAll(
                one ->
                        one.event() instanceof RoomEvent.MessageDeleted
                                        && deletions.containsKey(one.version())
                                ? new Following.Missed(one.version(), one.event(), Optional.empty())
                                : one);
        deletions.forEach(
                (version, messages) -> {
                    UserId author = messages.getFirst().sender().id();
                    missed.add(
                            new Following.Missed(
                                    version,
                                    new RoomEvent.AuthorErased(room, version, author),
                                    Optional.of(new Delivery(new Notice.UserErased(author)))));
                });
    }

    /** Marks that moved, but for those that came with their people: the room tells of these. */
    private List<Following.Missed> read(List<Following.Missed> others) {
        List<Following.Missed> read = new ArrayList<>();
        for (Participant p : changes.moved()) {
            if (p.present() && p.version() != now.stateVersion()) {
                RoomEvent.ReadAdvanced event =
                        new RoomEvent.ReadAdvanced(
                                room,
                                p.version(),
                                p.user(),
                                p.lastReadSeq(),
                                unreadThen(p, others));
                read.add(
                        new Following.Missed(
                                p.version(),
                                event,
                                Optional.of(new Delivery(RoomStream.noticeOf(event)))));
            }
        }
        return read;
    }

    /** What was unread when the mark moved, before those that come after it. */
    private long unreadThen(Participant p, List<Following.Missed> others) {
        long unread = p.unread(now.lastSeq());
        Set<Long> posted = new HashSet<>();
        for (Following.Missed one : others) {
            if (one.event() instanceof RoomEvent.MessagePosted event) {
                posted.add(event.message().seq());
            }
        }
        for (Following.Missed one : others) {
            if (one.version() > p.version()) {
                if (one.event() instanceof RoomEvent.MessagePosted event
                        && !event.message().isDeleted()
                        && isNews(event.message(), p)) {
                    unread--;
                } else if (one.event() instanceof RoomEvent.MessageDeleted event
                        && !posted.contains(event.message().seq())
                        && isNews(event.message(), p)) {
                    unread++;
                }
            }
        }
        return unread;
    }

    private static boolean isNews(Message message, Participant reader) {
        return message.seq() > reader.lastReadSeq() && !message.sender().id().equals(reader.user());
    }

    /**
     * Missed messages come in order of seq. One that was changed meanwhile bears the change's
     * version, which is above its successors': it comes with the lowest that is free, so that
     * versions rise. There is one, for its own from before is nobody else's.
     */
    private List<Following.Missed> posted() {
        Set<Long> taken = new HashSet<>();
        changes.posted().forEach(message -> taken.add(message.version()));
        changes.rewritten().forEach(message -> taken.add(message.version()));
        changes.moved().forEach(row -> taken.add(row.version()));
        taken.add(now.stateVersion());
        List<Following.Missed> posted = new ArrayList<>();
        long version = position;
        for (Message message : changes.posted()) {
            if (wasRewritten(message)) {
                version = Math.max(version, toldBefore.applyAsLong(message.seq())) + 1;
                while (taken.contains(version)) {
                    version++;
                }
            } else {
                version = message.version();
            }
            posted.add(
                    new Following.Missed(
                            version,
                            new RoomEvent.MessagePosted(message),
                            Optional.of(new Delivery(new Notice.Posted(version, message)))));
        }
        return posted;
    }

    private static boolean wasRewritten(Message message) {
        return message.isDeleted() || message.editedAt().isPresent();
    }

    private static Following.Missed rewritten(Message message) {
        return message.isDeleted()
                ? new Following.Missed(
                        message.version(),
                        new RoomEvent.MessageDeleted(message),
                        Optional.of(new Delivery(new Notice.Deleted(message.version(), message))))
                : new Following.Missed(
                        message.version(),
                        new RoomEvent.MessageEdited(message),
                        Optional.of(new Delivery(new Notice.Edited(message.version(), message))));
    }
}
