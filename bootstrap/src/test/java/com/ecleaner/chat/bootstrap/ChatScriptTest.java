package com.ecleaner.chat.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The script at the root, in a tree of its own with a Maven and JDKs that only say what they do.
 */
final class ChatScriptTest {
    @TempDir Path directory;
    private Path tree;
    private Path jdks;
    private Path tools;
    private final Map<String, String> environment = new HashMap<>();

    private record Ran(int code, List<String> out, String err) {}

    @BeforeEach
    void a_clone_and_a_machine() throws IOException {
        tree = Files.createDirectories(directory.resolve("a clone"));
        jdks = Files.createDirectories(directory.resolve("jvm"));
        tools = Files.createDirectories(directory.resolve("bin"));
        Path source = tree.resolve("bootstrap/src/main/java/Main.java");
        Files.createDirectories(source.getParent());
        Files.createFile(source);
        Files.createFile(tree.resolve("pom.xml"));
        Files.createFile(tree.resolve("bootstrap/pom.xml"));
        past(source, tree.resolve("pom.xml"), tree.resolve("bootstrap/pom.xml"));
        program(tree.resolve("chat"), Files.readString(root().resolve("chat")));
        // The machine's own JDKs are out of sight.
        Path search = tree.resolve("tools/java-home.sh");
        Files.createDirectories(tree.resolve("tools"));
        Files.writeString(
                search,
                Files.readString(root().resolve("tools/java-home.sh"))
                        .replace("/usr/lib/jvm/", jdks + "/"));
        program(
                tools.resolve("mvn"),
                """
                #!/bin/sh
                echo "mvn with $JAVA_HOME"
                mkdir -p bootstrap/target/lib
                touch bootstrap/target/bootstrap-1.jar
                """);
        environment.put("PATH", tools + ":/usr/bin:/bin");
        environment.put("HOME", directory.toString());
    }

    @Test
    void it_builds_what_is_missing_says_so_and_runs() throws Exception {
        jdk("jdk-21", "21.0.2");

        Ran ran = chat("serve", "with space");

        assertThat(ran.code()).isZero();
        assertThat(ran.err().lines().filter(line -> line.startsWith("chat: building"))).hasSize(1);
        assertThat(ran.err()).contains("mvn with " + jdks.resolve("jdk-21"));
        assertThat(ran.out())
                .startsWith("java of jdk-21")
                .containsSubsequence(
                        "-jar", tree.resolve("bootstrap/target/bootstrap-1.jar").toString())
                .endsWith("serve", "with space");
    }

    @Test
    void it_builds_nothing_on_the_second_start() throws Exception {
        jdk("jdk-21", "21.0.2");
        chat("serve");

        Ran second = chat("serve");

        assertThat(second.err()).isEmpty();
        assertThat(second.out()).endsWith("serve");
    }

