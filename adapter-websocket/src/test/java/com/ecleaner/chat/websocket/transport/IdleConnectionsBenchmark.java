package com.ecleaner.chat.websocket.transport;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an idle connection costs: the resident memory of a server process with {@code -Xmx256m} and
 * that many connections, each of which has sent and received one message. Arguments: connections
 * (10,000), the server's heap (256m). Needs two file descriptors per connection in total, one in
 * each process.
 */
public final class IdleConnectionsBenchmark {

    private IdleConnectionsBenchmark() {}

    /** Starts the server as a process of its own and opens the connections from this one. */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("server")) {
            serve();
            return;
        }
        int connections = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        String heap = args.length > 1 ? args[1] : "256m";
        var server =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + heap,
                                "-cp",
                                System.getProperty("java.class.path"),
                                IdleConnectionsBenchmark.class.getName(),
                                "server")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(out.readLine());
            open(port, 200).forEach(IdleConnectionsBenchmark::close);
            long before = rss(server.pid());
            var clients = open(port, connections);
            long after = rss(server.pid());
            System.out.printf(
                    "%,d connections: RSS %,d kB before, %,d kB after, %.1f kB per connection%n",
                    clients.size(), before, after, (after - before) / (double) clients.size());
        } finally {
            server.destroy();
        }
    }

    private static List<RawClient> open(int port, int count) throws IOException {
        var clients = new ArrayList<RawClient>(count);
        var message = "x".repeat(200);
        for (int i = 0; i < count; i++) {
            var client = RawClient.open(port, "/ws/?token=" + "t".repeat(400));
            client.text(message);
            client.receive();
            clients.add(client);
        }
        return clients;
    }

    private static void close(RawClient client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long rss(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void serve() throws IOException, InterruptedException {
        var listener = new NetworkListener("idle", "127.0.0.1", 0);
        new WebSocketStack(WebSocketSettings.defaults(), Echo::new).install(listener);
        var server = new HttpServer();
        server.addListener(listener);
        server.start();
        System.out.println(listener.getPort());
        Thread.currentThread().join();
    }
}
