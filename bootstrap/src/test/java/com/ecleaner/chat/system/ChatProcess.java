package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.bootstrap.Main;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A chat in a process of its own, to be stopped and killed. */
public final class ChatProcess implements AutoCloseable {
    private final Process process;
    private final Path directory;

    private ChatProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** Starts a command on a data directory, on any free port. */
    public static ChatProcess start(String command, Path directory, Map<String, String> more)
            throws IOException {
        return start(command, directory, more, List.of("-XX:TieredStopAtLevel=1"));
    }

    /** The same with these options for its JVM. */
    public static ChatProcess start(
            String command, Path directory, Map<String, String> more, List<String> options)
            throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        // As it is shipped, not as tests log.
        line.add("-Dlogback.configurationFile=logback.xml");
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(List.of(Main.class.getName(), command));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().keySet().removeIf(name -> name.startsWith("CHAT_"));
        builder.environment().put("CHAT_PORT", "0");
        builder.environment().put("CHAT_DATA_DIR", directory.toString());
        builder.environment().putAll(more);
        builder.redirectError(directory.resolveSibling("err").toFile());
        return new ChatProcess(builder.start(), directory);
    }

    /** What it prints until a line that holds {@code last}. */
    public List<String> linesUntil(String last) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader out = process.inputReader();
        while (lines.isEmpty() || !lines.getLast().contains(last)) {
            String line = out.readLine();
            assertThat(line).as("it ended, having said %s and %s", lines, said()).isNotNull();
            lines.add(line);
        }
        return lines;
    }

    /** All that it prints until it ends. */
    String everything() throws IOException {
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    /** What it has written to standard error. */
    public List<String> said() throws IOException {
        return Files.readAllLines(directory.resolveSibling("err"));
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; returns the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    public int exitCode() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        return process.exitValue();
    }

    /** For signals. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Its resident memory now, and the most there was, in kB. */
    Memory memory() throws IOException {
        long now = 0;
        long peak = 0;
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                now = Long.parseLong(line.replaceAll("\\D", ""));
            } else if (line.startsWith("VmHWM:")) {
                peak = Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return new Memory(now, peak);
    }

    /** Resident memory in kB. */
    record Memory(long now, long peak) {}

    /** Its PostgreSQL. */
    Optional<ProcessHandle> postgres() throws IOException {
        try {
            // It is made, filled and deleted while one looks.
            return Files.readAllLines(directory.resolve("postgres/postmaster.pid")).stream()
                    .findFirst()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        postgres().ifPresent(ProcessHandle::destroyForcibly);
    }
}
