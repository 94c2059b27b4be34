package com.ecleaner.chat.websocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class AllowedOriginsTest {

    @ParameterizedTest
    @CsvSource({
        "http://chat.test, chat.test",
        "https://chat.test, chat.test",
        "https://chat.test, chat.test:443",
        "https://chat.test:443, chat.test",
        "http://chat.test:8080, chat.test:8080",
        "HTTP://Chat.Test, chat.test",
        "http://[::1]:8080, [::1]:8080",
    })
    void a_page_of_the_same_host_and_port_is_allowed(String origin, String host) {
        assertThat(AllowedOrigins.same().allows(origin, host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "null, chat.test",
        "'', chat.test",
        "http://evil.test, chat.test",
        "http://chat.test.evil.test, chat.test",
        "http://evilchat.test, chat.test",
        "http://chat.test:8081, chat.test:8080",
        "http://chat.test, chat.test:8080",
        "http://chat.test:80, chat.test:443",
        "http://chat.test@evil.test, chat.test",
        "http://evil.test#chat.test, chat.test",
        "http://evil.test/chat.test, chat.test",
        "http://chat.test http://evil.test, chat.test",
        "chat.test, chat.test",
        "file://, chat.test",
    })
    void a_page_of_another_host_or_port_is_foreign(String origin, String host) {
        assertThat(AllowedOrigins.same().allows(origin, host)).isFalse();
    }

    @Test
    void a_listed_origin_is_allowed_to_the_letter() {
        var origins =
                AllowedOrigins.of(List.of("https://www.example.com", "http://localhost:3000"));
        assertThat(origins.allows("https://www.example.com", "chat.test")).isTrue();
        assertThat(origins.allows("https://www.example.com:443", "chat.test")).isTrue();
        assertThat(origins.allows("http://localhost:3000", "chat.test")).isTrue();
        assertThat(origins.allows("http://chat.test", "chat.test")).isTrue();
        assertThat(origins.allows("http://www.example.com", "chat.test")).isFalse();
        assertThat(origins.allows("https://example.com", "chat.test")).isFalse();
        assertThat(origins.allows("https://www.example.com.evil.test", "chat.test")).isFalse();
        assertThat(origins.allows("http://localhost:3001", "chat.test")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "www.example.com", "https://a.test/path", "null", "https://a b"})
    void what_is_no_origin_is_refused_by_name(String text) {
        assertThatThrownBy(() -> AllowedOrigins.of(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
