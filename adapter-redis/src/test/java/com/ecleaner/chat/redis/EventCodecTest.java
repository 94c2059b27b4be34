package com.ecleaner.chat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

/** That every kind of event survives is the bus's contract; here is what else may arrive. */
class EventCodecTest {
    private static final ChatEvent READ =
            new RoomEvent.ReadAdvanced(new RoomId(1L << 40), 3, new UserId("anna"), 0, 1L << 50);

    @Test
    void the_sender_and_the_event_come_back() {
        assertThat(EventCodec.decode(EventCodec.encode(-5, READ)))
                .contains(new EventCodec.Sent(-5, READ));
    }

    @Test
    void fields_that_a_later_release_adds_are_passed_over() {
        byte[] bytes = EventCodec.encode(1, READ);

        assertThat(EventCodec.decode(Arrays.copyOf(bytes, bytes.length + 9)))
                .contains(new EventCodec.Sent(1, READ));
    }

    @Test
    void a_kind_or_version_nobody_knows_is_no_event() {
        byte[] version = EventCodec.encode(1, READ);
        version[0] = 2;
        byte[] kind = EventCodec.encode(1, READ);
        kind[9] = 99;

        assertThat(EventCodec.decode(version)).isEmpty();
        assertThat(EventCodec.decode(kind)).isEmpty();
    }

    @Test
    void damaged_bytes_are_no_event_and_never_a_fault() {
        Random random = new Random(7);
        byte[] whole =
                EventCodec.encode(
                        1,
                        new Passing.TypingChanged(
                                new RoomId(7), new Person(new UserId("a"), "b", "c"), true));
        for (int length = 0; length < whole.length; length++) {
            assertThat(EventCodec.decode(Arrays.copyOf(whole, length))).isEmpty();
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            // Whatever comes of it is an event that could have been sent, or none.
            EventCodec.decode(damaged)
                    .ifPresent(
                            sent ->
                                    assertThat(
                                                    EventCodec.decode(
                                                            EventCodec.encode(
                                                                    sent.node(), sent.event())))
                                            .contains(sent));
        }
    }
}
