package com.ecleaner.chat.domain.log;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One room's record as a test writes it, which takes what a ledger says to the letter of its
 * Javadoc, and remembers what it was asked.
 */
final class ScriptedRecord implements LedgerRecord {
    final Map<UserId, User> users = new HashMap<>();
    final Map<UserId, Participant> rows = new TreeMap<>();
    final List<Message> log = new ArrayList<>();
    final Map<AttachmentId, UserId> uploads = new HashMap<>();
    final Map<AttachmentId, Attachment> files = new HashMap<>();
    final Set<String> asked = new HashSet<>();
    Room room;
    private long ids;

    ScriptedRecord(RoomKey key, Instant at) {
        room = new Room(new RoomId(7), key, at, at, true, 1, 1, 0, 0);
    }

    ScriptedRecord knows(UserId user, Optional<Role> role) {
        users.put(
                user, new User(new Person(user, user.value(), ""), role, role.isPresent(), false));
        return this;
    }

    ScriptedRecord has(UserId user, Role role) {
        rows.put(user, Participant.joining(user, role, room.createdAt(), 0, 1));
        room =
                new Room(
                        room.id(),
                        room.key(),
                        room.createdAt(),
                        room.updatedAt(),
                        room.active(),
                        room.version(),
                        room.stateVersion(),
                        room.lastSeq(),
                        room.participantCount() + 1);
        return this;
    }

    /** Decides all of it in one commit: an outcome or a refusal's code for each. */
    List<Object> commit(List<RoomChange> changes) {
        RoomLedger ledger = new RoomLedger(room, this);
        List<Object> answers = new ArrayList<>();
        for (RoomChange change : changes) {
            try {
                answers.add(ledger.apply(change));
            } catch (Refusal refusal) {
                answers.add(refusal.code() + " " + refusal.detail());
            }
        }
        write(ledger);
        return answers;
    }

    private void write(RoomLedger ledger) {
        room = ledger.room();
        for (Message m : ledger.posted()) {
            log.add(m);
            m.attachment().ifPresent(file -> uploads.remove(file.id()));
        }
        for (Message m : ledger.rewritten()) {
            log.set((int) m.seq() - 1, m);
        }
        for (RoomLedger.Deletion gone : ledger.deletions()) {
            rows.replaceAll(
                    (user, row) ->
                            user.equals(gone.sender()) || row.lastReadSeq() >= gone.seq()
                                    ? row
                                    : row.withSkipped(row.skipped() + 1));
        }
        ledger.moved().forEach(row -> rows.put(row.user(), row));
        for (RoomLedger.Erasure erasure : ledger.erased()) {
            log.replaceAll(
                    m ->
                            m.isDeleted() || !m.sender().id().equals(erasure.user())
                                    ? m
                                    : m.deleted(erasure.at(), erasure.version()));
            users.put(
                    erasure.user(),
                    new User(Person.nameless(erasure.user()), Optional.empty(), true, true));
        }
    }

    /** The log as a reader would be told it. */
    List<Message> told() {
        return log.stream().map(this::told).toList();
    }

    long unread(UserId user) {
        return Objects.requireNonNull(rows.get(user)).unread(room.lastSeq());
    }

    /** Unread by its definition, from the log. */
    long recount(UserId user) {
        Participant row = Objects.requireNonNull(rows.get(user));
        return !row.present()
                ? 0
                : log.stream()
                        .filter(m -> m.seq() > row.lastReadSeq() && !m.isDeleted())
                        .filter(m -> !m.sender().id().equals(user))
                        .count();
    }

    private Message told(Message m) {
        return m.told(
                person(m.sender().id()),
                marks().isRead(m.sender().id(), m.seq()),
                m.replyTo()
                        .map(
                                quote -> {
                                    Message quoted = log.get((int) quote.seq() - 1);
                                    return new Quote(
                                            quote.id(),
                                            quote.seq(),
                                            person(quoted.sender().id()),
                                            quoted.content());
                                }));
    }

    private Person person(UserId id) {
        return users.containsKey(id) ? users.get(id).person() : Person.nameless(id);
    }

    private ReadMarks marks() {
        ReadMarks marks = ReadMarks.NONE;
        for (Participant row : rows.values()) {
            marks = marks.advance(row.user(), row.lastReadSeq());
        }
        return marks;
    }

    @Override
    public Optional<Participant> participant(UserId user) {
        return Optional.ofNullable(rows.get(user));
    }

    @Override
    public List<Participant> present() {
        asked.add("present");
        return rows.values().stream().filter(Participant::present).toList();
    }

    @Override
    public Optional<User> user(UserId user) {
        return Optional.ofNullable(users.get(user));
    }

    @Override
    public Optional<Message> message(MessageId id) {
        return log.stream().filter(m -> m.id().equals(id)).findFirst().map(this::told);
    }

    @Override
    public Optional<Message> message(UserId sender, ClientId clientId) {
        return log.stream()
                .filter(m -> m.sender().id().equals(sender))
                .filter(m -> m.clientId().equals(Optional.of(clientId)))
                .findFirst()
                .map(this::told);
    }

    @Override
    public long skippable(UserId user, long afterSeq, long upToSeq) {
        return log.stream()
                .filter(m -> m.seq() > afterSeq && m.seq() <= upToSeq)
                .filter(m -> m.isDeleted() || m.sender().id().equals(user))
                .count();
    }

    @Override
    public ReadMarks readMarks() {
        asked.add("readMarks");
        return marks();
    }

    @Override
    public List<Long> seqsOf(UserId sender) {
        asked.add("seqsOf");
        return log.stream()
                .filter(m -> m.sender().id().equals(sender) && !m.isDeleted())
                .map(Message::seq)
                .toList();
    }

    @Override
    public Optional<Attachment> attachment(UserId uploader, AttachmentId id) {
        return uploader.equals(uploads.get(id)) ? Optional.of(files.get(id)) : Optional.empty();
    }

    @Override
    public MessageId nextMessageId() {
        return new MessageId(++ids);
    }
}
