package com.ecleaner.chat.websocket.transport;

import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The stack on a port of its own, beside an HTTP handler that says "plain". */
final class TestServer implements AutoCloseable {

    final AtomicLong nanoTime = new AtomicLong();
    final WebSocketStack stack;
    private final HttpServer server;
    private final NetworkListener listener;

    private TestServer(
            WebSocketSettings settings, SocketAcceptor acceptor, Optional<Duration> silence) {
        stack = new WebSocketStack(settings, acceptor, nanoTime::get);
        server = new HttpServer();
        listener = new NetworkListener("test", "127.0.0.1", 0);
        listener.getTransport().setSelectorRunnersCount(2);
        if (silence.isPresent()) {
            stack.install(listener, silence.get());
        } else {
            stack.install(listener);
        }
        server.addListener(listener);
        server.getServerConfiguration()
                .addHttpHandler(
                        new HttpHandler() {
                            @Override
                            public void service(Request request, Response response)
                                    throws Exception {
                                response.getWriter().write("plain");
                            }
                        });
        try {
            server.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestServer with(WebSocketSettings settings, SocketAcceptor acceptor) {
        return new TestServer(settings, acceptor, Optional.empty());
    }

    static TestServer with(WebSocketSettings settings, SocketAcceptor acceptor, int idleSeconds) {
        return new TestServer(settings, acceptor, Optional.of(Duration.ofSeconds(idleSeconds)));
    }

    /** One that sends back what it gets. */
    static TestServer echo(WebSocketSettings settings) {
        return with(settings, Echo::new);
    }

    NetworkListener listener() {
        return listener;
    }

    int port() {
        return listener.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        stack.close();
    }
}
