package com.ecleaner.chat.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.JwtSignIn;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What the command line says and with which code it ends, short of running a server. */
final class CommandLineTest {
    private static final String SECRET = "a secret of more than 32 bytes, for tests";
    private static final Instant NOW = Instant.parse("2025-10-25T10:30:00Z");

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine(environment, () -> NOW);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    // --- the line itself

    @Test
    void no_command_and_an_unknown_one_show_the_usage_and_end_with_2() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("dance")).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: chat", "serve", "demo");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void help_is_no_mistake() {
        assertThat(run("--help")).isZero();
        assertThat(run("token", "--help")).isZero();
        assertThat(out.toString()).contains("Usage: chat", "--expires-in");
    }

    // --- settings

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo", "migrate", "token --sub 26"})
    void a_wrong_setting_stops_every_command_with_one_line_and_2(String command) {
        environment.put("CHAT_PORT", "abc");

        assertThat(run(command.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("CHAT_PORT: must be 0-65535, was \"abc\"");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void serving_without_keys_is_refused_in_one_line() {
        assertThat(run("serve")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "CHAT_JWT_SECRET: is missing; set it (at least 32 bytes), or"
                                + " CHAT_JWKS_URL");
    }

    @Test
    void check_says_what_of_redis_does_not_work_without_its_password() throws IOException {
        environment.put("CHAT_JWT_SECRET", SECRET);
        environment.put("CHAT_REDIS_URL", "redis://:hunter2@127.0.0.1:" + closedPort() + "/0");

        assertThat(run("check")).isEqualTo(1);
        assertThat(out.toString().lines().filter(line -> line.contains("redis")))
                .singleElement()
                .asString()
                .matches("FAIL +redis +127\\.0\\.0\\.1:[0-9]+: Connection refused");
        assertThat(out.toString() + err).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "migrate"})
    void a_database_that_is_away_is_told_in_one_line_without_its_password(String command)
            throws IOException {
        environment.put("CHAT_JWT_SECRET", SECRET);
        environment.put(
                "CHAT_DATABASE_URL", "postgresql://chat:hunter2@127.0.0.1:" + closedPort() + "/c");

        assertThat(run(command)).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString())
                .startsWith("CHAT_DATABASE_URL: 127.0.0.1:")
                .doesNotContain("hunter2");
    }

    // --- tokens

    @Test
    void a_token_that_was_signed_here_opens_the_door() {
        environment.put("CHAT_JWT_SECRET", SECRET);
        environment.put("CHAT_JWT_ISSUER", "https://e-cleaner.example");

        int code =
                run(
                        "token",
                        "--sub",
                        "26",
                        "--role",
                        "cleaner",
                        "--username",
                        "cleaner1",
                        "--first-name",
                        "John",
                        "--expires-in",
                        "15m");

        assertThat(code).isZero();
        assertThat(
                        JwtSignIn.of(Settings.from(environment), () -> NOW)
                                .verify(out.toString().strip()))
                .contains(
                        new Identity(
                                new Person(new UserId("26"), "cleaner1", "John"),
                                Role.CLEANER,
                                NOW.plusSeconds(900)));
    }

    @Test
    void a_token_says_client_and_lives_an_hour_unless_told_otherwise() {
        environment.put("CHAT_JWT_SECRET", SECRET);
        run("token", "--sub", "26");

        assertThat(
                        JwtSignIn.of(Settings.from(environment), () -> NOW)
                                .verify(out.toString().strip()))
                .contains(
                        new Identity(
                                Person.nameless(new UserId("26")),
                                Role.CLIENT,
                                NOW.plusSeconds(3600)));
    }

    @ParameterizedTest
    @CsvSource({
        "--role, boss, '--role: must be one of client, cleaner, admin, service'",
        "--expires-in, soon, '--expires-in: must be like 30s, 15m, 12h or 7d'",
        "--expires-in, 0s, '--expires-in: must be like 30s, 15m, 12h or 7d'",
        "--sub, '', '--sub: must be 1-64 characters without controls'"
    })
    void a_token_of_nonsense_is_refused_in_one_line(String option, String value, String line) {
        environment.put("CHAT_JWT_SECRET", SECRET);
        String[] arguments =
                option.equals("--sub")
                        ? new String[] {"token", option, value}
                        : new String[] {"token", "--sub", "26", option, value};

        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly(line);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void nobody_but_its_owner_signs_with_published_keys() {
        environment.put("CHAT_JWKS_URL", "https://id.example/jwks");

        assertThat(run("token", "--sub", "26")).isEqualTo(2);
        assertThat(err.toString()).startsWith("CHAT_JWT_SECRET: is needed to sign tokens");
    }

    // --- check

    @Test
    void check_says_ok_of_everything_that_works(@TempDir Path directory) {
        environment.put("CHAT_JWT_SECRET", SECRET);
        environment.put("CHAT_PORT", "0");
        environment.put("CHAT_DATA_DIR", directory.resolve("data").toString());

        assertThat(run("check")).isZero();
        assertThat(out.toString().lines()).hasSize(6).allMatch(line -> line.startsWith("ok "));
        assertThat(directory.resolve("data")).as("nothing was changed").doesNotExist();
    }

    @Test
    void check_goes_on_after_what_fails_and_ends_with_1(@TempDir Path directory)
            throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("CHAT_PORT", Integer.toString(taken.getLocalPort()));
            environment.put("CHAT_DATA_DIR", directory.toString());
            environment.put("CHAT_JWKS_URL", "http://127.0.0.1:" + closedPort() + "/jwks");
            environment.put(
                    "CHAT_DATABASE_URL",
                    "postgresql://chat:hunter2@127.0.0.1:" + closedPort() + "/c");

            assertThat(run("check")).isEqualTo(1);
        }
        assertThat(out.toString().lines().filter(line -> line.startsWith("FAIL")))
                .hasSize(3)
                .anyMatch(line -> line.contains("sign-in"))
                .anyMatch(line -> line.contains("database") && line.contains("refused"))
                .anyMatch(line -> line.contains("port") && line.contains("in use"));
        assertThat(out.toString()).doesNotContain("hunter2");
    }

    @Test
    void check_tells_a_wrong_setting() {
        environment.put("CHAT_RATE_LIMIT", "much");

        assertThat(run("check")).isEqualTo(1);
        assertThat(out.toString()).startsWith("FAIL  settings  CHAT_RATE_LIMIT: ");
    }

    @Test
    void check_counts_the_published_keys(@TempDir Path directory) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/jwks",
                exchange -> {
                    byte[] body =
                            """
                            {"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a",
                             "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}\
                            """
                                    .getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        try {
            environment.put("CHAT_PORT", "0");
            environment.put("CHAT_DATA_DIR", directory.toString());
            environment.put(
                    "CHAT_JWKS_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");

            assertThat(run("check")).isZero();
            assertThat(out.toString()).contains("1 keys at http://127.0.0.1:");
        } finally {
            server.stop(0);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
