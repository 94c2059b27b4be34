package com.ecleaner.chat.redis;

import static com.ecleaner.chat.domain.port.RateLimits.Kind.MESSAGE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the Redis that comes with the tests cannot do: a cluster with sharded channels, and TLS.
 * Uses the system's own redis-server 7 or newer, and is skipped where there is none.
 */
@Timeout(120)
class ClusterAndTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String PASSWORD = "a password";
    private static final UserId ANNA = new UserId("anna");

    @TempDir private Path folder;
    private final List<Process> running = new ArrayList<>();

    @BeforeEach
    void look() throws Exception {
        Path program =
                Stream.of("/usr/bin/redis-server", "/usr/local/bin/redis-server")
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(null);
        assumeTrue(program != null, "skipped: no redis-server here (apt-get install redis-server)");
        String version = output("redis-server", "--version");
        assumeTrue(
                version.matches("(?s).*v=([7-9]|[1-9][0-9])\\..*"),
                "skipped: redis-server is older than 7");
    }

    @AfterEach
    void stop() throws Exception {
        for (Process process : running) {
            process.destroyForcibly().waitFor();
        }
    }

    private String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said;
    }

    private void server(int port, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "redis-server",
                                "--bind",
                                "127.0.0.1",
                                "--requirepass",
                                PASSWORD,
                                "--save",
                                "",
                                "--dir",
                                Files.createDirectory(folder.resolve("at-" + port)).toString()));
        command.addAll(List.of(more));
        running.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log-" + port).toFile())
                        .start());
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < count) {
            ServerSocket socket = new ServerSocket(0);
            sockets.add(socket);
            // A cluster's bus takes the port 10,000 above.
            if (socket.getLocalPort() < 55_000) {
                ports.add(socket.getLocalPort());
            }
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private void twoNodesShareEverything(List<URI> address) throws Exception {
        try (Redis one = Redis.open(address);
                Redis two = Redis.open(address)) {
            await().atMost(PATIENCE).until(() -> one.answers() && two.answers());
            List<ChatEvent> heard = new CopyOnWriteArrayList<>();
            List<ChatEvent> told = new ArrayList<>();
            two.bus().listen(heard::add);
            for (long id = 1; id <= 30; id++) {
                RoomId room = new RoomId(id);
                two.bus().follow(room).toCompletableFuture().get(20, TimeUnit.SECONDS);
                told.add(new RoomEvent.ReadAdvanced(room, 1, ANNA, 1, 0));
            }

            told.forEach(one.bus()::publish);
            one.presence().arrived(ANNA, "s");
            Identity identity = new Identity(Person.nameless(ANNA), Role.CLIENT, Instant.EPOCH);
            one.tickets().keep("t", identity, Duration.ofSeconds(20));

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(heard).containsExactlyInAnyOrderElementsOf(told));
            await().atMost(PATIENCE)
                    .until(() -> two.presence().of(Set.of(ANNA)).get(ANNA).online());
            assertThat(two.tickets().take("t")).contains(identity);
            assertThat(one.limits((user, kind) -> 0, 1, 1).secondsToWait(ANNA, MESSAGE)).isZero();
        }
    }

    @Test
    void a_cluster_of_three_carries_events_over_sharded_channels() throws Exception {
        List<Integer> ports = freePorts(3);
        for (int port : ports) {
            server(
                    port,
                    "--port",
                    Integer.toString(port),
                    "--cluster-enabled",
                    "yes",
                    "--masterauth",
                    PASSWORD);
        }
        List<String> create =
                new ArrayList<>(
                        List.of("redis-cli", "-a", PASSWORD, "--no-auth-warning", "--cluster"));
        create.add("create");
        ports.forEach(port -> create.add("127.0.0.1:" + port));
        create.add("--cluster-yes");
        await().atMost(PATIENCE)
                .until(() -> output(create.toArray(String[]::new)).contains("16384 slots covered"));
        List<URI> address =
                ports.stream()
                        .map(port -> URI.create("redis://:a%20password@127.0.0.1:" + port))
                        .toList();

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> Redis.look(address).endsWith("a cluster with sharded channels"));
        twoNodesShareEverything(address);
    }

    @Test
    void a_server_behind_tls_is_spoken_to_where_its_certificate_is_trusted() throws Exception {
        int port = freePorts(1).getFirst();
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("cert.pem");
        output(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        server(
                port,
                "--port",
                "0",
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no");
        List<URI> address = List.of(URI.create("rediss://:a%20password@127.0.0.1:" + port + "/1"));

        // Nobody the JDK trusts has signed it.
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(reasonOf(address))
                                        .containsIgnoringCase("certification path"));
    }

    private static String reasonOf(List<URI> address) {
        try {
            return Redis.look(address);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
