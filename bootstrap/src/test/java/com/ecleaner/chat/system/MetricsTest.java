package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.user.Role;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

final class MetricsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void what_happens_is_counted(@TempDir Path folder) throws Exception {
        try (RunningChat chat = RunningChat.in(folder, Map.of())) {
            long room = chat.platform().book("5", "25", "26");
            String anna = chat.platform().token("25", Role.CLIENT);
            String john = chat.platform().token("26", Role.CLEANER);
            TestSocket a = TestSocket.open(chat.port(), "/ws/?token=" + anna);
            a.expect("welcome");
            // From the first answer on she hears who comes.
            a.send("{\"type\":\"ping\"}");
            a.expect("pong");
            // After her welcome, which would say by itself that he is here.
            TestSocket j = TestSocket.open(chat.port(), "/ws/?token=" + john);
            j.expect("welcome");
            // The last that is told of their coming; from here on nothing comes by itself.
            a.await("presence");
            Map<String, Double> before = scrape(chat.port());
            assertThat(before).containsEntry("chat_connections", 2.0);
            assertThat(before).containsEntry("chat_sessions", 2.0);
            assertThat(before).containsEntry("chat_up{service=\"postgresql\"}", 1.0);
            assertThat(before).containsEntry("chat_draining", 0.0);
            assertThat(before).containsKeys("jvm_threads_live_threads", "process_uptime_seconds");
            assertThat(before.keySet()).anyMatch(name -> name.startsWith("hikaricp_connections"));

            for (int i = 0; i < 10; i++) {
                a.send("{\"type\":\"message\",\"room\":" + room + ",\"message\":\"no " + i + "\"}");
                a.await("chat_message");
                j.await("chat_message");
            }
            a.send("{\"type\":\"message\",\"room\":" + room + ",\"message\":\"\"}");
            a.await("error");
            a.send("{\"type\":\"nonsense\"}");
            a.await("error");

            await().untilAsserted(
                            () -> {
                                Map<String, Double> now = scrape(chat.port());
                                grew(before, now, "chat_messages_committed_total", 10);
                                grew(before, now, "chat_commit_changes_sum", 10);
                                grew(before, now, "chat_deliveries_total", 20);
                                grew(before, now, "chat_frames_total{direction=\"in\"}", 12);
                                grew(before, now, "chat_frames_refused_total{code=\"invalid\"}", 1);
                                grew(
                                        before,
                                        now,
                                        "chat_frames_refused_total{code=\"unknown_type\"}",
                                        1);
                                assertThat(now.get("chat_commit_seconds_count")).isPositive();
                                assertThat(now.get("chat_queue_bytes")).isZero();
                                assertThat(now)
                                        .containsKey(
                                                "chat_requests_seconds_count{method=\"PUT\","
                                                        + "route=\"/platform/jobs/{job}\","
                                                        + "status=\"201\"}");
                            });
            a.close();
            j.close();
            await().untilAsserted(
                            () ->
                                    assertThat(scrape(chat.port()))
                                            .containsEntry("chat_connections", 0.0));
        }
    }

    @Test
    void the_guide_for_operators_explains_every_figure_of_the_chat(@TempDir Path folder)
            throws Exception {
        String guide = Files.readString(guide());
        try (RunningChat chat = RunningChat.in(folder, Map.of())) {
            for (String name : scrape(chat.port()).keySet()) {
                if (name.startsWith("chat_")) {
                    String plain =
                            name.replaceAll("\\{.*", "").replaceAll("_(count|sum|max|bucket)$", "");
                    assertThat(guide).as("docs/operating.md").contains("`" + plain);
                }
            }
        }
    }

    /** One list in the code says what this side closes with: the contract and the figures agree. */
    @Test
    void every_close_code_of_the_contract_is_counted_and_no_other(@TempDir Path folder)
            throws Exception {
        String contract = Files.readString(docs("docs/protocol.md"));
        String table = contract.substring(contract.indexOf("| close code |"));
        Set<String> documented = new TreeSet<>();
        table.lines()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1)[1])
                .forEach(codes -> documented.addAll(numbers(codes)));
        try (RunningChat chat = RunningChat.in(folder, Map.of())) {
            Set<String> counted = new TreeSet<>();
            scrape(chat.port()).keySet().stream()
                    .filter(name -> name.startsWith("chat_connections_closed_total"))
                    .forEach(name -> counted.addAll(numbers(name)));

            assertThat(counted).isEqualTo(documented).contains("1011", "4413");
        }
    }

    private static Set<String> numbers(String text) {
        return Pattern.compile("[0-9]{4}")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private static Path guide() {
        return docs("docs/operating.md");
    }

    private static Path docs(String name) {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve(name))) {
            here = here.getParent();
        }
        return here.resolve(name);
    }

    private static void grew(
            Map<String, Double> before, Map<String, Double> now, String name, int by) {
        assertThat(now.get(name) - before.get(name)).as(name).isEqualTo(by);
    }

    private static Map<String, Double> scrape(int port) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Double> figures = new TreeMap<>();
        for (String line : answer.body().lines().toList()) {
            if (!line.startsWith("#")) {
                int blank = line.lastIndexOf(' ');
                figures.put(
                        line.substring(0, blank), Double.parseDouble(line.substring(blank + 1)));
            }
        }
        return figures;
    }
}
