package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.bootstrap.postgres.EmbeddedDatabase;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL that is not the chat's own: found by its address, migrated, and left alone. */
final class DatabaseOfOthersTest {
    @TempDir Path theirs;
    @TempDir Path folder;

    @Test
    void it_is_checked_migrated_and_used_and_outlives_the_chat() throws Exception {
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(theirs)) {
            Map<String, String> environment =
                    Map.of("CHAT_DATABASE_URL", prepared(postgres.address()));

            assertThat(command("check", environment))
                    .contains("/chat answers, schema not there yet, migrations to come: ");
            assertThat(command("migrate", environment)).contains("migrations: ");
            assertThat(command("migrate", environment)).contains("the schema is up to date");
            assertThat(command("check", environment))
                    .containsPattern("/chat answers, schema version [0-9.]+\\s");

            for (int start = 0; start < 2; start++) {
                try (RunningChat chat = RunningChat.in(folder, environment)) {
                    long room = chat.platform().book("5", "25", "26");
                    String anna = chat.platform().token("25", Role.CLIENT);
                    TestSocket socket =
                            TestSocket.open(chat.port(), "/ws/job_chat/5/?token=" + anna);
                    socket.expect("welcome");
                    socket.send("{\"type\":\"message\",\"message\":\"no " + start + "\"}");
                    JsonNode echo = socket.await("chat_message");
                    assertThat(echo.at("/message/seq").asLong()).isEqualTo(start + 1);
                    assertThat(chat.platform().log(room, anna)).hasSize(start + 1);
                    socket.close();
                }
            }
            assertThat(folder.resolve("postgres")).doesNotExist();
        }
    }

    /** A database and a role whose password needs care in an address. */
    private static String prepared(DatabaseAddress superuser) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(
                                superuser.jdbcUrl(),
                                superuser.user().orElseThrow(),
                                superuser.password().orElseThrow().value());
                Statement statement = connection.createStatement()) {
            statement.execute("create role \"the chat\" login password 'p@ss:w/rd%+?'");
            statement.execute("create database chat owner \"the chat\"");
        }
        return superuser
                .jdbcUrl()
                .replace("jdbc:postgresql://", "postgresql://the%20chat:p%40ss%3Aw%2Frd%25+%3F@")
                .replace("/postgres", "/chat");
    }

    private String command(String name, Map<String, String> environment) throws Exception {
        Map<String, String> all =
                new HashMap<>(
                        Map.of("CHAT_JWT_SECRET", "a secret of more than 32 bytes, for tests"));
        all.putAll(environment);
        try (ChatProcess process = ChatProcess.start(name, folder, all)) {
            String said = process.everything();
            assertThat(process.exitCode()).as(said).isZero();
            return said;
        }
    }
}
