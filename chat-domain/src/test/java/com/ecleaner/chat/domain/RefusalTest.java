package com.ecleaner.chat.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalTest {
    @Test
    void an_invalid_field_is_named_in_the_detail_too() {
        Refusal refusal = Refusal.invalid("up_to_seq", "must be 0 or above");

        assertThat(refusal.code().wireName()).isEqualTo("invalid");
        assertThat(refusal.field()).hasValue("up_to_seq");
        assertThat(refusal.detail()).isEqualTo("up_to_seq: must be 0 or above");
        assertThat(refusal.retryable()).isFalse();
    }

    @Test
    void only_what_may_succeed_unchanged_is_retryable() {
        assertThat(Refusal.unavailable("away").retryable()).isTrue();
        assertThat(Refusal.rateLimited(1.5).retryable()).isTrue();
        assertThat(Refusal.rateLimited(1.5).retryAfterSeconds()).isEqualTo(1.5);
        assertThat(Refusal.roomClosed().retryable()).isFalse();
        assertThat(Refusal.roomClosed().code().wireName()).isEqualTo("room_closed");
        assertThat(Refusal.roomClosed().field()).isEmpty();
        assertThat(Refusal.forbidden("no").retryable()).isFalse();
        assertThat(Refusal.tooLarge("no").retryable()).isFalse();
    }

    @Test
    void what_is_missing_and_what_must_stay_unknown_are_told_in_the_same_words() {
        assertThat(Refusal.notFound("room").detail()).isEqualTo("no such room");
    }

    @Test
    void a_refusal_is_an_answer_and_carries_no_stack() {
        assertThat(Refusal.forbidden("no").getStackTrace()).isEmpty();
    }
}
