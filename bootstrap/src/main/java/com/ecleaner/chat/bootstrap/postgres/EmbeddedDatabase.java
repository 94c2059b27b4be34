package com.ecleaner.chat.bootstrap.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.ecleaner.chat.bootstrap.secrets.PrivateDirectory;
import com.ecleaner.chat.bootstrap.secrets.SecretFile;
import com.ecleaner.chat.bootstrap.settings.DatabaseAddress;
import com.ecleaner.chat.bootstrap.settings.Secret;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A PostgreSQL whose data lie below the chat's data directory: on loopback only, with a password
 * that only the directory's owner can read, and with {@code fsync} on. Data outlive the process.
 *
 * <p>At most one runs per directory. One that a killed chat left behind is stopped before the next
 * is started; and should this process be killed, a watching shell stops the database within a
 * moment. It runs in a session of its own, so that a terminal's Ctrl-C reaches the chat alone and
 * the chat can finish what it was writing.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private static final String SUPERUSER = "chat";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 3;

    /** Waits until its standard input ends, which it does however the chat ends. */
    private static final String WATCH =
            "trap '' HUP INT TERM; read -r word; [ \"$word\" = stopped ] || kill -INT \"$1\"";

    /** What lies in the chat's data directory. */
    private static final String DATA = "postgres";

    /** A locale of no language that knows all letters: searching asks it what a letter is. */
    private static final String LETTERS = "C.UTF-8";

    private static final String LOG_FILE = "postgres.log";
    private static final String PASSWORD_FILE = "postgres.password";

    private final Path directory;
    private final Path data;
    private final Path logFile;
    private final PostgresBinaries binaries;
    private final List<String> prefix;
    private final FileChannel lock;
    private final Secret password;
    private int port;
    private Optional<Process> watch = Optional.empty();

    private EmbeddedDatabase(
            Path directory,
            PostgresBinaries binaries,
            List<String> prefix,
            FileChannel lock,
            Secret password) {
        this.directory = directory;
        this.data = directory.resolve(DATA);
        this.logFile = directory.resolve(LOG_FILE);
        this.binaries = binaries;
        this.prefix = prefix;
        this.lock = lock;
        this.password = password;
    }

    /**
     * Starts it, setting it up first where there is none yet; takes a few seconds the first time.
     *
     * @param directory the chat's data directory, made where it is missing
     * @throws IOException with one line for the operator: another chat runs on this directory, the
     *     data are another version's, or PostgreSQL says no
     */
    public static EmbeddedDatabase start(Path directory) throws IOException {
        PrivateDirectory.make(directory);
        FileChannel lock = lock(directory);
        try {
            PostgresBinaries binaries = PostgresBinaries.unpacked(directory);
            EmbeddedDatabase database =
                    new EmbeddedDatabase(
                            directory,
                            binaries,
                            prefix(lockFile(directory)),
                            lock,
                            password(directory));
            database.setUp();
            database.clearAway();
            try {
                database.launch();
            } catch (IOException | RuntimeException e) {
                database.close();
                throw e;
            }
            return database;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Says in some words what is there, without starting or changing anything.
     *
     * @throws IOException where none could be started there
     */
    public static String state(Path directory) throws IOException {
        Optional<Path> existing =
                Stream.iterate(directory, Objects::nonNull, Path::getParent)
                        .filter(Files::exists)
                        .findFirst();
        if (existing.filter(Files::isWritable).isEmpty()) {
            throw new IOException(directory + " cannot be written");
        }
        if (!Files.exists(directory.resolve(DATA))) {
            return "not set up yet, to come in " + directory;
        }
        if (Files.exists(lockFile(directory))) {
            try {
                lock(directory).close();
            } catch (IOException e) {
                return "in use by a running chat, in " + directory;
            }
        }
        return "at rest in " + directory;
    }

    /** Where it answers, as its superuser. */
    public DatabaseAddress address() {
        return new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                Optional.of(SUPERUSER),
                Optional.of(password));
    }

    /** Stops it in order; what was committed is on disk either way. */
    @Override
    public void close() {
        // Whoever was interrupted while starting wants it stopped all the more.
        boolean interrupted = Thread.interrupted();
        try {
            stop(postmaster());
            dismissWatch();
        } catch (IOException e) {
            log.error("the embedded PostgreSQL did not stop: {}", e.getMessage());
        } finally {
            release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // --- one at a time

    private static Path lockFile(Path directory) {
        return directory.resolve("postgres.lock");
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(lockFile(directory), CREATE, WRITE);
        try {
            FileLock held = channel.tryLock();
            if (held != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This very process runs one there; told below.
        }
        channel.close();
        throw new IOException(
                "another chat runs on " + directory + "; stop it, or set another CHAT_DATA_DIR");
    }

    private void release() {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("{} could not be unlocked: {}", lock, e.getMessage());
        }
    }

    // --- setting up

    /**
     * PostgreSQL refuses to run as root, whose processes then run in a user namespace where they
     * are nobody.
     *
     * @param ours a file that this process has made
     */
    private static List<String> prefix(Path ours) throws IOException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(ours, "unix:uid"))) {
            return List.of();
        }
        List<String> unshare = List.of("unshare", "-U");
        try {
            List<String> probe = new ArrayList<>(unshare);
            probe.add("true");
            if (new ProcessBuilder(probe).start().waitFor() == 0) {
                return unshare;
            }
        } catch (IOException e) {
            // There is no such program; told below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(
                "PostgreSQL does not run as root, and user namespaces are not available here: run"
                        + " the chat as an ordinary user, or set CHAT_DATABASE_URL");
    }

    private static Secret password(Path directory) throws IOException {
        Path file = directory.resolve(PASSWORD_FILE);
        if (Files.exists(directory.resolve(DATA)) && !Files.exists(file)) {
            throw new IOException(file + " is missing: without it " + directory + " stays locked");
        }
        return SecretFile.readOrMake(file);
    }

    private void setUp() throws IOException {
        if (Files.exists(data)) {
            checkVersion();
            return;
        }
        log.info("setting up a PostgreSQL in {}", data);
        Path unfinished = data.resolveSibling(DATA + ".unfinished");
        try {
            makeIn(unfinished, LETTERS);
        } catch (IOException e) {
            log.debug("no locale {} here", LETTERS, e);
            makeIn(unfinished, "C");
        }
        Files.move(unfinished, data);
    }

    private void makeIn(Path unfinished, String letters) throws IOException {
        PostgresBinaries.delete(unfinished);
        run(
                "initdb",
                "-D",
                unfinished.getFileName().toString(),
                "-U",
                SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile=" + PASSWORD_FILE,
                "--encoding=UTF8",
                "--locale=C",
                "--lc-ctype=" + letters,
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions");
    }

    private void checkVersion() throws IOException {
        String theirs = Files.readString(data.resolve("PG_VERSION")).strip();
        Process process = new ProcessBuilder(binaries.program("postgres"), "--version").start();
        String ours = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!ours.contains(" " + theirs + ".")) {
            throw new IOException(
                    data + " was made by PostgreSQL " + theirs + ", here is " + ours.strip());
        }
    }

    // --- what an earlier run left

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private void clearAway() throws IOException {
        if (!Files.exists(pidFile())) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile());
        if (lines.isEmpty() || !lines.getFirst().matches("[0-9]{1,18}")) {
            // Written by halves before a crash; nobody runs, or it would be whole by now.
            Files.delete(pidFile());
            return;
        }
        Optional<ProcessHandle> process =
                ProcessHandle.of(Long.parseLong(lines.getFirst())).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return; // PostgreSQL sees that itself, and recovers
        }
        if (isOurs(process.get())) {
            log.info("stopping the PostgreSQL that an earlier run left behind");
            stop(process);
            return;
        }
        // The number has passed to a stranger, for which PostgreSQL would refuse to start. It
        // takes a file with the number of its grandparent, which is this process, for stale. The
        // file stays, as it names the shared memory that nobody may be attached to any more.
        List<String> mine = new ArrayList<>(lines);
        mine.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(pidFile(), mine);
    }

    private boolean isOurs(ProcessHandle process) {
        boolean named =
                process.info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains(clusterName()))
                        .orElse(false);
        if (named) {
            return true;
        }
        try {
            // Where Linux tells: a postmaster works in its data directory.
            Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
            return Files.exists(workingDirectory) && Files.isSameFile(workingDirectory, data);
        } catch (IOException e) {
            return false;
        }
    }

    // --- starting and stopping

    private void launch() throws IOException {
        for (int attempt = 1; ; attempt++) {
            port = freePort();
            try {
                run(
                        "pg_ctl",
                        "start",
                        "-w",
                        "-t",
                        Long.toString(PATIENCE.toSeconds()),
                        "-D",
                        DATA,
                        "-l",
                        LOG_FILE,
                        "-o",
                        options(port));
                break;
            } catch (IOException e) {
                // The port may have been taken meanwhile, or the last backends of a killed
                // server may still be on their way out.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                pause();
            }
        }
        startWatch(postmaster().orElseThrow(() -> new IOException("PostgreSQL ended at once")));
        log.info("PostgreSQL runs on {}, port {}", data, port);
    }

    private String options(int port) {
        return String.join(
                " -c ",
                "-p " + port,
                clusterName(),
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=''",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "log_checkpoints=off",
                "timezone=UTC",
                "log_timezone=UTC");
    }

    /** By this a server can be told apart from others in the list of processes. */
    private String clusterName() {
        return "cluster_name=chat-" + Integer.toHexString(data.toString().hashCode());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        String pid = Files.readAllLines(pidFile()).getFirst();
        return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
    }

    private void stop(Optional<ProcessHandle> postmaster) throws IOException {
        if (postmaster.isEmpty()) {
            return;
        }
        // "fast": open transactions are rolled back, what is committed is written, and it ends.
        for (String mode : List.of("fast", "immediate")) {
            try {
                run("pg_ctl", "stop", "-w", "-t", "20", "-m", mode, "-D", DATA);
            } catch (IOException e) {
                log.debug("pg_ctl stop -m {}: {}", mode, e.getMessage());
            }
            // Its file goes last, once the data are closed. The process itself may be seen for
            // longer: until whoever inherited it takes notice, which some containers never do.
            if (!Files.exists(pidFile()) || ended(postmaster.get())) {
                return;
            }
        }
        throw new IOException("the PostgreSQL of " + data + " does not stop");
    }

    /** Looks often: {@code ProcessHandle.onExit} looks at strangers every 300 ms only. */
    private static boolean ended(ProcessHandle process) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (process.isAlive() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return !process.isAlive();
    }

    private void startWatch(ProcessHandle postmaster) throws IOException {
        watch =
                Optional.of(
                        new ProcessBuilder("sh", "-c", WATCH, "sh", Long.toString(postmaster.pid()))
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start());
    }

    private void dismissWatch() throws IOException {
        if (watch.isPresent()) {
            try (OutputStream word = watch.get().getOutputStream()) {
                word.write("stopped\n".getBytes(UTF_8));
            }
            ended(watch.get().toHandle());
        }
    }

    /**
     * Runs one of PostgreSQL's programs to its end, in the chat's data directory: {@code pg_ctl}
     * hands paths to a shell, so none that is not ours may be among its arguments. What it says
     * goes to the log file.
     */
    private void run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(binaries.program(program));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            if (!process.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " hangs, see " + logFile);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException("PostgreSQL's " + program + " failed, see " + logFile + reason());
        }
    }

    /** What PostgreSQL said last that sounds like a reason. */
    private String reason() {
        try {
            return Files.readAllLines(logFile).reversed().stream()
                    .limit(20)
                    .filter(line -> line.contains("FATAL:") || line.contains("error:"))
                    .findFirst()
                    .map(line -> ": " + line)
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
