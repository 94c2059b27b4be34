package com.ecleaner.chat.domain.log;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.access.AccessRules;
import com.ecleaner.chat.domain.access.Action;
import com.ecleaner.chat.domain.access.Standing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One room within one commit: decides changes one after another, numbers them, and keeps what has
 * to be written. Whoever holds the room's lock builds one over the locked row, applies the changes
 * of the batch, and writes what {@link #room()}, {@link #posted()}, {@link #rewritten()}, {@link
 * #earlier()}, {@link #deletions()}, {@link #moved()} and {@link #erased()} say, in this order, all
 * or nothing.
 *
 * <p>Rules are decided here, on locked rows, so that no cache can be wrong about who may write. A
 * change that is refused leaves no trace. Not thread-safe; one use.
 */
public final class RoomLedger {
    /** A message lost its content in this commit: everybody else's unread has to know. */
    public record Deletion(long seq, UserId sender) {}

    /**
     * Every message of that user is blanked: deleted at that time, as the change of that version.
     */
    public record Erasure(UserId user, Instant at, long version) {}

    private final LedgerRecord record;
    private Room room;

    private final Map<UserId, Participant> participants = new LinkedHashMap<>();
    private final Set<UserId> moved = new LinkedHashSet<>();
    private final Map<MessageId, Message> posted = new LinkedHashMap<>();
    private final Map<MessageId, Message> rewritten = new LinkedHashMap<>();
    private final List<Message> earlier = new ArrayList<>();
    private final Map<Named, MessageId> named = new LinkedHashMap<>();
    private final List<Deletion> deletions = new ArrayList<>();
    private final Map<AttachmentId, MessageId> taken = new LinkedHashMap<>();
    private final Map<UserId, Erasure> erased = new LinkedHashMap<>();
    private final Map<UserId, Long> advanced = new LinkedHashMap<>();
    private Optional<ReadMarks> stored = Optional.empty();

    private record Named(UserId sender, ClientId clientId) {}

    public RoomLedger(Room locked, LedgerRecord record) {
        this.room = locked;
        this.record = record;
    }

    /**
     * Decides and applies one change.
     *
     * @throws Refusal where the rules, the room's state or a field forbid it; nothing has changed
     *     then
     */
    public Outcome apply(RoomChange change) {
        return switch (change) {
            case RoomChange.Post post -> post(post);
            case RoomChange.Repeat repeat -> repeat(repeat);
            case RoomChange.Edit edit -> edit(edit);
            case RoomChange.Delete delete -> delete(delete);
            case RoomChange.Read read -> read(read);
            case RoomChange.Join join -> join(join);
            case RoomChange.Leave leave -> leave(leave);
            case RoomChange.SetOpen open -> setOpen(open);
            case RoomChange.FollowJob follow -> followJob(follow);
            case RoomChange.FollowRole follow -> followRole(follow);
            case RoomChange.Announce announce -> announce(announce);
            case RoomChange.EraseAuthor erase -> eraseAuthor(erase);
        };
    }

    /** The room's row as it is to be written. */
    public Room room() {
        return room;
    }

    /** New messages, in order of seq. */
    public Collection<Message> posted() {
        return Collections.unmodifiableCollection(posted.values());
    }

    /** Files with the new messages that took them, also one that was deleted right after. */
    public Map<AttachmentId, Message> taken() {
        Map<AttachmentId, Message> by = new LinkedHashMap<>();
        taken.forEach((file, id) -> by.put(file, Objects.requireNonNull(posted.get(id))));
        return by;
    }

    /** Messages from before this commit that were edited or deleted. */
    public Collection<Message> rewritten() {
        return Collections.unmodifiableCollection(rewritten.values());
    }

    /**
     * Messages as they were before each edit of this commit, in order of version, but for those
     * that are gone by its end.
     */
    public List<Message> earlier() {
        return earlier.stream().filter(said -> !asItIs(said).isDeleted()).toList();
    }

    /** Participants' rows that are new or changed, whole. */
    public List<Participant> moved() {
        return moved.stream().map(participants::get).toList();
    }

    /**
     * The commit's deletions. Each adds one to {@code skipped} of every participant except its
     * sender whose mark is below it. {@link #moved()} rows have it counted already: write them
     * after.
     */
    public List<Deletion> deletions() {
        return Collections.unmodifiableList(deletions);
    }

    /** Users whose every message here is to be blanked, after all else was written. */
    public Collection<Erasure> erased() {
        return Collections.unmodifiableCollection(erased.values());
    }

    // --- messages

    private Outcome post(RoomChange.Post post) {
        Actor actor = current(post.actor());
        Draft draft = post.draft();
        boolean platforms = draft.type().isPlatforms();
        Action action = platforms ? Action.SPEAK_FOR_PLATFORM : Action.WRITE;
        Standing standing = standing(actor);
        AccessRules.require(action, standing, room.type(), true);
        // A repeat of what was said while the room was open is still answered with what was said.
        Optional<Message> first = draft.clientId().flatMap(name -> repeatOf(actor, name));
        if (first.isPresent()) {
            return Outcome.repeated(room, first.get());
        }
        if (!reopensByWriting(actor, action)) {
            AccessRules.require(action, standing, room.type(), room.active());
        }
        Content content = content(actor, draft);
        List<RoomEvent> events = new ArrayList<>();
        if (!room.active()) {
            events.add(stateChanged(true));
        }
        if (!platforms) {
            joinIfOut(actor, post.at()).ifPresent(events::add);
        }
        return append(events, actor.id(), draft, content, post.at());
    }

    private Outcome repeat(RoomChange.Repeat repeat) {
        Actor actor = current(repeat.actor());
        Action action = actor.isPlatform() ? Action.SPEAK_FOR_PLATFORM : Action.WRITE;
        AccessRules.require(action, standing(actor), room.type(), true);
        return repeatOf(actor, repeat.name())
                .map(first -> Outcome.repeated(room, first))
                .orElseThrow(repeat::otherwise);
    }

    private Outcome announce(RoomChange.Announce announce) {
        Actor platform = announce.platform();
        AccessRules.require(Action.SPEAK_FOR_PLATFORM, standing(platform), room.type(), true);
        return append(
                new ArrayList<>(),
                platform.id(),
                announce.draft(),
                content(platform, announce.draft()),
                announce.at());
    }

    /** What a draft refers to, looked up before anything is changed. */
    private record Content(Optional<Quote> quote, Optional<Attachment> attachment) {}

    private Content content(Actor actor, Draft draft) {
        Optional<Quote> quote =
                draft.replyTo()
                        .map(
                                id ->
                                        message(id)
                                                .map(Quote::of)
                                                .map(this::told)
                                                .orElseThrow(
                                                        () ->
                                                                Refusal.invalid(
                                                                        "reply_to",
                                                                        "is no message of this"
                                                                                + " room")));
        Optional<Attachment> attachment =
                draft.attachment()
                        .map(
                                id ->
                                        record.attachment(actor.id(), id)
                                                .filter(upload -> !taken.containsKey(id))
                                                .orElseThrow(
                                                        () ->
                                                                Refusal.invalid(
                                                                        "attachment_id",
                                                                        "is no upload of yours for"
                                                                                + " this room")));
        if (draft.type() == MessageType.IMAGE
                && attachment.filter(a -> !a.isPicture()).isPresent()) {
            throw Refusal.invalid("attachment_id", "is no picture: send it as a file");
        }
        return new Content(quote, attachment);
    }

    private Outcome append(
            List<RoomEvent> events, UserId sender, Draft draft, Content content, Instant at) {
        long seq = room.lastSeq() + 1;
        long version = room.version() + 1;
        Message message =
                new Message(
                        record.nextMessageId(),
                        room.id(),
                        seq,
                        version,
                        person(sender),
                        draft.type(),
                        draft.content(),
                        at,
                        false,
                        draft.clientId(),
                        content.quote(),
                        content.attachment(),
                        draft.data(),
                        Optional.empty(),
                        Optional.empty());
        room =
                new Room(
                        room.id(),
                        room.key(),
                        room.createdAt(),
                        at,
                        room.active(),
                        version,
                        room.stateVersion(),
                        seq,
                        room.participantCount());
        posted.put(message.id(), message);
        content.attachment().ifPresent(file -> taken.put(file.id(), message.id()));
        draft.clientId().ifPresent(name -> named.put(new Named(sender, name), message.id()));
        participant(sender).ifPresent(p -> put(p.withSkipped(p.skipped() + 1)));
        events.add(new RoomEvent.MessagePosted(message));
        return Outcome.of(room, events, message);
    }

    private Outcome edit(RoomChange.Edit edit) {
        Actor actor = current(edit.actor());
        AccessRules.require(Action.READ, standing(actor), room.type(), room.active());
        Message message =
                message(edit.message())
                        .filter(m -> !m.isDeleted())
                        .orElseThrow(() -> Refusal.notFound("message"));
        if (!message.sender().id().equals(actor.id())) {
            throw Refusal.forbidden("only one's own messages can be edited");
        }
        AccessRules.require(Action.EDIT_OWN, standing(actor), room.type(), room.active());
        if (message.attachment().isEmpty() && message.data().isEmpty()) {
            Draft.content(edit.content());
        }
        Message edited = rewrite(message.edited(edit.content(), edit.at(), nextVersion()));
        earlier.add(message);
        return Outcome.of(room, List.of(new RoomEvent.MessageEdited(edited)), edited);
    }

    private Outcome delete(RoomChange.Delete delete) {
        Actor actor = current(delete.actor());
        AccessRules.require(Action.READ, standing(actor), room.type(), room.active());
        Message message = message(delete.message()).orElseThrow(() -> Refusal.notFound("message"));
        boolean own = message.sender().id().equals(actor.id());
        AccessRules.require(
                own ? Action.DELETE_OWN : Action.DELETE_ANY,
                standing(actor),
                room.type(),
                room.active());
        if (message.isDeleted()) {
            return Outcome.of(room, List.of(), message);
        }
        Message deleted = rewrite(message.deleted(delete.at(), nextVersion()));
        skipForOthers(message.seq(), message.sender().id());
        return Outcome.of(room, List.of(new RoomEvent.MessageDeleted(deleted)), deleted);
    }

    private Outcome eraseAuthor(RoomChange.EraseAuthor erase) {
        UserId user = erase.user();
        if (erased.containsKey(user)) {
            return Outcome.of(room, List.of());
        }
        boolean wasPresent = participant(user).map(Participant::present).orElse(false);
        long version = nextVersion();
        Set<Long> gone = new HashSet<>();
        deletions.forEach(d -> gone.add(d.seq()));
        for (long seq : record.seqsOf(user)) {
            if (gone.add(seq)) {
                skipForOthers(seq, user);
            }
        }
        for (Message message : List.copyOf(posted.values())) {
            if (message.sender().id().equals(user) && !message.isDeleted()) {
                skipForOthers(message.seq(), user);
                posted.put(message.id(), message.deleted(erase.at(), version));
            }
        }
        erased.put(user, new Erasure(user, erase.at(), version));
        List<RoomEvent> events = new ArrayList<>();
        events.add(new RoomEvent.AuthorErased(room.id(), version, user));
        if (wasPresent) {
            events.add(peopleChanged(Set.of(), Set.of(user)));
        }
        return Outcome.of(room, events);
    }

    // --- marks

    private Outcome read(RoomChange.Read read) {
        Actor actor = current(read.actor());
        AccessRules.require(Action.MARK_READ, standing(actor), room.type(), room.active());
        Optional<Participant> reader = participant(actor.id()).filter(Participant::present);
        if (reader.isEmpty()) {
            return Outcome.mark(room, List.of(), 0, 0);
        }
        Participant before = reader.get();
        long mark = Math.min(read.upToSeq(), room.lastSeq());
        if (mark <= before.lastReadSeq()) {
            return Outcome.mark(
                    room, List.of(), before.lastReadSeq(), before.unread(room.lastSeq()));
        }
        long skipped = before.skipped() - skippable(actor.id(), before.lastReadSeq(), mark);
        Participant after = before.withMark(mark, skipped, nextVersion());
        put(after);
        advanced.put(actor.id(), mark);
        long unread = after.unread(room.lastSeq());
        return Outcome.mark(
                room,
                List.of(
                        new RoomEvent.ReadAdvanced(
                                room.id(), room.version(), actor.id(), mark, unread)),
                mark,
                unread);
    }

    // --- people and state

    private Outcome join(RoomChange.Join join) {
        Actor actor = current(join.actor());
        AccessRules.require(Action.READ, standing(actor), room.type(), room.active());
        boolean present = participant(actor.id()).map(Participant::present).orElse(false);
        if (present || actor.isPlatform() || !room.active()) {
            return Outcome.of(room, List.of());
        }
        AccessRules.require(Action.JOIN, standing(actor), room.type(), room.active());
        List<RoomEvent> events = joinIfOut(actor, join.at()).map(List::of).orElse(List.of());
        return Outcome.of(room, events);
    }

    private Outcome leave(RoomChange.Leave leave) {
        Actor actor = current(leave.actor());
        AccessRules.require(Action.LEAVE, standing(actor), room.type(), room.active());
        Optional<Participant> leaver = participant(actor.id()).filter(Participant::present);
        if (leaver.isEmpty()) {
            return Outcome.of(room, List.of());
        }
        RoomEvent left = peopleChanged(Set.of(), Set.of(actor.id()));
        return Outcome.of(room, List.of(left));
    }

    private Outcome setOpen(RoomChange.SetOpen change) {
        AccessRules.require(
                Action.CLOSE, standing(current(change.actor())), room.type(), room.active());
        List<RoomEvent> events =
                change.open() == room.active() ? List.of() : List.of(stateChanged(change.open()));
        return Outcome.of(room, events);
    }

    private Outcome followJob(RoomChange.FollowJob follow) {
        Set<UserId> left = new LinkedHashSet<>();
        Set<UserId> joined = new LinkedHashSet<>();
        for (Participant p : present()) {
            if (p.role() != Role.ADMIN && !follow.people().containsKey(p.user())) {
                left.add(p.user());
            }
        }
        follow.people()
                .forEach(
                        (user, role) -> {
                            Optional<Participant> row = participant(user);
                            if (!row.map(Participant::present).orElse(false)
                                    || row.filter(p -> p.role() != role).isPresent()) {
                                joined.add(user);
                            }
                        });
        boolean peopleDiffer = !left.isEmpty() || !joined.isEmpty();
        if (!peopleDiffer && follow.open() == room.active()) {
            return Outcome.of(room, List.of());
        }
        List<RoomEvent> events = new ArrayList<>();
        if (peopleDiffer) {
            long version = room.version() + 1;
            Set<UserId> reallyNew = new LinkedHashSet<>();
            for (UserId user : joined) {
                Optional<Participant> row = participant(user);
                if (!row.map(Participant::present).orElse(false)) {
                    reallyNew.add(user);
                }
                Role role = Optional.ofNullable(follow.people().get(user)).orElse(Role.CLIENT);
                put(
                        row.map(
                                        p ->
                                                p.returning(
                                                        role,
                                                        p.present() ? p.joinedAt() : follow.at(),
                                                        p.lastReadSeq(),
                                                        p.skipped(),
                                                        version))
                                .orElseGet(() -> newcomer(user, role, follow.at(), 0, version)));
            }
            events.add(peopleChanged(reallyNew, left));
        }
        if (follow.open() != room.active()) {
            events.add(stateChanged(follow.open()));
        }
        return Outcome.of(room, events);
    }

    private Outcome followRole(RoomChange.FollowRole follow) {
        UserId user = follow.user();
        boolean admin =
                record.user(user).flatMap(User::role).filter(Role.ADMIN::equals).isPresent();
        return Outcome.of(
                room,
                admin || membership(user) != Membership.AS_ADMIN
                        ? List.of()
                        : List.of(peopleChanged(Set.of(), Set.of(user))));
    }

    /**
     * Writing joins: a visitor of a general room, an admin anywhere; the mark starts at the end.
     */
    private Optional<RoomEvent> joinIfOut(Actor actor, Instant at) {
        Optional<Participant> row = participant(actor.id());
        if (row.map(Participant::present).orElse(false)) {
            return Optional.empty();
        }
        long version = room.version() + 1;
        long end = room.lastSeq();
        put(
                row.map(p -> p.returning(actor.role(), at, end, 0, version))
                        .orElseGet(
                                () ->
                                        Participant.joining(
                                                actor.id(), actor.role(), at, end, version)));
        advanced.put(actor.id(), end);
        return Optional.of(peopleChanged(Set.of(actor.id()), Set.of()));
    }

    /**
     * A first row in this room; what was said before counts as news from {@code mark} on, one's own
     * aside.
     */
    private Participant newcomer(UserId user, Role role, Instant at, long mark, long version) {
        return Participant.joining(user, role, at, mark, version)
                .withSkipped(skippable(user, mark, room.lastSeq()));
    }

    private RoomEvent peopleChanged(Set<UserId> joined, Set<UserId> left) {
        long version = nextVersion();
        for (UserId user : left) {
            participant(user).ifPresent(p -> put(p.leaving(version)));
        }
        room =
                new Room(
                        room.id(),
                        room.key(),
                        room.createdAt(),
                        room.updatedAt(),
                        room.active(),
                        version,
                        version,
                        room.lastSeq(),
                        room.participantCount() + joined.size() - left.size());
        return new RoomEvent.RoomChanged(room.id(), version, room.type(), joined, left);
    }

    private RoomEvent stateChanged(boolean open) {
        long version = nextVersion();
        room =
                new Room(
                        room.id(),
                        room.key(),
                        room.createdAt(),
                        room.updatedAt(),
                        open,
                        version,
                        version,
                        room.lastSeq(),
                        room.participantCount());
        return new RoomEvent.RoomChanged(room.id(), version, room.type(), Set.of(), Set.of());
    }

    // --- the room as it stands in the middle of the commit

    private boolean reopensByWriting(Actor actor, Action action) {
        return !room.active()
                && action == Action.WRITE
                && room.type() == RoomType.SUPPORT
                && room.key() instanceof RoomKey.OfSupport support
                && support.opener().equals(actor.id());
    }

    /**
     * The actor with the role that counts now: what the platform has written since beats what they
     * came with.
     */
    private Actor current(Actor actor) {
        Optional<User> known = record.user(actor.id());
        if (erased.containsKey(actor.id()) || known.filter(User::erased).isPresent()) {
            throw Refusal.notFound("room");
        }
        return known.map(user -> user.acting(actor.role())).orElse(actor);
    }

    private Standing standing(Actor actor) {
        return Standing.of(actor, membership(actor.id()));
    }

    private Membership membership(UserId user) {
        return participant(user).map(p -> p.membership(room.key())).orElse(Membership.NONE);
    }

    private Optional<Message> repeatOf(Actor actor, ClientId name) {
        MessageId here = named.get(new Named(actor.id(), name));
        Optional<Message> first =
                here != null
                        ? Optional.ofNullable(posted.get(here))
                        : record.message(actor.id(), name);
        return first.map(this::asItIs).map(this::told);
    }

    private Optional<Message> message(MessageId id) {
        Message here = posted.get(id);
        return (here != null ? Optional.of(here) : record.message(id)).map(this::asItIs);
    }

    /** A message of the record or of this commit, with what this commit has done to it. */
    private Message asItIs(Message message) {
        Message here =
                posted.getOrDefault(message.id(), rewritten.getOrDefault(message.id(), message));
        Erasure erasure = erased.get(here.sender().id());
        return erasure == null || here.isDeleted()
                ? here
                : here.deleted(erasure.at(), erasure.version());
    }

    private Message rewrite(Message changed) {
        Message told = told(changed);
        (posted.containsKey(told.id()) ? posted : rewritten).put(told.id(), told);
        return told;
    }

    /** With the names, the receipt and the excerpt of this moment. */
    private Message told(Message message) {
        UserId sender = message.sender().id();
        return message.told(
                erased.containsKey(sender) ? Person.nameless(sender) : message.sender(),
                readMarks().isRead(sender, message.seq()),
                message.replyTo().map(this::told));
    }

    private Quote told(Quote quote) {
        UserId sender = quote.sender().id();
        if (erased.containsKey(sender)) {
            return new Quote(quote.id(), quote.seq(), Person.nameless(sender), "");
        }
        Message quoted = posted.getOrDefault(quote.id(), rewritten.get(quote.id()));
        return quoted == null ? quote : Quote.of(quoted);
    }

    private ReadMarks readMarks() {
        if (stored.isEmpty()) {
            stored = Optional.of(record.readMarks());
        }
        ReadMarks now = stored.get();
        for (Map.Entry<UserId, Long> mark : advanced.entrySet()) {
            now = now.advance(mark.getKey(), mark.getValue());
        }
        return now;
    }

    private Optional<Participant> participant(UserId user) {
        Participant here = participants.get(user);
        if (here != null) {
            return Optional.of(here);
        }
        Optional<Participant> row = record.participant(user).map(this::withDeletions);
        row.ifPresent(p -> participants.put(user, p));
        return row;
    }

    /** What this commit deleted before anybody asked for this row counts for it too. */
    private Participant withDeletions(Participant row) {
        long below =
                deletions.stream()
                        .filter(d -> d.seq() > row.lastReadSeq() && !d.sender().equals(row.user()))
                        .count();
        return row.withSkipped(row.skipped() + below);
    }

    private List<Participant> present() {
        record.present().forEach(p -> participant(p.user()));
        return participants.values().stream().filter(Participant::present).toList();
    }

    private void put(Participant row) {
        participants.put(row.user(), row);
        moved.add(row.user());
    }

    /** Counts own and deleted messages as they are now, in the middle of the commit. */
    private long skippable(UserId user, long afterSeq, long upToSeq) {
        long count = record.skippable(user, afterSeq, upToSeq);
        for (Message m : posted.values()) {
            if (m.sender().id().equals(user) && m.seq() > afterSeq && m.seq() <= upToSeq) {
                count++;
            }
        }
        for (Deletion d : deletions) {
            if (!d.sender().equals(user) && d.seq() > afterSeq && d.seq() <= upToSeq) {
                count++;
            }
        }
        return count;
    }

    private void skipForOthers(long seq, UserId sender) {
        for (Participant p : List.copyOf(participants.values())) {
            if (!p.user().equals(sender) && p.lastReadSeq() < seq) {
                participants.put(p.user(), p.withSkipped(p.skipped() + 1));
            }
        }
        deletions.add(new Deletion(seq, sender));
    }

    private Person person(UserId user) {
        return record.user(user).map(User::person).orElseGet(() -> Person.nameless(user));
    }

    private long nextVersion() {
        room =
                new Room(
                        room.id(),
                        room.key(),
                        room.createdAt(),
                        room.updatedAt(),
                        room.active(),
                        room.version() + 1,
                        room.stateVersion(),
                        room.lastSeq(),
                        room.participantCount());
        return room.version();
    }
}
