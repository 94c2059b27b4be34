package com.ecleaner.chat.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server under load, as a process of its own. Closing it ends the process. */
final class Target implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("answers at http://[^:]+:([0-9]+)");

    private final Process process;
    private final int port;
    private final long readyNanos;

    private Target(Process process, int port, long readyNanos) {
        this.process = process;
        this.port = port;
        this.readyNanos = readyNanos;
    }

    static Target yardstick(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseG1GC");
        command.addAll(List.of(options));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Yardstick.class.getName()));
        return start(command, Map.of());
    }

    /** The chat as operators run it, in the same Java as the yardstick. */
    static Target chat(Map<String, String> settings, String... options) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        all.put("CHAT_JAVA_OPTS", String.join(" ", options));
        return start(List.of("./chat", "serve"), all);
    }

    private static Target start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        try {
            Process process = builder.start();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher address = ADDRESS.matcher(line);
                if (address.find()) {
                    long ready = System.nanoTime() - begin;
                    Thread.ofVirtual().start(() -> drain(out));
                    return new Target(process, Integer.parseInt(address.group(1)), ready);
                }
            }
            throw new IllegalStateException("ended before it answered: " + command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader out) {
        try {
            while (out.readLine() != null) {
                // It must not wait for us.
            }
        } catch (IOException e) {
            // It has ended.
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** How long it took from nothing to the first word that it answers. */
    long readyNanos() {
        return readyNanos;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
