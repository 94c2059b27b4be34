package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.LedgerRecord;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.log.RoomLedger;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Earlier;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.Seat;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One room: its row, its participants, its log. Changes that arrive while others are being decided
 * wait together and are decided in one go, as a store that lasts does it: one virtual thread per
 * busy room, none for an idle one.
 */
final class RoomMemory {
    private record Waiting(RoomChange change, CompletableFuture<Outcome> outcome) {}

    private record Named(UserId sender, ClientId name) {}

    private final Memory memory;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean committing = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();

    // All below is written under the lock; the row alone may be read without.
    private volatile Room room;
    private volatile long changed;
    private volatile long stateChanged;
    private final Map<UserId, Participant> rows;
    private final List<Message> log = new ArrayList<>();
    private final Map<MessageId, Long> seqs = new HashMap<>();
    private final Map<Named, Long> named = new HashMap<>();
    private final Map<MessageId, List<Earlier>> earlier = new HashMap<>();

    RoomMemory(Memory memory, Room room, Map<UserId, Participant> rows) {
        this.memory = memory;
        this.room = room;
        this.rows = rows;
        this.changed = memory.changed();
        this.stateChanged = changed;
    }

    /** The number of its last change among all rooms'. */
    long changed() {
        return changed;
    }

    /** The same of the last change of its people or state. */
    long stateChanged() {
        return stateChanged;
    }

    Room room() {
        return room;
    }

    /** Reads several things of the room in one snapshot. */
    <T> T read(Function<RoomMemory, T> reading) {
        lock.lock();
        try {
            return reading.apply(this);
        } finally {
            lock.unlock();
        }
    }

    // --- changing

    void append(RoomChange change, CompletableFuture<Outcome> outcome) {
        waiting.add(new Waiting(change, outcome));
        if (committing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("room-" + room.id()).start(this::commitWaiting);
        }
    }

