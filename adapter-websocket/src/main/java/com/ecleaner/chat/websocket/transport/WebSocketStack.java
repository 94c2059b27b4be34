package com.ecleaner.chat.websocket.transport;

import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * WebSockets on the port of an HTTP server: install it on a listener that is not started yet.
 * Requests for a WebSocket are served here, every other goes on to the HTTP handlers.
 *
 * <p>The listener's network threads read, parse and write, and nothing else: {@link SocketAcceptor}
 * and {@link SocketListener} are called on them and hand off, and so must HTTP handlers (give the
 * transport a worker pool, or the handler an executor). A request's headers must be complete within
 * the listener's keep-alive idle timeout; while they are not, they hold a socket and no thread.
 *
 * <p>Thread-safe.
 */
public final class WebSocketStack implements AutoCloseable {

    /** How long a connection may send nothing while its request, or the next one, is waited for. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** Enough for a token in the address; more is answered with 400. */
    private static final int MAX_HEADER_BYTES = 16 * 1024;

    private static final int MAX_HEADERS = 100;

    private final WebSocketSettings settings;
    private final SocketAcceptor acceptor;
    private final LongSupplier nanoTime;
    private final TyrusBridge tyrus;
    private final Set<WebSocketConnection> connections = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("websocket-heartbeat").factory());

    private final Traffic traffic = new Traffic();

    private @Nullable FilterChain framesChain;
    private @Nullable IdleTimeoutFilter idleTimeout;

    /** Takes new connections to {@code acceptor}. */
    public WebSocketStack(WebSocketSettings settings, SocketAcceptor acceptor) {
        this(settings, acceptor, System::nanoTime);
    }

    WebSocketStack(WebSocketSettings settings, SocketAcceptor acceptor, LongSupplier nanoTime) {
        this.settings = settings;
        this.acceptor = acceptor;
        this.nanoTime = nanoTime;
        this.tyrus = new TyrusBridge(settings.binaryAllowed());
        long period =
                Math.min(settings.heartbeat().toNanos(), settings.closeTimeout().toNanos()) / 5;
        var unused = timer.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.NANOSECONDS);
    }

    /**
     * Puts WebSockets on a listener. Also limits its header size and how long a connection that is
     * no socket yet may be silent (half a minute), and sets its I/O strategy and network threads,
     * so that a connection stays with one of few.
     *
     * @throws IllegalStateException if the listener is started already
     */
    public void install(NetworkListener listener) {
        install(listener, SILENCE);
    }

    /** The same with another bound for silence, in whole seconds. */
    void install(NetworkListener listener, Duration silence) {
        if (listener.isStarted()) {
            throw new IllegalStateException("started already: " + listener.getName());
        }
        listener.getTransport().setIOStrategy(SameThreadIOStrategy.getInstance());
        listener.getTransport().setSelectorRunnersCount(networkThreads());
        listener.getKeepAlive().setIdleTimeoutInSeconds((int) silence.toSeconds());
        listener.setMaxHttpHeaderSize(MAX_HEADER_BYTES);
        listener.setMaxRequestHeaders(MAX_HEADERS);
        listener.registerAddOn((itself, chain) -> setUp(chain));
    }

    /** They only move bytes: more of them would wake up more often, for fewer bytes each time. */
    private static int networkThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private void setUp(FilterChainBuilder http) {
        var frames = FilterChainBuilder.stateless();
        int codec = http.indexOfType(HttpServerFilter.class);
        for (int i = 0; i < codec; i++) {
            frames.add(http.get(i));
        }
        framesChain = frames.add(new FramesFilter(this)).build();
        int idle = http.indexOfType(IdleTimeoutFilter.class);
        idleTimeout = (IdleTimeoutFilter) http.get(idle);
        http.add(idle + 1, new UpgradeFilter(this));
    }

    /** How many connections there are, closing ones included. */
    public int connections() {
        return connections.size();
    }

    /** What went through all connections since the start. */
    public Traffic traffic() {
        return traffic;
    }

    /** What waits to be sent, over all connections, in bytes; looks at each of them. */
    public long pendingBytes() {
        return connections.stream().mapToLong(WebSocketConnection::pendingBytes).sum();
    }

    /** Closes every connection, for instance with {@link Closing#GOING_AWAY} before a stop. */
    public void closeAll(Closing closing) {
        connections.forEach(connection -> connection.close(closing));
    }

    /**
     * Stops the heartbeat. Call it after the listener was shut down: connections that it cut off
     * hear of it here.
     */
    @Override
    public void close() {
        timer.shutdownNow();
        connections.forEach(WebSocketConnection::gone);
        connections.clear();
        tyrus.stop();
    }

    /** One look at every connection: who is silent, who takes too long to close. */
    void beat() {
        connections.forEach(WebSocketConnection::beat);
    }

    WebSocketSettings settings() {
        return settings;
    }

    SocketAcceptor acceptor() {
        return acceptor;
    }

    TyrusBridge tyrus() {
        return tyrus;
    }

    WebSocketConnection connection(NIOConnection tcp) {
        return new WebSocketConnection(tcp, settings, nanoTime, traffic);
    }

    /**
     * From now on the TCP connection speaks frames: HTTP's filters and what they keep go. Where it
     * has ended already, for instance while the answer was written, its end was told to those
     * filters: a listener hears of it all the same, at once.
     */
    void takeOver(FilterChainContext ctx, WebSocketConnection connection) {
        var tcp = (NIOConnection) ctx.getConnection();
        FramesFilter.attach(tcp, connection);
        tcp.setReadBufferSize(WebSocketConnection.READ_BYTES);
        tcp.setProcessor(framesChain);
        IdleTimeoutFilter.setCustomTimeout(tcp, -1, TimeUnit.MILLISECONDS);
        Grizzly.DEFAULT_ATTRIBUTE_BUILDER
                .createAttribute(HttpServerFilter.HTTP_SERVER_REQUEST_ATTR_NAME)
                .remove(tcp);
        connections.add(connection);
        CloseListener<Closeable, CloseType> ended =
                (closed, how) -> connection.lost(() -> connections.remove(connection));
        tcp.addCloseListener(ended);
    }

    void closed(FilterChainContext ctx) throws IOException {
        if (idleTimeout != null) {
            idleTimeout.handleClose(ctx);
        }
    }
}
