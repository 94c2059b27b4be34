package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The life of a process: started, killed, started again, told to stop. */
final class ProcessTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir Path folder;

    private record Address(URI page, String token) {
        static Address in(String line) {
            URI page = URI.create(line.substring(line.indexOf("http://")));
            return new Address(page, page.getFragment().substring("token=".length()));
        }

        TestSocket open() {
            return TestSocket.open(page.getPort(), "/ws/job_chat/5/?token=" + token);
        }

        Address at(int port) {
            return new Address(URI.create("http://127.0.0.1:" + port + "/"), token);
        }
    }

    private static List<Address> addresses(ChatProcess chat) throws Exception {
        return chat.linesUntil("(admin)").stream().map(Address::in).toList();
    }

    private static HttpResponse<String> get(URI address, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int post(URI page, String path, String... headers) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(page.resolve(path))
                                .headers(headers)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void what_was_echoed_survives_kill_9_and_the_printed_addresses_stay_good() throws Exception {
        Path data = folder.resolve("data");
        List<Address> before;
        long seq;
        try (ChatProcess chat = ChatProcess.start("demo", data, Map.of())) {
            before = addresses(chat);
            assertThat(before).as("Anna, John, Maria and the office").hasSize(4);
            TestSocket anna = before.get(0).open();
            TestSocket john = before.get(1).open();
            assertThat(anna.expect("welcome").at("/user/first_name").asText()).isEqualTo("Anna");
            assertThat(john.expect("welcome").at("/user/first_name").asText()).isEqualTo("John");
            for (int i = 1; i <= 20; i++) {
                anna.send(
                        "{\"type\":\"message\",\"message\":\"no %d\",\"client_id\":\"k%d\"}"
                                .formatted(i, i));
            }
            JsonNode last = anna.await("chat_message");
            while (!last.at("/message/client_id").asText().equals("k20")) {
                last = anna.await("chat_message");
            }
            seq = last.at("/message/seq").asLong();

            chat.kill();

            assertThat(anna.closeCode()).isNotEqualTo(1000);
        }
        try (ChatProcess chat = ChatProcess.start("demo", data, Map.of())) {
            int port = addresses(chat).getFirst().page().getPort();
            TestSocket john = before.get(1).at(port).open();
            JsonNode room = john.expect("welcome").at("/rooms/0");
            assertThat(room.get("last_seq").asLong())
                    .as("nothing lost, nothing said twice by the demo")
                    .isEqualTo(seq);
            john.send("{\"type\":\"history\",\"limit\":20,\"id\":\"h\"}");
            assertThat(john.await("history").get("results"))
                    .extracting(m -> m.get("content").asText())
                    .startsWith("no 1")
                    .endsWith("no 20");
            assertThat(chat.terminate()).isZero();
        }
    }

    @Test
    void sigterm_says_1001_to_all_stops_postgresql_and_exits_with_0() throws Exception {
        try (ChatProcess chat = ChatProcess.start("demo", folder.resolve("data"), Map.of())) {
            List<Address> addresses = addresses(chat);
            TestSocket anna = addresses.get(0).open();
            TestSocket john = addresses.get(1).open();
            anna.expect("welcome");
            john.expect("welcome");
            ProcessHandle postgres = chat.postgres().orElseThrow();

            assertThat(chat.terminate()).isZero();

            assertThat(anna.closeCode()).isEqualTo(1001);
            assertThat(john.closeCode()).isEqualTo(1001);
            await().atMost(Duration.ofSeconds(60)).until(() -> !postgres.isAlive());
            assertThat(chat.said())
                    .as("one line each, and nothing of a token")
                    .allMatch(line -> line.matches("\\S+Z (INFO|WARN) .*"))
                    .noneMatch(line -> line.contains(addresses.getFirst().token()));
        }
    }

    /** Whatever door they come by, and whatever comes of it; also once its database is gone. */
    @Test
    void no_token_and_no_ticket_gets_into_its_log() throws Exception {
        Map<String, String> environment =
                Map.of("CHAT_JWT_SECRET", "a secret of more than 32 bytes, for tests");
        TokenIssuer issuer = TokenIssuer.of(Settings.from(environment), InstantSource.system());
        try (ChatProcess chat = ChatProcess.start("serve", folder.resolve("data"), environment)) {
            String said = chat.linesUntil("answers at").getLast();
            int port = URI.create(said.substring(said.indexOf("http://"))).getPort();
            Platform platform = new Platform(port, issuer);
            String good = platform.token("anna", Role.CLIENT);
            String forged = good.substring(0, good.length() - 4) + "AAAA";
            platform.book("5", "anna", "john");
            String ticket =
                    platform.post("/chat/tickets/", good, null).body().get("ticket").asText();
            List<String> secrets = List.of(good, forged, ticket, "no-such-ticket-7777");

            TestSocket annas = TestSocket.open(port, "/ws/?token=" + good);
            annas.expect("welcome");
            annas.send("{\"type\":\"auth\",\"token\":\"" + good + "\"}");
            annas.expect("authenticated");
            annas.send("{\"type\":\"auth\",\"token\":\"" + forged + "\"}");
            annas.expect("error");
            for (String secret : secrets) {
                everywhere(platform, port, secret);
            }
            chat.postgres().orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> platform.status("/chat/rooms/", good) == 503);
            assertThat(TestSocket.open(port, "/ws/?token=" + good).closeCode()).isEqualTo(1013);
            // By its handle: a process that is ended by Process can be read no more.
            chat.handle().destroy();
            String printed = chat.everything();
            chat.exitCode();

            List<String> log = chat.said();
            assertThat(log).as("it told of its database").isNotEmpty();
            for (String secret : secrets) {
                String telling = secret.substring(secret.lastIndexOf('.') + 1);
                assertThat(log).noneMatch(line -> line.contains(telling));
                assertThat(printed).doesNotContain(telling);
            }
        }
    }

    private static void everywhere(Platform platform, int port, String secret) throws Exception {
        URI page = URI.create("http://127.0.0.1:" + port + "/");
        for (String path : List.of("/chat/rooms/", "/chat/attachments/none/", "/nowhere/")) {
            assertThat(platform.status(path, secret)).isBetween(200, 404);
        }
        for (String path :
                List.of(
                        "/chat/attachments/none/?ticket=",
                        "/chat/attachments/none/thumbnail/?ticket=",
                        "/nowhere/?token=",
                        "/ws/?token=")) {
            assertThat(get(page.resolve(path + secret)).statusCode()).isBetween(400, 499);
        }
        // The only ticket there was has been used by now.
        TestSocket refused = TestSocket.open(port, "/ws/chat/lobby/?ticket=" + secret);
        assertThat(refused.closeCode()).isEqualTo(4401);
    }

    @Test
    void sigterm_while_it_starts_leaves_nothing_behind() throws Exception {
        try (ChatProcess chat = ChatProcess.start("demo", folder.resolve("data"), Map.of())) {
            ProcessHandle postgres =
                    await().atMost(Duration.ofSeconds(60))
                            .until(chat::postgres, Optional::isPresent)
                            .orElseThrow();

            assertThat(chat.terminate()).isZero();

            await().atMost(Duration.ofSeconds(60)).until(() -> !postgres.isAlive());
        }
    }

    @Test
    void the_demos_page_brings_all_it_needs_and_its_marketplace_answers_players_only()
            throws Exception {
        try (ChatProcess chat = ChatProcess.start("demo", folder.resolve("data"), Map.of())) {
            List<Address> addresses = addresses(chat);
            URI page = addresses.getFirst().page();

            HttpResponse<String> html = get(page.resolve("/"));
            assertThat(html.statusCode()).isEqualTo(200);
            assertThat(html.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(html.body()).contains("/demo/market.js", "/demo/market.css");
            assertThat(get(page.resolve("/demo/market.js")).statusCode()).isEqualTo(200);
            assertThat(get(page.resolve("/demo/market.css")).statusCode()).isEqualTo(200);
            assertThat(get(page.resolve("/demo/%2e%2e/logback.xml")).statusCode()).isEqualTo(404);

            URI beside = page.resolve("/marketplace/beside");
            assertThat(get(beside).statusCode()).isEqualTo(401);
            assertThat(get(beside, "Authorization", "Bearer x.y.z").statusCode()).isEqualTo(401);
            String other =
                    get(beside, "Authorization", "Bearer " + addresses.getFirst().token()).body();
            TestSocket johns = TestSocket.open(page.getPort(), "/ws/job_chat/5/?token=" + other);
            assertThat(johns.expect("welcome").at("/user/first_name").asText()).isEqualTo("John");
            johns.close();

            // The marketplace shows each player their jobs, and lets nobody do what is not theirs.
            URI jobs = page.resolve("/marketplace/jobs");
            String[] john = {"Authorization", "Bearer " + addresses.get(1).token()};
            assertThat(get(jobs).statusCode()).isEqualTo(401);
            assertThat(get(jobs, john).body())
                    .contains("Spring cleaning", "Windows")
                    .doesNotContain("Home office");
            assertThat(post(page, "/marketplace/jobs/7?status=completed", john)).isEqualTo(404);
            assertThat(post(page, "/marketplace/jobs/99?status=completed", john)).isEqualTo(404);
            assertThat(post(page, "/marketplace/jobs/5?cleaner=", john)).isEqualTo(403);
            assertThat(post(page, "/marketplace/jobs/5?status=dancing", john)).isEqualTo(400);
            assertThat(post(page, "/marketplace/jobs/5?status=in_progress", john)).isEqualTo(204);
            assertThat(get(jobs, john).body()).contains("in_progress");

            // A second chat on the same data says so and ends.
            try (ChatProcess second = ChatProcess.start("demo", folder.resolve("data"), Map.of())) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.said())
                        .singleElement()
                        .asString()
                        .startsWith("CHAT_DATA_DIR: another chat runs on ");
                assertThat(get(page.resolve("/health/ready")).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_taken_port_is_told_in_one_line_and_nothing_keeps_running() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ChatProcess chat =
                        ChatProcess.start(
                                "demo",
                                folder.resolve("data"),
                                Map.of("CHAT_PORT", Integer.toString(taken.getLocalPort())))) {
            assertThat(chat.exitCode()).isEqualTo(1);
            assertThat(chat.said())
                    .filteredOn(line -> !line.contains(" INFO "))
                    .singleElement()
                    .asString()
                    .startsWith("CHAT_PORT: cannot listen on 127.0.0.1:");
            assertThat(chat.postgres()).isEmpty();
        }
    }
}
