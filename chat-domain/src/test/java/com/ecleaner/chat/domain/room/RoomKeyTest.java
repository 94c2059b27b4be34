package com.ecleaner.chat.domain.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

class RoomKeyTest {
    private static final JobId JOB = new JobId("5");
    private static final UserId ANNA = new UserId("26");

    @Test
    void rooms_are_named_as_the_seed_names_them() {
        Optional<String> topic = Optional.of("keys");

        assertThat(RoomKey.OfJob.main(JOB).name()).isEqualTo("job_chat_5");
        assertThat(new RoomKey.OfJob(JOB, topic).name()).isEqualTo("job_chat_5_keys");
        assertThat(new RoomKey.OfSupport(ANNA, Optional.empty(), Optional.empty()).name())
                .isEqualTo("support_26");
        assertThat(new RoomKey.OfSupport(ANNA, Optional.of(JOB), topic).name())
                .isEqualTo("support_26_job_5_keys");
        assertThat(new RoomKey.OfAll("lobby").name()).isEqualTo("lobby");
    }

    @Test
    void a_key_knows_its_type_job_and_topic() {
        RoomKey support = new RoomKey.OfSupport(ANNA, Optional.of(JOB), Optional.of("keys"));

        assertThat(support.type()).isEqualTo(RoomType.SUPPORT);
        assertThat(support.job()).hasValue(JOB);
        assertThat(support.topic()).hasValue("keys");
        assertThat(RoomKey.OfJob.main(JOB).job()).hasValue(JOB);
        assertThat(RoomKey.OfJob.main(JOB).type()).isEqualTo(RoomType.JOB);
        assertThat(new RoomKey.OfAll("lobby").job()).isEmpty();
        assertThat(new RoomKey.OfAll("lobby").topic()).isEmpty();
        assertThat(new RoomKey.OfAll("lobby").type()).isEqualTo(RoomType.GENERAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "/", "a\u0000", "a\nb", "a\u202Eb", "\uD800"})
    void names_and_topics_that_could_mislead_are_invalid(String text) {
        Refused.invalid("name", () -> new RoomKey.OfAll(text));
        Refused.invalid("topic", () -> new RoomKey.OfJob(JOB, Optional.of(text)));
        Refused.invalid(
                "topic", () -> new RoomKey.OfSupport(ANNA, Optional.empty(), Optional.of(text)));
    }

    @Test
    void names_have_100_characters_at_most() {
        assertThat(new RoomKey.OfAll("🧽".repeat(100)).type()).isEqualTo(RoomType.GENERAL);
        Refused.invalid("name", () -> new RoomKey.OfAll("a".repeat(101)));
    }
}
