package com.ecleaner.chat.bootstrap.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;
import com.ecleaner.chat.bootstrap.settings.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Real processes, really killed. Each test works on a copy of a database that was set up once. */
final class EmbeddedDatabaseTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir static Path template;
    @TempDir Path directory;

    private final List<ProcessHandle> started = new ArrayList<>();

    @BeforeAll
    static void set_up_once() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(template)) {
            execute(database.address(), "create table kept (word text)");
        }
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> tree = Files.walk(template)) {
            for (Path from : tree.toList()) {
                if (!from.equals(template)) {
                    Files.copy(
                            from,
                            directory.resolve(template.relativize(from)),
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    @AfterEach
    void end_what_a_failed_test_left() throws IOException {
        started.forEach(ProcessHandle::destroyForcibly);
        if (Files.exists(pidFile())) {
            ProcessHandle.of(postmasterPid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    // --- what it is

    @Test
    void data_are_there_again_after_a_restart() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            execute(database.address(), "insert into kept values ('once')");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database.address(), "select word from kept")).isEqualTo("once");
        }
    }

    @Test
    void it_is_as_durable_as_a_real_one() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            for (String name : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(query(database.address(), "show " + name)).as(name).isEqualTo("on");
            }
        }
    }

    @Test
    void it_listens_on_loopback_only_and_wants_the_password() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            DatabaseAddress address = database.address();
            assertThat(query(address, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(address, "show unix_socket_directories")).isEmpty();

            DatabaseAddress guessed =
                    new DatabaseAddress(
                            address.jdbcUrl(), address.user(), Optional.of(new Secret("guessed")));
            assertThatThrownBy(() -> query(guessed, "select 1"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void only_the_owner_can_read_the_password() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(
                                        directory.resolve("postgres.password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void nothing_runs_once_it_is_closed() throws Exception {
        ProcessHandle postmaster;
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            postmaster = postmaster();
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
        }
        assertThat(pidFile()).doesNotExist();
        await().atMost(LONG).until(() -> !postmaster.isAlive());
        assertThat(ProcessHandle.current().children()).noneMatch(this::isWatch);
    }

    @Test
    void a_terminals_ctrl_c_does_not_reach_it() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "only Linux tells of sessions");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
            assertThat(session(postmasterPid()))
                    .isNotEqualTo(session(ProcessHandle.current().pid()));
        }
    }

    // --- what an earlier run left

    @Test
    void it_ends_soon_after_its_chat_was_killed() throws Exception {
        Process chat = chat();
        ProcessHandle postmaster = postmaster();

        chat.destroyForcibly().waitFor();

        await().atMost(LONG).until(() -> !postmaster.isAlive());
    }

    @Test
    void one_that_survived_a_killed_chat_is_stopped_and_its_data_are_kept() throws Exception {
        Process chat = chat();
        ProcessHandle orphan = postmaster();
        execute(addressFromOutside(), "insert into kept values ('before')");
        chat.toHandle().children().filter(this::isWatch).forEach(ProcessHandle::destroyForcibly);
        chat.destroyForcibly().waitFor();
        assertThat(orphan.isAlive()).isTrue();

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            await().atMost(LONG).until(() -> !orphan.isAlive());
            assertThat(query(database.address(), "select word from kept")).isEqualTo("before");
        }
    }

    @Test
    void what_was_committed_survives_a_killed_database_and_chat() throws Exception {
        Process chat = chat();
        ProcessHandle postmaster = postmaster();
        execute(addressFromOutside(), "insert into kept values ('committed')");
        postmaster.destroyForcibly();
        chat.destroyForcibly().waitFor();
        await().atMost(LONG).until(() -> !postmaster.isAlive());

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database.address(), "select word from kept")).isEqualTo("committed");
        }
    }

    @Test
    void a_pid_that_has_passed_to_a_stranger_is_no_obstacle_and_the_stranger_lives()
            throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        started.add(stranger.toHandle());
        leavePidFile(
                stranger.pid() + "\n" + directory.resolve("postgres") + "\n1700000000\n5432\n");

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
        }
        assertThat(stranger.isAlive()).isTrue();
    }

    @Test
    void a_pid_of_nobody_and_a_pid_file_written_by_halves_are_no_obstacle() throws Exception {
        Process past = new ProcessBuilder("true").start();
        past.waitFor();
        for (String left : List.of(past.pid() + "\n" + directory + "\n", "")) {
            leavePidFile(left);
            try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
                assertThat(query(database.address(), "select 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void setting_up_that_was_broken_off_begins_again(@TempDir Path fresh) throws Exception {
        Files.createDirectories(fresh.resolve("postgres.unfinished").resolve("base"));

        try (EmbeddedDatabase database = EmbeddedDatabase.start(fresh)) {
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
        }
    }

    @Test
    void a_path_is_only_ever_a_path(@TempDir Path folder) throws Exception {
        Path odd = folder.resolve("it's $(touch harm) `touch harm` \"so\"");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(odd)) {
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(odd)) {
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            assertThat(tree).noneMatch(path -> path.endsWith("harm"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(odd)))
                .isEqualTo("rwx------");
    }

    // --- two at once

    @Test
    void a_second_one_on_the_same_directory_is_refused_in_one_line() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "another chat runs on "
                                    + directory
                                    + "; stop it, or set another CHAT_DATA_DIR");
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
        }
    }

    @Test
    void one_of_another_process_is_refused_too() throws Exception {
        Process chat = chat();
        assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                .hasMessageStartingWith("another chat runs on ");

        chat.getOutputStream().close();
        assertThat(chat.waitFor(60, TimeUnit.SECONDS)).isTrue();
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database.address(), "select 1")).isEqualTo("1");
        }
    }

    @Test
    void data_without_their_password_are_told_in_one_line() throws Exception {
        Files.delete(directory.resolve("postgres.password"));

        assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("postgres.password is missing");
    }

    @Test
    void data_of_another_version_are_told_in_one_line() throws Exception {
        Files.writeString(directory.resolve("postgres/PG_VERSION"), "12\n");

        assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was made by PostgreSQL 12")
                .hasMessageNotContaining("\n");
    }

    // ---

    private Process chat() throws IOException {
        Process chat =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                HoldDatabase.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        started.add(chat.toHandle());
        BufferedReader said = chat.inputReader();
        for (String line = said.readLine(); !"up".equals(line); line = said.readLine()) {
            assertThat(line).as("the process ended").isNotNull();
        }
        return chat;
    }

    private boolean isWatch(ProcessHandle process) {
        return process.info().command().map(c -> !c.endsWith("java")).orElse(false)
                && process.info().commandLine().map(c -> c.contains("kill -INT")).orElse(false);
    }

    private Path pidFile() {
        return directory.resolve("postgres/postmaster.pid");
    }

    private void leavePidFile(String content) throws IOException {
        Files.writeString(pidFile(), content);
    }

    private long postmasterPid() throws IOException {
        return Long.parseLong(Files.readAllLines(pidFile()).getFirst());
    }

    private ProcessHandle postmaster() throws IOException {
        return ProcessHandle.of(postmasterPid()).orElseThrow();
    }

    /** The address of a database that another process started. */
    private DatabaseAddress addressFromOutside() throws IOException {
        return new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + Files.readAllLines(pidFile()).get(3) + "/postgres",
                Optional.of("chat"),
                Optional.of(new Secret(Files.readString(directory.resolve("postgres.password")))));
    }

    private static String session(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')')).split(" ", -1)[4];
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(
                address.jdbcUrl(),
                address.user().orElseThrow(),
                address.password().orElseThrow().value());
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