    @Test
    void it_builds_again_when_a_source_is_newer() throws Exception {
        jdk("jdk-21", "21.0.2");
        chat("serve");
        Files.setLastModifiedTime(
                tree.resolve("bootstrap/src/main/java/Main.java"),
                FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(chat("serve").err())
                .startsWith("chat: the sources are newer than the build: building");
    }

    @Test
    void what_a_plain_mvn_built_is_not_built_again() throws Exception {
        jdk("jdk-21", "21.0.2");
        Files.createDirectories(tree.resolve("bootstrap/target/lib"));
        Files.createFile(tree.resolve("bootstrap/target/bootstrap-1.jar"));

        assertThat(chat("serve").err()).isEmpty();
    }

    @Test
    void it_finds_itself_from_any_directory_and_through_links() throws Exception {
        jdk("jdk-21", "21.0.2");
        Path there = Files.createDirectories(directory.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(there.resolve("link"), tree.resolve("chat"));
        Path further =
                Files.createSymbolicLink(directory.resolve("further"), Path.of("elsewhere/link"));

        for (Path start : List.of(link, further)) {
            assertThat(run(there, List.of(start.toString(), "check")).out()).endsWith("check");
        }
    }

    @Test
    void an_old_java_is_passed_over() throws Exception {
        jdk("jdk-17", "17.0.15");
        jdk("jdk-25", "25.0.1");
        environment.put("JAVA_HOME", jdks.resolve("jdk-17").toString());
        environment.put(
                "PATH", tools + ":" + jdks.resolve("jdk-17/bin") + ":" + environment.get("PATH"));

        assertThat(chat("serve").out()).startsWith("java of jdk-25");
    }

    @Test
    void java_home_is_taken_where_it_is_new_enough() throws Exception {
        jdk("jdk-25", "25.0.1");
        Path mine = jdk("../mine", "21");
        environment.put("JAVA_HOME", mine.toString());

        assertThat(chat("serve").out()).startsWith("java of ../mine");
    }

    @Test
    void without_a_jdk_there_is_one_clear_line() throws Exception {
        jdk("jdk-17", "17.0.15");
        environment.put("PATH", toolsOnly());

        Ran ran = chat("serve");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(ran.err()).startsWith("chat: needs a JDK, version 21 or newer");
    }

    @Test
    void without_maven_there_is_one_clear_line() throws Exception {
        jdk("jdk-21", "21.0.2");
        Files.delete(tools.resolve("mvn"));
        environment.put("PATH", toolsOnly());

        Ran ran = chat("serve");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(ran.err()).startsWith("chat: needs Maven");
    }

    @Test
    void a_build_that_fails_is_told_and_tried_again_next_time() throws Exception {
        jdk("jdk-21", "21.0.2");
        program(tools.resolve("mvn"), "#!/bin/sh\nexit 1\n");

        for (int attempt = 0; attempt < 2; attempt++) {
            Ran ran = chat("serve");
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err()).endsWith("chat: the build failed\n");
            assertThat(ran.out()).isEmpty();
        }
    }

    @Test
    void ones_own_jvm_options_come_last_and_so_win() throws Exception {
        jdk("jdk-21", "21.0.2");
        environment.put("CHAT_JAVA_OPTS", "-Xmx2g -Dx=y");

        assertThat(chat("demo").out()).containsSubsequence("-Xmx512m", "-Xmx2g", "-Dx=y", "-jar");
    }

    @Test
    void the_server_keeps_its_classes_beside_the_build_for_the_next_start() throws Exception {
        jdk("jdk-21", "21.0.2");

        assertThat(chat("serve").out())
                .contains(
                        "-XX:SharedArchiveFile=" + tree.resolve("bootstrap/target/serve.jsa"),
                        "-XX:+AutoCreateSharedArchive");
    }

    // ---

    /** What the script itself needs, one by one: no java and no mvn come along. */
    private String toolsOnly() throws IOException {
        Path plain = Files.createDirectories(directory.resolve("plain"));
        for (String tool :
                List.of(
                        "bash",
                        "sh",
                        "sed",
                        "find",
                        "head",
                        "dirname",
                        "readlink",
                        "mkdir",
                        "touch",
                        "rm",
                        "mv",
                        "cat",
                        "sleep",
                        "env")) {
            for (String from : List.of("/bin", "/usr/bin")) {
                Path program = Path.of(from, tool);
                if (Files.exists(program) && !Files.exists(plain.resolve(tool))) {
                    program(plain.resolve(tool), "#!/bin/sh\nexec " + program + " \"$@\"\n");
                }
            }
        }
        return tools + ":" + plain;
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(jdks.resolve(name)).normalize();
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        program(
                home.resolve("bin/java"),
                "#!/bin/sh\necho 'java of " + name + "'\nfor word; do echo \"$word\"; done\n");
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static void past(Path... files) throws IOException {
        for (Path file : files) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
        }
    }

    private Ran chat(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(tree.resolve("chat").toString()));
        command.addAll(List.of(arguments));
        return run(directory, command);
    }

    private Ran run(Path from, List<String> command) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(from.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    }

    private static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }
}
