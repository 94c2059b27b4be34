package com.ecleaner.chat.application.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Member;
import com.ecleaner.chat.domain.view.RoomView;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class WhereaboutsTest {
    private static final Instant NOON = Instant.parse("2025-10-25T12:00:00Z");
    private static final UserId ANNA = new UserId("anna");
    private static final UserId JOHN = new UserId("john");
    private static final Presence.Seen ONLINE = new Presence.Seen(true, Optional.empty());
    private static final Presence.Seen GONE = new Presence.Seen(false, Optional.of(NOON));

    private final InMemoryPresence presence = new InMemoryPresence();
    private final Whereabouts whereabouts = new Whereabouts(presence);

    private static RoomView room(int people) {
        RoomId id = new RoomId(7);
        return new RoomView(
                new Room(id, new RoomKey.OfAll("lobby"), NOON, NOON, true, 1, 1, 0, people),
                Optional.empty(),
                List.of(member(ANNA), member(JOHN)),
                0,
                0,
                Membership.OWN,
                Optional.empty());
    }

    private static Member member(UserId user) {
        return new Member(
                Person.nameless(user), Participant.joining(user, Role.CLIENT, NOON, 0, 1));
    }

    private void hear(UserId user, Presence.Seen seen) {
        whereabouts.heard(
                new Passing.PresenceChanged(
                        user, Set.of(new RoomId(7)), seen.online(), seen.lastSeen()));
    }

    @Test
    void what_is_heard_after_presence_was_read_counts_more() {
        presence.arrived(ANNA, "s1");
        Whereabouts.Read read = whereabouts.of(List.of(room(2)));
        hear(ANNA, GONE);

        assertThat(whereabouts.now(read))
                .hasSize(2)
                .containsEntry(ANNA, GONE)
                .containsEntry(JOHN, Presence.Seen.UNKNOWN);
    }

    @Test
    void what_was_heard_before_is_in_what_was_read() {
        hear(ANNA, GONE);
        presence.arrived(ANNA, "s1");
        Whereabouts.Read read = whereabouts.of(List.of(room(2)));
        hear(JOHN, ONLINE);

        assertThat(whereabouts.now(read)).containsEntry(ANNA, ONLINE).containsEntry(JOHN, ONLINE);
    }

    @Test
    void a_large_room_asks_for_nobody_and_shows_nobody() {
        presence.arrived(ANNA, "s1");
        Whereabouts.Read read = whereabouts.of(List.of(room(51)));
        hear(ANNA, ONLINE);

        assertThat(whereabouts.now(read)).isEmpty();
    }
}
