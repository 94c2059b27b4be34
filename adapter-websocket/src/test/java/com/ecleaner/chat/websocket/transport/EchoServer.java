package com.ecleaner.chat.websocket.transport;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;

import java.io.IOException;
import java.util.Optional;

/**
 * The stack as it is used, with what the Autobahn suite needs: binary messages, and messages of 16
 * MiB in as many fragments as it likes. The first argument is the port.
 */
public final class EchoServer {

    private EchoServer() {}

    /** Serves until the process ends. */
    public static void main(String[] args) throws IOException, InterruptedException {
        var settings =
                WebSocketSettings.defaults()
                        .withMaxMessage(16 * 1024 * 1024, 1_000_000)
                        .withMaxQueueBytes(64 * 1024 * 1024)
                        .withPaths(segments -> true)
                        .withGate(handshake -> Optional.empty())
                        .withBinary();
        var listener = new NetworkListener("echo", "127.0.0.1", Integer.parseInt(args[0]));
        new WebSocketStack(settings, Echo::new).install(listener);
        var server = new HttpServer();
        server.addListener(listener);
        server.start();
        // Grizzly's threads are daemons.
        Thread.currentThread().join();
    }
}
