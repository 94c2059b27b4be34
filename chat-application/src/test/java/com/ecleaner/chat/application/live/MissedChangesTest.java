package com.ecleaner.chat.application.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Changes;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the record says of a time nobody heard of, as changes in an order. */
class MissedChangesTest {
    private static final Instant NOON = Instant.parse("2025-10-25T12:00:00Z");
    private static final RoomId ROOM = new RoomId(7);
    private static final Person ANNA = Person.nameless(new UserId("anna"));
    private static final UserId JOHN = new UserId("john");

    /** The people were in it from version 1 on. */
    private static Room room(long version, long lastSeq) {
        RoomKey lobby = new RoomKey.OfAll("lobby");
        return new Room(ROOM, lobby, NOON, NOON, true, version, 1, lastSeq, 2);
    }

    private static Message message(long seq, long version) {
        return new Message(
                new MessageId(seq),
                ROOM,
                seq,
                version,
                ANNA,
                MessageType.TEXT,
                "m" + seq,
                NOON,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Participant john(long mark, long version) {
        return new Participant(JOHN, Role.CLEANER, NOON, mark, 0, true, version);
    }

    /** Missed by a stream that had come to version 3 and its second message. */
    private static List<Following.Missed> missed(
            Room now, List<Message> posted, List<Message> rewritten, List<Participant> moved) {
        Changes changes =
                new Changes(now, posted, rewritten, moved, Optional.empty(), Optional.empty());
        return new MissedChanges(changes, 3, 2, seq -> 3)
                .absence(Whereabouts.Read.NOTHING, Set.of()).missed().stream()
                        .filter(one -> one.version() > 3)
                        .toList();
    }

    @Test
    void messages_come_by_number_and_one_that_was_edited_takes_a_version_that_is_free() {
        Message third = message(3, 4).edited("M3", NOON, 6);
        Message fourth = message(4, 5);

        List<Following.Missed> missed =
                missed(room(6, 4), List.of(third, fourth), List.of(), List.of());

        assertThat(missed).extracting(Following.Missed::version).containsExactly(4L, 5L, 6L);
        assertThat(missed)
                .extracting(Following.Missed::event)
                .containsExactly(
                        new RoomEvent.MessagePosted(third),
                        new RoomEvent.MessagePosted(fourth),
                        new RoomEvent.MessageEdited(third));
    }

    @Test
    void a_mark_that_moved_between_messages_says_what_was_unread_then() {
        List<Following.Missed> missed =
                missed(
                        room(6, 4),
                        List.of(message(3, 4), message(4, 6)),
                        List.of(),
                        List.of(john(2, 5)));

        assertThat(missed)
                .extracting(Following.Missed::event)
                .contains(new RoomEvent.ReadAdvanced(ROOM, 5, JOHN, 2, 1));
    }

    @Test
    void several_messages_deleted_by_one_change_are_told_as_one_erasure() {
        List<Message> gone =
                List.of(message(1, 2).deleted(NOON, 4), message(2, 3).deleted(NOON, 4));

        List<Following.Missed> missed = missed(room(4, 2), List.of(), gone, List.of());

        assertThat(missed).hasSize(3);
        assertThat(missed)
                .filteredOn(one -> one.delivery().isPresent())
                .extracting(Following.Missed::event)
                .containsExactly(new RoomEvent.AuthorErased(ROOM, 4, ANNA.id()));
    }
}
