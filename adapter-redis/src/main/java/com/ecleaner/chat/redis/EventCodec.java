package com.ecleaner.chat.redis;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Events as bytes between nodes: a version, the sender, a kind, and the event's fields in a row.
 * Nodes of neighbouring releases run side by side, so: fields are added at the end only, a kind or
 * version nobody knows is passed over, and what it cannot read is no event. Thread-safe.
 */
final class EventCodec {
    private static final int VERSION = 1;

    private static final int POSTED = 1;
    private static final int EDITED = 2;
    private static final int DELETED = 3;
    private static final int READ = 4;
    private static final int ROOM = 5;
    private static final int ERASED = 6;
    private static final int TYPING = 7;
    private static final int PRESENCE = 8;
    private static final int USER = 9;

    /** An event and the node that sent it. */
    record Sent(long node, ChatEvent event) {}

    private EventCodec() {}

    static byte[] encode(long node, ChatEvent event) {
        BytesOut out = new BytesOut();
        out.octet(VERSION);
        out.fixed(node);
        switch (event) {
            case RoomEvent.MessagePosted e -> message(out.octet(POSTED), e.message());
            case RoomEvent.MessageEdited e -> message(out.octet(EDITED), e.message());
            case RoomEvent.MessageDeleted e -> message(out.octet(DELETED), e.message());
            case RoomEvent.ReadAdvanced e ->
                    out.octet(READ)
                            .number(e.room().value())
                            .number(e.version())
                            .text(e.user().value())
                            .number(e.upToSeq())
                            .number(e.unread());
            case RoomEvent.RoomChanged e -> {
                out.octet(ROOM).number(e.room().value()).number(e.version()).text(e.type().name());
                users(out, e.joined());
                users(out, e.left());
            }
            case RoomEvent.AuthorErased e ->
                    out.octet(ERASED)
                            .number(e.room().value())
                            .number(e.version())
                            .text(e.user().value());
            case Passing.TypingChanged e ->
                    person(out.octet(TYPING).number(e.room().value()), e.user()).flag(e.typing());
            case Passing.PresenceChanged e -> {
                out.octet(PRESENCE).text(e.user().value()).number(e.rooms().size());
                e.rooms().forEach(room -> out.number(room.value()));
                out.flag(e.online());
                out.optional(e.lastSeen(), BytesOut::instant);
            }
            case Passing.UserChanged e -> {
                person(out.octet(USER), e.user().person());
                out.optional(e.user().role(), (o, role) -> o.text(role.name()));
                out.flag(e.user().named()).flag(e.user().erased());
            }
        }
        return out.bytes();
    }