    private void commitWaiting() {
        do {
            List<Waiting> batch = new ArrayList<>();
            for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
                batch.add(next);
            }
            commit(batch);
            committing.set(false);
            // Whoever came between the last look and the line above found us committing.
        } while (!waiting.isEmpty() && committing.compareAndSet(false, true));
    }

    private void commit(List<Waiting> batch) {
        List<Runnable> answers = new ArrayList<>();
        try {
            lock.lock();
            try {
                RoomLedger ledger = new RoomLedger(room, new Locked());
                for (Waiting next : batch) {
                    try {
                        Outcome outcome = ledger.apply(next.change());
                        answers.add(() -> next.outcome().complete(outcome));
                    } catch (Refusal refusal) {
                        answers.add(() -> next.outcome().completeExceptionally(refusal));
                    }
                }
                write(ledger);
            } finally {
                lock.unlock();
            }
        } catch (RuntimeException fault) {
            // Nothing of the batch was written; nobody may wait for ever.
            batch.forEach(next -> next.outcome().completeExceptionally(fault));
            return;
        }
        answers.forEach(Runnable::run);
    }

    /**
     * Decides these changes at once, on the caller's thread.
     *
     * @return what they came to, without those that changed nothing
     */
    List<Outcome> change(RoomChange... changes) {
        lock.lock();
        try {
            RoomLedger ledger = new RoomLedger(room, new Locked());
            List<Outcome> outcomes = new ArrayList<>();
            for (RoomChange change : changes) {
                outcomes.add(ledger.apply(change));
            }
            write(ledger);
            return outcomes.stream().filter(o -> !o.events().isEmpty()).toList();
        } finally {
            lock.unlock();
        }
    }

    private void write(RoomLedger ledger) {
        for (Message m : ledger.posted()) {
            log.add(m);
            seqs.put(m.id(), m.seq());
            m.clientId().ifPresent(name -> named.put(new Named(m.sender().id(), name), m.seq()));
        }
        ledger.taken()
                .forEach(
                        (file, by) ->
                                memory.file(file)
                                        .ifPresent(
                                                by.isDeleted()
                                                        ? FileMemory::drop
                                                        : FileMemory::take));
        ledger.rewritten().forEach(this::replace);
        for (Message said : ledger.earlier()) {
            earlier.computeIfAbsent(said.id(), id -> new ArrayList<>()).add(saidBefore(said));
        }
        for (RoomLedger.Deletion gone : ledger.deletions()) {
            rows.replaceAll(
                    (user, row) ->
                            user.equals(gone.sender()) || row.lastReadSeq() >= gone.seq()
                                    ? row
                                    : row.withSkipped(row.skipped() + 1));
        }
        for (Participant row : ledger.moved()) {
            rows.put(row.user(), row);
            memory.hasRow(row.user(), this);
        }
        for (RoomLedger.Erasure erasure : ledger.erased()) {
            sentBy(erasure.user())
                    .forEach(m -> replace(m.deleted(erasure.at(), erasure.version())));
        }
        boolean state = ledger.room().stateVersion() > room.stateVersion();
        room = ledger.room();
        changed = memory.changed();
        stateChanged = state ? changed : stateChanged;
    }

    private static Earlier saidBefore(Message message) {
        return new Earlier(
                message.version(),
                message.content(),
                message.editedAt().orElse(message.timestamp()));
    }

    private void replace(Message message) {
        Message before = log.set((int) message.seq() - 1, message);
        if (message.isDeleted()) {
            earlier.remove(message.id());
            before.attachment().flatMap(a -> memory.file(a.id())).ifPresent(FileMemory::drop);
        }
    }

    /** The user's messages that still say something. */
    private List<Message> sentBy(UserId user) {
        return log.stream().filter(m -> m.sender().id().equals(user) && !m.isDeleted()).toList();
    }

    // --- reading; under the lock

    /** Who is in it now. */
    Set<UserId> present() {
        return rows.values().stream()
                .filter(Participant::present)
                .map(Participant::user)
                .collect(Collectors.toUnmodifiableSet());
    }

    Seat seat(UserId user) {
        return new Seat(room, row(user).map(this::membership).orElse(Membership.NONE));
    }

    Membership membership(Participant row) {
        return row.membership(room.key());
    }

    Optional<Participant> row(UserId user) {
        return Optional.ofNullable(rows.get(user));
    }

    Collection<Participant> rows() {
        return rows.values();
    }

    /** Whether anything here would be gone with the user. */
    boolean knows(UserId user) {
        return seat(user).membership().isIn() || !sentBy(user).isEmpty();
    }

    int countOf(UserId sender) {
        return sentBy(sender).size();
    }

    /** How many earlier contents there are of what the user said. */
    int countOfEdits(UserId sender) {
        return sentBy(sender).stream()
                .mapToInt(m -> earlier.getOrDefault(m.id(), List.of()).size())
                .sum();
    }

    List<Message> messages(Position.Run run) {
        return told(stored(run.fromSeq() - 1, run.toSeq()));
    }

    /** Those with {@code afterSeq < seq ≤ upToSeq}, as far as there are any. */
    private List<Message> stored(long afterSeq, long upToSeq) {
        int to = (int) Math.min(upToSeq, log.size());
        return afterSeq >= to ? List.of() : log.subList((int) afterSeq, to);
    }

    /** Those up to {@code seq} that were edited or deleted above {@code version}. */
    List<Message> rewritten(long seq, long version) {
        return stored(0, seq).stream().filter(m -> m.version() > version).toList();
    }

    /**
     * What a message said before, from after that version on.
     *
     * @throws Refusal {@code not_found} where there is no such message here
     */
    List<Earlier> earlier(MessageId message, long afterVersion, int limit) {
        if (!seqs.containsKey(message)) {
            throw Refusal.notFound("message");
        }
        return earlier.getOrDefault(message, List.of()).stream()
                .filter(said -> said.version() > afterVersion)
                .limit(limit)
                .toList();
    }

    /** The messages that answer, each where it stands. */
    Map<SearchCursor, Message> find(Terms terms) {
        Map<SearchCursor, Message> found = new HashMap<>();
        Map<UserId, Message> newest = new HashMap<>();
        ReadMarks marks = marks();
        for (Message message : log) {
            if (!message.isDeleted()) {
                newest.put(message.sender().id(), message);
                terms.in(Terms.wordsOf(message))
                        .ifPresent(tier -> put(found, tier, told(message, marks)));
            }
        }
        for (UserId user : rows.keySet()) {
            Message last = newest.get(user);
            if (last != null
                    && terms.in(Terms.wordsOf(memory.person(user))).isPresent()
                    && terms.in(Terms.wordsOf(last)).isEmpty()) {
                put(found, Terms.Tier.SENDER, told(last, marks));
            }
        }
        return found;
    }

    private static void put(Map<SearchCursor, Message> found, Terms.Tier tier, Message message) {
        found.put(new SearchCursor(tier, message.timestamp(), message.id()), message);
    }

    List<Message> told(List<Message> messages) {
        ReadMarks marks = marks();
        return messages.stream().map(m -> told(m, marks)).toList();
    }

    private Message told(Message m, ReadMarks marks) {
        return m.told(
                memory.person(m.sender().id()),
                marks.isRead(m.sender().id(), m.seq()),
                m.replyTo().map(this::told));
    }

    private Quote told(Quote quote) {
        Message quoted = log.get((int) quote.seq() - 1);
        return Quote.of(quoted, memory.person(quoted.sender().id()));
    }

    private ReadMarks marks() {
        ReadMarks marks = ReadMarks.NONE;
        for (Participant row : rows.values()) {
            marks = marks.advance(row.user(), row.lastReadSeq());
        }
        return marks;
    }

    /** The room as it is when the lock was taken; the ledger is written after it was asked. */
    private final class Locked implements LedgerRecord {
        @Override
        public Optional<Participant> participant(UserId user) {
            return row(user);
        }

        @Override
        public List<Participant> present() {
            return rows.values().stream().filter(Participant::present).toList();
        }

        @Override
        public Optional<User> user(UserId user) {
            return Optional.ofNullable(memory.users.get(user));
        }

        @Override
        public Optional<Message> message(MessageId id) {
            return at(seqs.get(id));
        }

        @Override
        public Optional<Message> message(UserId sender, ClientId clientId) {
            return at(named.get(new Named(sender, clientId)));
        }

        private Optional<Message> at(@Nullable Long seq) {
            return Optional.ofNullable(seq)
                    .map(number -> told(log.get(number.intValue() - 1), marks()));
        }

        @Override
        public long skippable(UserId user, long afterSeq, long upToSeq) {
            return stored(afterSeq, upToSeq).stream()
                    .filter(m -> m.isDeleted() || m.sender().id().equals(user))
                    .count();
        }

        @Override
        public ReadMarks readMarks() {
            return marks();
        }

        @Override
        public List<Long> seqsOf(UserId sender) {
            return sentBy(sender).stream().map(Message::seq).toList();
        }

        @Override
        public Optional<Attachment> attachment(UserId uploader, AttachmentId id) {
            return memory.file(id)
                    .filter(file -> file.isWaiting() && file.is(uploader))
                    .map(FileMemory::upload)
                    .filter(upload -> upload.room().equals(room.id()))
                    .map(Attachments.Upload::file);
        }

        @Override
        public MessageId nextMessageId() {
            return memory.nextMessageId();
        }
    }
}
