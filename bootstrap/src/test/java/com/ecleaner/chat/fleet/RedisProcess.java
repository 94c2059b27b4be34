package com.ecleaner.chat.fleet;

import static org.awaitility.Awaitility.await;

import redis.embedded.core.ExecutableProvider;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Redis in a process of its own, with a password, that can be stopped, killed and paused: the
 * machine's own {@code redis-server}, or one that comes with the tests. It keeps nothing on disk.
 */
public final class RedisProcess implements AutoCloseable {
    private static final String PASSWORD = "redis-of-the-tests";

    private final Path directory;
    private final String program;
    private final int port;
    private Process process;

    private RedisProcess(Path directory, String program, int port) {
        this.directory = directory;
        this.program = program;
        this.port = port;
    }

    /** The program to start; nothing where none runs on this machine. */
    public static Optional<String> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .or(RedisProcess::embedded);
    }

    private static Optional<String> embedded() {
        try {
            return Optional.of(ExecutableProvider.newJarResourceProvider().get().getPath());
        } catch (IOException | RuntimeException noneForThisMachine) {
            return Optional.empty();
        }
    }

    /** Starts one that works in that directory. */
    public static RedisProcess start(Path directory) throws IOException {
        Files.createDirectories(directory);
        String program = program().orElseThrow(() -> new IOException("no redis-server here"));
        RedisProcess redis = new RedisProcess(directory, program, freePort());
        redis.start();
        return redis;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it again where it was. */
    public void start() throws IOException {
        process =
                new ProcessBuilder(
                                program,
                                "--port",
                                Integer.toString(port),
                                "--bind",
                                "127.0.0.1",
                                "--requirepass",
                                PASSWORD,
                                "--save",
                                "",
                                "--appendonly",
                                "no")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve("redis.log").toFile()))
                        .start();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(20))
                .until(this::answers);
    }

    private boolean answers() {
        try {
            return ask("PING").startsWith("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** One inline command's whole answer, as Redis writes it. */
    public String ask(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            ("AUTH " + PASSWORD + "\r\n" + command + "\r\nQUIT\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return all.replaceFirst("^\\+OK\r\n", "");
        }
    }

    /** Where it answers by itself. */
    public int port() {
        return port;
    }

    /** Its address for a node that comes by another port. */
    public static String url(int port) {
        return "redis://:" + PASSWORD + "@127.0.0.1:" + port + "/0";
    }

    /** For what it uses of the machine. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** SIGTERM: it ends in order. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("Redis does not stop");
        }
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** It stands still, and its connections stay open. */
    public void pause() {
        Signals.to("STOP", process.toHandle());
    }

    public void resume() {
        Signals.to("CONT", process.toHandle());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