    /** What these bytes say; nothing where they come from a future or are damaged. */
    static Optional<Sent> decode(byte[] bytes) {
        try {
            BytesIn in = new BytesIn(bytes);
            if (in.octet() != VERSION) {
                return Optional.empty();
            }
            long node = in.fixed();
            return event(in).map(event -> new Sent(node, event));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }

    private static Optional<ChatEvent> event(BytesIn in) {
        return switch (in.octet()) {
            case POSTED -> Optional.of(new RoomEvent.MessagePosted(message(in)));
            case EDITED -> Optional.of(new RoomEvent.MessageEdited(message(in)));
            case DELETED -> Optional.of(new RoomEvent.MessageDeleted(message(in)));
            case READ ->
                    Optional.of(
                            new RoomEvent.ReadAdvanced(
                                    new RoomId(in.number()),
                                    in.number(),
                                    new UserId(in.text()),
                                    in.number(),
                                    in.number()));
            case ROOM ->
                    Optional.of(
                            new RoomEvent.RoomChanged(
                                    new RoomId(in.number()),
                                    in.number(),
                                    RoomType.valueOf(in.text()),
                                    users(in),
                                    users(in)));
            case ERASED ->
                    Optional.of(
                            new RoomEvent.AuthorErased(
                                    new RoomId(in.number()), in.number(), new UserId(in.text())));
            case TYPING ->
                    Optional.of(
                            new Passing.TypingChanged(
                                    new RoomId(in.number()), person(in), in.flag()));
            case PRESENCE ->
                    Optional.of(
                            new Passing.PresenceChanged(
                                    new UserId(in.text()),
                                    rooms(in),
                                    in.flag(),
                                    in.optional(BytesIn::instant)));
            case USER ->
                    Optional.of(
                            new Passing.UserChanged(
                                    new User(
                                            person(in),
                                            in.optional(i -> Role.valueOf(i.text())),
                                            in.flag(),
                                            in.flag())));
            default -> Optional.empty();
        };
    }

    // --- parts

    private static void message(BytesOut out, Message m) {
        out.number(m.id().value()).number(m.room().value()).number(m.seq()).number(m.version());
        person(out, m.sender())
                .text(m.type().name())
                .text(m.content())
                .instant(m.timestamp())
                .flag(m.read())
                .optional(m.clientId(), (o, id) -> o.text(id.value()))
                .optional(m.replyTo(), EventCodec::quote)
                .optional(m.attachment(), EventCodec::attachment)
                .optional(m.data(), EventCodec::data)
                .optional(m.editedAt(), BytesOut::instant)
                .optional(m.deletedAt(), BytesOut::instant);
    }

    private static Message message(BytesIn in) {
        return new Message(
                new MessageId(in.number()),
                new RoomId(in.number()),
                in.number(),
                in.number(),
                person(in),
                MessageType.valueOf(in.text()),
                in.text(),
                in.instant(),
                in.flag(),
                in.optional(i -> new ClientId(i.text())),
                in.optional(
                        i -> new Quote(new MessageId(i.number()), i.number(), person(i), i.text())),
                in.optional(EventCodec::attachment),
                in.optional(EventCodec::data),
                in.optional(BytesIn::instant),
                in.optional(BytesIn::instant));
    }

    private static void quote(BytesOut out, Quote quote) {
        out.number(quote.id().value()).number(quote.seq());
        person(out, quote.sender()).text(quote.excerpt());
    }

    private static void attachment(BytesOut out, Attachment a) {
        out.text(a.id().value())
                .text(a.name())
                .text(a.contentType())
                .number(a.size())
                .flag(a.width().isPresent())
                .number(a.width().orElse(0))
                .number(a.height().orElse(0))
                .flag(a.thumbnail());
    }

    private static Attachment attachment(BytesIn in) {
        AttachmentId id = new AttachmentId(in.text());
        String name = in.text();
        String contentType = in.text();
        long size = in.number();
        boolean picture = in.flag();
        int width = (int) in.number();
        int height = (int) in.number();
        return new Attachment(
                id,
                name,
                contentType,
                size,
                picture ? OptionalInt.of(width) : OptionalInt.empty(),
                picture ? OptionalInt.of(height) : OptionalInt.empty(),
                in.flag());
    }

    private static void data(BytesOut out, JobChanges data) {
        out.number(data.fields().size());
        data.fields()
                .forEach((name, change) -> out.text(name).text(change.from()).text(change.to()));
    }

    private static JobChanges data(BytesIn in) {
        Map<String, JobChanges.Change> fields = new LinkedHashMap<>();
        for (long i = in.number(); i > 0; i--) {
            fields.put(in.text(), new JobChanges.Change(in.text(), in.text()));
        }
        return new JobChanges(fields);
    }

    private static BytesOut person(BytesOut out, Person person) {
        return out.text(person.id().value()).text(person.username()).text(person.firstName());
    }

    private static Person person(BytesIn in) {
        return new Person(new UserId(in.text()), in.text(), in.text());
    }

    private static void users(BytesOut out, Set<UserId> users) {
        out.number(users.size());
        users.forEach(user -> out.text(user.value()));
    }

    private static Set<UserId> users(BytesIn in) {
        Set<UserId> users = new LinkedHashSet<>();
        for (long i = in.number(); i > 0; i--) {
            users.add(new UserId(in.text()));
        }
        return users;
    }

    private static Set<RoomId> rooms(BytesIn in) {
        Set<RoomId> rooms = new LinkedHashSet<>();
        for (long i = in.number(); i > 0; i--) {
            rooms.add(new RoomId(in.number()));
        }
        return rooms;
    }
}
