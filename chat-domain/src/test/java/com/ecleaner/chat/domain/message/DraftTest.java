package com.ecleaner.chat.domain.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

class DraftTest {
    private static final AttachmentId FILE = new AttachmentId("a-1");

    private static Draft draft(MessageType type, String content, Optional<AttachmentId> file) {
        return new Draft(type, content, Optional.empty(), Optional.empty(), file, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t\r", "\u00A0", "a\u0000", "\u0085", "\uD800", "a\u001B"})
    void content_that_is_blank_broken_or_has_controls_is_invalid(String content) {
        Refused.invalid("message", () -> Draft.text(content));
    }

    @Test
    void content_has_4000_characters_at_most() {
        assertThat(Draft.text("🧽".repeat(4_000)).content()).hasSize(8_000);
        Refused.invalid("message", () -> Draft.text("🧽".repeat(4_001)));
        Refused.invalid("message", () -> Draft.text("a".repeat(4_001)));
    }

    @ParameterizedTest
    @EnumSource(names = {"IMAGE", "FILE"})
    void a_picture_or_file_comes_with_its_attachment_and_needs_no_words(MessageType type) {
        assertThat(draft(type, "", Optional.of(FILE)).content()).isEmpty();
        assertThat(draft(type, "look", Optional.of(FILE)).content()).isEqualTo("look");
        Refused.invalid("attachment_id", () -> draft(type, "look", Optional.empty()));
        Refused.invalid("message", () -> draft(type, " ", Optional.of(FILE)));
    }

    @ParameterizedTest
    @EnumSource(names = {"TEXT", "SYSTEM", "JOB_UPDATE"})
    void words_come_without_an_attachment(MessageType type) {
        Refused.invalid("attachment_id", () -> draft(type, "look", Optional.of(FILE)));
        Refused.invalid("message", () -> draft(type, "", Optional.empty()));
    }

    @Test
    void a_job_update_whose_data_says_it_needs_no_words_and_others_have_no_data() {
        JobChanges changes = JobChanges.status("new", "done");

        assertThat(Draft.of(changes).data()).hasValue(changes);
        Refused.invalid(
                "data",
                () ->
                        new Draft(
                                MessageType.SYSTEM,
                                "x",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(changes)));
    }

    @Test
    void changes_of_a_job_are_1_to_20_bounded_fields() {
        Refused.invalid("data", () -> new JobChanges(Map.of()));
        Refused.invalid("data", () -> new JobChanges.Change("a".repeat(201), ""));
        Refused.invalid("data", () -> new JobChanges.Change("", "a\n"));
        Map<String, JobChanges.Change> many = new HashMap<>();
        for (int i = 0; i < 21; i++) {
            many.put("f" + i, new JobChanges.Change("", ""));
        }
        Refused.invalid("data", () -> new JobChanges(many));
        many.remove("f0");
        assertThat(new JobChanges(many).fields()).hasSize(20);
    }

    @Test
    void a_deleted_message_says_nothing_whatever_it_was_made_of() {
        Message message =
                new Message(
                        new MessageId(1),
                        new RoomId(1),
                        1,
                        2,
                        new Person(new UserId("26"), "ann", "Ann"),
                        MessageType.IMAGE,
                        "look",
                        Instant.EPOCH,
                        true,
                        Optional.of(new ClientId("c")),
                        Optional.empty(),
                        Optional.of(
                                new Attachment(
                                        FILE,
                                        "stain.jpg",
                                        "image/jpeg",
                                        1,
                                        OptionalInt.empty(),
                                        OptionalInt.empty(),
                                        false)),
                        Optional.empty(),
                        Optional.of(Instant.EPOCH),
                        Optional.empty());

        Message deleted = message.deleted(Instant.MAX, 3);

        assertThat(deleted.content()).isEmpty();
        assertThat(deleted.attachment()).isEmpty();
        assertThat(deleted.editedAt()).isEmpty();
        assertThat(deleted.edited("back", Instant.MAX, 4).content()).isEmpty();
        assertThat(deleted.seq()).isEqualTo(1);
        assertThat(deleted.version()).isEqualTo(3);
        assertThat(deleted.read()).isTrue();
        assertThat(deleted.clientId()).hasValue(new ClientId("c"));
        assertThat(Quote.of(deleted).excerpt()).isEmpty();
    }
}
