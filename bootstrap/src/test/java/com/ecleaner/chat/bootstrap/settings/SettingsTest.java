package com.ecleaner.chat.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ecleaner.chat.rest.Operators;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

final class SettingsTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void nothing_set_gives_the_contracts_defaults() {
        Settings settings = Settings.from(Map.of());

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.database()).isEmpty();
        assertThat(settings.redis()).isEmpty();
        assertThat(settings.dataDir()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(settings.keys()).isEmpty();
        assertThat(settings.allowedOrigins()).isEmpty();
        assertThat(settings.rateLimit()).contains(new RateLimit(20, 100));
        assertThat(settings.maxConnectionsPerUser()).isEqualTo(20);
        assertThat(settings.maxAttachmentMb()).isEqualTo(20);
    }

    @Test
    void operators_endpoints_are_open_off_or_for_the_holder_of_a_token() {
        assertThat(Settings.from(Map.of()).operators()).isEqualTo(new Operators.Access.Everybody());
        assertThat(Settings.from(Map.of("CHAT_OPERATOR_ENDPOINTS", "off")).operators())
                .isEqualTo(new Operators.Access.Nobody());
        assertThat(Settings.from(Map.of("CHAT_OPERATOR_TOKEN", "sixteen-or-more!")).operators())
                .isEqualTo(new Operators.Access.Holder("sixteen-or-more!"));
        assertThatThrownBy(() -> Settings.from(Map.of("CHAT_OPERATOR_ENDPOINTS", "shut")))
                .hasMessageContaining("CHAT_OPERATOR_ENDPOINTS");
        assertThatThrownBy(() -> Settings.from(Map.of("CHAT_OPERATOR_TOKEN", "short")))
                .hasMessageContaining("CHAT_OPERATOR_TOKEN")
                .hasMessageNotContaining("short");
        assertThatThrownBy(
                        () ->
                                Settings.from(
                                        Map.of(
                                                "CHAT_OPERATOR_ENDPOINTS", "off",
                                                "CHAT_OPERATOR_TOKEN", "sixteen-or-more!")))
                .hasMessageContaining("CHAT_OPERATOR_TOKEN");
    }

    @Test
    void an_empty_variable_counts_as_unset() {
        for (String name :
                new String[] {
                    "CHAT_HOST",
                    "CHAT_PORT",
                    "CHAT_DATABASE_URL",
                    "CHAT_DATABASE_USER",
                    "CHAT_DATABASE_PASSWORD",
                    "CHAT_REDIS_URL",
                    "CHAT_DATA_DIR",
                    "CHAT_JWT_SECRET",
                    "CHAT_JWKS_URL",
                    "CHAT_JWT_ISSUER",
                    "CHAT_JWT_AUDIENCE",
                    "CHAT_ALLOWED_ORIGINS",
                    "CHAT_RATE_LIMIT",
                    "CHAT_MAX_CONNECTIONS_PER_USER",
                    "CHAT_MAX_ATTACHMENT_MB",
                    "CHAT_OPERATOR_ENDPOINTS",
                    "CHAT_OPERATOR_TOKEN"
                }) {
            environment.put(name, "");
        }

        assertThat(Settings.from(environment)).isEqualTo(Settings.from(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT_PORT, abc",
        "CHAT_PORT, 65536",
        "CHAT_PORT, -1",
        "CHAT_PORT, 99999999999999999999",
        "CHAT_HOST, http://here",
        "CHAT_HOST, two words",
        "CHAT_DATABASE_URL, mysql://db/chat",
        "CHAT_DATABASE_URL, postgresql://db:5432",
        "CHAT_DATABASE_URL, postgresql://db:99999/chat",
        "CHAT_DATABASE_URL, postgresql://a:%zz@db/chat",
        "CHAT_DATABASE_URL, jdbc:postgresql:",
        "CHAT_DATABASE_URL, jdbc:postgresql://db:nine/chat",
        "CHAT_DATABASE_USER, somebody",
        "CHAT_DATABASE_PASSWORD, something",
        "CHAT_REDIS_URL, http://localhost",
        "CHAT_REDIS_URL, 'redis://a:6379,rediss://b:6379'",
        "CHAT_REDIS_URL, 'redis://a:6379,'",
        "CHAT_REDIS_URL, 'redis://a:6379/1,redis://b:6379'",
        "CHAT_JWT_SECRET, short",
        "CHAT_JWKS_URL, file:///etc/keys",
        "CHAT_JWKS_URL, not an address",
        "CHAT_ALLOWED_ORIGINS, *",
        "CHAT_ALLOWED_ORIGINS, 'https://a.example,null'",
        "CHAT_ALLOWED_ORIGINS, https://a.example/path",
        "CHAT_ALLOWED_ORIGINS, app.example",
        "CHAT_RATE_LIMIT, 20",
        "CHAT_RATE_LIMIT, 0:100",
        "CHAT_RATE_LIMIT, none",
        "CHAT_MAX_CONNECTIONS_PER_USER, 0",
        "CHAT_MAX_ATTACHMENT_MB, 1.5"
    })
    void a_wrong_setting_is_refused_in_one_line_that_names_it(String name, String value) {
        environment.put(name, value);

        assertThatThrownBy(() -> Settings.from(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(name + ": ")
                .hasMessageNotContainingAny("\n", "\r");
    }

    @Test
    void the_line_shows_what_was_set() {
        environment.put("CHAT_PORT", "abc");

        assertThatThrownBy(() -> Settings.from(environment))
                .hasMessage("CHAT_PORT: must be 0-65535, was \"abc\"");
    }

    @Test
    void what_is_shown_stays_one_short_line() {
        environment.put("CHAT_PORT", "1\n2" + "x".repeat(500));

        assertThatThrownBy(() -> Settings.from(environment))
                .message()
                .hasSizeLessThan(120)
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://chat:hunter2@db:port/chat",
                "postgresql://chat:hunter2@db:5432",
                "jdbc:postgresql://db:x/chat?password=hunter2"
            })
    void a_wrong_database_address_is_never_shown(String url) {
        environment.put("CHAT_DATABASE_URL", url);

        assertThatThrownBy(() -> Settings.from(environment))
                .hasMessageStartingWith("CHAT_DATABASE_URL: ")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void no_secret_appears_when_settings_are_printed() {
        environment.put("CHAT_DATABASE_URL", "postgresql://chat:hunter2@db/chat?password=hunter3");
        environment.put("CHAT_REDIS_URL", "redis://:hunter4@cache:6379/0");
        environment.put("CHAT_JWT_SECRET", SECRET);

        assertThat(Settings.from(environment).toString())
                .doesNotContain("hunter", SECRET)
                .contains("db/chat", "cache:6379");
    }

    @Test
    void port_0_asks_for_any_free_port() {
        environment.put("CHAT_PORT", "0");

        assertThat(Settings.from(environment).port()).isZero();
    }

    @Test
    void a_jdbc_address_is_taken_as_it_is() {
        environment.put("CHAT_DATABASE_URL", "jdbc:postgresql://a:5432,b:5433/chat?ssl=true");
        environment.put("CHAT_DATABASE_USER", "chat");
        environment.put("CHAT_DATABASE_PASSWORD", "p w");

        assertThat(Settings.from(environment).database())
                .contains(
                        new DatabaseAddress(
                                "jdbc:postgresql://a:5432,b:5433/chat?ssl=true",
                                Optional.of("chat"),
                                Optional.of(new Secret("p w"))));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://chat:pw@db:5432/room, jdbc:postgresql://db:5432/room, chat, pw",
        "postgres://chat:pw@db/room, jdbc:postgresql://db/room, chat, pw",
        "postgresql://c%40t:p%3A%2F%25w+@db/room, jdbc:postgresql://db/room, c@t, p:/%w+",
        "postgresql://chat:p@w:x@db/room, jdbc:postgresql://db/room, chat, p@w:x",
        "postgresql://c:%C3%A4@[::1]:5432/r, jdbc:postgresql://[::1]:5432/r, c, ä",
        "postgresql://c:p@db/r?sslmode=require, jdbc:postgresql://db/r?sslmode=require, c, p",
        "postgresql://c:@db/r, jdbc:postgresql://db/r, c, ''",
        "postgresql://db/r?user=c&password=p%40&ssl=true, jdbc:postgresql://db/r?ssl=true, c, p@",
        "jdbc:postgresql://db/r?user=c&password=p, jdbc:postgresql://db/r, c, p"
    })
    void user_and_password_are_taken_out_of_the_address_percent_decoded(
            String url, String jdbc, String user, String password) {
        environment.put("CHAT_DATABASE_URL", url);

        assertThat(Settings.from(environment).database())
                .contains(
                        new DatabaseAddress(
                                jdbc, Optional.of(user), Optional.of(new Secret(password))));
    }

    @Test
    void user_and_password_given_apart_win_over_those_in_the_address() {
        environment.put("CHAT_DATABASE_URL", "postgresql://old:old@db/chat");
        environment.put("CHAT_DATABASE_USER", "chat");
        environment.put("CHAT_DATABASE_PASSWORD", "new");

        assertThat(Settings.from(environment).database())
                .contains(
                        new DatabaseAddress(
                                "jdbc:postgresql://db/chat",
                                Optional.of("chat"),
                                Optional.of(new Secret("new"))));
    }

    @Test
    void several_redis_addresses_are_a_cluster() {
        environment.put("CHAT_REDIS_URL", "rediss://:pw@a:7000/0, rediss://:pw@b:7001");

        assertThat(Settings.from(environment).redis())
                .hasValueSatisfying(
                        redis ->
                                assertThat(redis.nodes())
                                        .containsExactly(
                                                URI.create("rediss://:pw@a:7000/0"),
                                                URI.create("rediss://:pw@b:7001")));
    }

    @Test
    void a_secret_of_32_bytes_is_enough_and_31_are_not() {
        environment.put("CHAT_JWT_SECRET", SECRET);
        assertThat(Settings.from(environment).keys())
                .contains(new TokenKeys.Shared(new Secret(SECRET)));

        environment.put("CHAT_JWT_SECRET", SECRET.substring(1));
        assertThatThrownBy(() -> Settings.from(environment))
                .hasMessage("CHAT_JWT_SECRET: must have at least 32 bytes for HS256, has 31");
    }

    @Test
    void a_secret_and_published_keys_together_are_refused() {
        environment.put("CHAT_JWT_SECRET", SECRET);
        environment.put("CHAT_JWKS_URL", "https://id.example/jwks");

        assertThatThrownBy(() -> Settings.from(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("CHAT_JWT_SECRET", "CHAT_JWKS_URL");
    }

    @ParameterizedTest
    @CsvSource({
        "https://id.example/jwks, false",
        "http://id.example/jwks, true",
        "http://127.0.0.1:8000/jwks, false",
        "http://[::1]:8000/jwks, false"
    })
    void keys_over_a_network_without_tls_are_seen_as_exposed(String url, boolean exposed) {
        environment.put("CHAT_JWKS_URL", url);

        assertThat(Settings.from(environment).keys())
                .containsInstanceOf(TokenKeys.Published.class)
                .map(keys -> ((TokenKeys.Published) keys).isExposed())
                .contains(exposed);
    }

    @Test
    void doing_without_keys_is_refused_where_they_are_needed() {
        assertThatThrownBy(() -> Settings.from(Map.of()).requiredKeys())
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("CHAT_JWT_SECRET: is missing");
    }

    @Test
    void origins_are_kept_as_browsers_write_them() {
        environment.put(
                "CHAT_ALLOWED_ORIGINS",
                "https://App.Example, http://localhost:5173,https://a.example:443");

        assertThat(Settings.from(environment).allowedOrigins())
                .containsExactlyInAnyOrder(
                        "https://app.example", "http://localhost:5173", "https://a.example");
    }

    @Test
    void off_lifts_the_rate_limit() {
        environment.put("CHAT_RATE_LIMIT", "off");
        assertThat(Settings.from(environment).rateLimit()).isEmpty();

        environment.put("CHAT_RATE_LIMIT", "5:50");
        assertThat(Settings.from(environment).rateLimit()).contains(new RateLimit(5, 50));
    }

    @Test
    void a_file_in_the_place_of_the_data_directory_is_refused(@TempDir Path directory)
            throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        environment.put("CHAT_DATA_DIR", file.toString());

        assertThatThrownBy(() -> Settings.from(environment))
                .hasMessageStartingWith("CHAT_DATA_DIR: is not a directory");
    }
}
