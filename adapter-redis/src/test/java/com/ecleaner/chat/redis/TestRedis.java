package com.ecleaner.chat.redis;

import redis.embedded.RedisServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;

/** A Redis with a password, on a port of its own, that can be taken away and given back. */
final class TestRedis implements AutoCloseable {
    static final String PASSWORD = "pass%word:with/signs";

    private final int port = freePort();
    private RedisServer server;

    TestRedis() {
        start();
    }

    /** One for all tests of this JVM that leave it running. */
    static final class Shared {
        static final TestRedis REDIS = new TestRedis();

        private Shared() {}

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(REDIS::close));
        }
    }

    List<URI> address() {
        return List.of(URI.create("redis://:pass%25word%3Awith%2Fsigns@127.0.0.1:" + port + "/3"));
    }

    int port() {
        return port;
    }

    void start() {
        try {
            server =
                    RedisServer.newRedisServer()
                            .port(port)
                            .bind("127.0.0.1")
                            .setting("requirepass " + PASSWORD)
                            .setting("save \"\"")
                            .setting("databases 4")
                            .build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
