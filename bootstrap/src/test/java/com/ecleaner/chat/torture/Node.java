package com.ecleaner.chat.torture;

import com.ecleaner.chat.fleet.FaultyLink;
import com.ecleaner.chat.fleet.PostgresProcess;
import com.ecleaner.chat.fleet.RedisProcess;
import com.ecleaner.chat.fleet.Signals;
import com.ecleaner.chat.system.ChatProcess;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One chat process, and the lines from its clients, to Redis and to PostgreSQL. */
final class Node implements AutoCloseable {
    private final String name;
    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private final FaultyLink fromClients;
    private final FaultyLink toRedis;
    private final FaultyLink toPostgres;
    private ChatProcess process;
    private volatile int port;
    private volatile boolean serving;
    private int starts;

    Node(String name, Path directory, RedisProcess redis, PostgresProcess postgres, String secret)
            throws IOException {
        this.name = name;
        this.directory = directory;
        fromClients = new FaultyLink(() -> port);
        toRedis = new FaultyLink(redis::port);
        toPostgres = new FaultyLink(postgres::port);
        environment.put("CHAT_DATABASE_URL", postgres.url(toPostgres.port()));
        environment.put("CHAT_REDIS_URL", RedisProcess.url(toRedis.port()));
        environment.put("CHAT_JWT_SECRET", secret);
        environment.put("CHAT_RATE_LIMIT", "off");
    }

    String name() {
        return name;
    }

    FaultyLink fromClients() {
        return fromClients;
    }

    FaultyLink toRedis() {
        return toRedis;
    }

    FaultyLink toPostgres() {
        return toPostgres;
    }

    /** Whether a load balancer would send anybody here. */
    boolean isServing() {
        return serving;
    }

    /** Where it answers by itself, without a line between. */
    int port() {
        return port;
    }

    /** Where its clients find it. */
    URI address() {
        return URI.create("ws://127.0.0.1:" + fromClients.port());
    }

    /** Starts it; returns once it answers. */
    void start() throws IOException {
        Path data = directory.resolve("start-" + ++starts).resolve("data");
        Files.createDirectories(data);
        process =
                ChatProcess.start(
                        "serve",
                        data,
                        environment,
                        List.of("-XX:TieredStopAtLevel=1", "-Xmx256m", "-XX:+UseSerialGC"));
        String said = process.linesUntil("answers at").getLast();
        port = URI.create(said.substring(said.indexOf("http://"))).getPort();
        serving = true;
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        serving = false;
        process.kill();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        serving = false;
        return process.terminate();
    }

    void pause() {
        Signals.toTree("STOP", process.handle());
    }

    void resume() {
        Signals.toTree("CONT", process.handle());
    }

    ProcessHandle handle() {
        return process.handle();
    }

    /** What it has logged since it was started last. */
    List<String> log() throws IOException {
        return process.said();
    }

    void heal() {
        fromClients.heal();
        toRedis.heal();
        toPostgres.heal();
    }

    @Override
    public void close() throws IOException {
        serving = false;
        process.close();
        fromClients.close();
        toRedis.close();
        toPostgres.close();
    }
}
