package com.ecleaner.chat.domain.given;

import com.ecleaner.chat.domain.Refusal;

import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** That the chat says no, and why. */
public final class Refused {
    private Refused() {}

    /** Asserts that {@code asking} is refused for that reason. */
    public static Refusal as(Refusal.Code code, ThrowingCallable asking) {
        Refusal refusal = Assertions.catchThrowableOfType(Refusal.class, asking);
        Assertions.assertThat(refusal).as("a refusal").isNotNull();
        Assertions.assertThat(refusal.code()).as(refusal.detail()).isEqualTo(code);
        return refusal;
    }

    /** Asserts that {@code asking} is refused because of that field. */
    public static void invalid(String field, ThrowingCallable asking) {
        Assertions.assertThat(as(Refusal.Code.INVALID, asking).field()).hasValue(field);
    }
}
