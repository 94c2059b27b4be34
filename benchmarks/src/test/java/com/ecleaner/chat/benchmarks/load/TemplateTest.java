package com.ecleaner.chat.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** What is sent, and how it is known again. */
class TemplateTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 60, 125, 126, 300, 5_000})
    void a_frame_says_how_long_it_is_and_carries_the_mark(int length) {
        Mark mark = new Mark(17, 1_234_567_890_123L);
        ByteBuf frame =
                Template.of("a".repeat(length) + "$b")
                        .frame(UnpooledByteBufAllocator.DEFAULT, mark);

        int text = length + mark.text().length() + 1;
        int header = text < 126 ? 2 : 4;
        assertThat(frame.readableBytes()).isEqualTo(header + 4 + text);
        assertThat(frame.getByte(1) & 0x80).as("masked").isNotZero();
        assertThat(text < 126 ? frame.getByte(1) & 0x7f : frame.getUnsignedShort(2))
                .isEqualTo(text);
        assertThat(Mark.in(frame, header + 4, frame.readableBytes())).isEqualTo(mark);
        frame.release();
    }

    @Test
    void what_has_no_mark_has_none() {
        ByteBuf frame =
                UnpooledByteBufAllocator.DEFAULT
                        .buffer()
                        .writeBytes("{\"type\":\"pong\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(Mark.in(frame, 0, frame.readableBytes())).isNull();
        frame.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no gap", "two $ gaps $", "a ~ before the $"})
    void a_text_that_could_not_be_known_again_is_no_template(String text) {
        assertThatThrownBy(() -> Template.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
