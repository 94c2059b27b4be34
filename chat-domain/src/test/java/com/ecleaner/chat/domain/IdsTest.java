package com.ecleaner.chat.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

class IdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"26", "0", "a/b", "100%", "it's", "größe", "🧽", "a b", "{\"a\":1}"})
    void ids_of_the_platform_are_opaque_text(String text) {
        assertThat(new UserId(text)).hasToString(text);
        assertThat(new JobId(text)).hasToString(text);
        assertThat(new ClientId(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\u0000", "a\n", "\uD800"})
    void ids_that_are_blank_broken_or_have_controls_are_invalid(String text) {
        Refused.invalid("user_id", () -> new UserId(text));
        Refused.invalid("job_id", () -> new JobId(text));
        Refused.invalid("client_id", () -> new ClientId(text));
        Refused.invalid("attachment_id", () -> new AttachmentId(text));
    }

    @Test
    void ids_have_64_characters_at_most_and_client_ids_100() {
        assertThat(new UserId("🧽".repeat(64)).value()).hasSize(128);
        Refused.invalid("user_id", () -> new UserId("a".repeat(65)));
        Refused.invalid("job_id", () -> new JobId("a".repeat(65)));
        assertThat(new ClientId("a".repeat(100)).value()).hasSize(100);
        Refused.invalid("client_id", () -> new ClientId("a".repeat(101)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void ids_of_the_chat_are_1_and_up(long value) {
        Refused.invalid("room", () -> new RoomId(value));
        Refused.invalid("message_id", () -> new MessageId(value));
    }

    @Test
    void roles_and_room_types_go_by_their_wire_names_exactly() {
        for (Role role : Role.values()) {
            assertThat(Role.named(role.wireName())).hasValue(role);
        }
        for (RoomType type : RoomType.values()) {
            assertThat(RoomType.named(type.wireName())).hasValue(type);
        }
        assertThat(Role.named("Admin")).isEmpty();
        assertThat(Role.named("root")).isEmpty();
        assertThat(RoomType.named("")).isEmpty();
    }

    @Test
    void an_erased_user_has_neither_names_nor_role() {
        Person person = new Person(new UserId("26"), "ann", "Ann");

        User user = new User(person, Optional.of(Role.ADMIN), true, true);

        assertThat(user.person()).isEqualTo(Person.nameless(person.id()));
        assertThat(user.role()).isEmpty();
    }

    @Test
    void a_role_the_platform_gave_beats_the_tokens() {
        Person person = new Person(new UserId("26"), "ann", "Ann");

        assertThat(
                        new User(person, Optional.of(Role.CLIENT), true, false)
                                .acting(Role.ADMIN)
                                .role())
                .isEqualTo(Role.CLIENT);
        assertThat(new User(person, Optional.empty(), true, false).acting(Role.ADMIN).role())
                .isEqualTo(Role.ADMIN);
    }

    @Test
    void a_job_has_two_different_people_and_bounded_words() {
        Optional<UserId> anna = Optional.of(new UserId("anna"));

        Refused.invalid("cleaner", () -> new Job(new JobId("5"), "t", "new", anna, anna, true));
        Refused.invalid(
                "status", () -> new Job(new JobId("5"), "t", "", anna, Optional.empty(), true));
        Refused.invalid(
                "title",
                () ->
                        new Job(
                                new JobId("5"),
                                "t".repeat(201),
                                "new",
                                anna,
                                Optional.empty(),
                                true));
        assertThat(new Job(new JobId("5"), "", "new", anna, Optional.empty(), true).people())
                .containsOnlyKeys(anna.orElseThrow());
    }
}
