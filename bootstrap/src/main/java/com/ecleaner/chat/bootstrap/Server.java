package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.live.Hub;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.application.signin.SignIn;
import com.ecleaner.chat.bootstrap.metrics.Meters;
import com.ecleaner.chat.bootstrap.pages.Widget;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.settings.SettingsException;
import com.ecleaner.chat.bootstrap.settings.TokenKeys;
import com.ecleaner.chat.bootstrap.signin.JwtSignIn;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.persistence.Database;
import com.ecleaner.chat.rest.Operators;
import com.ecleaner.chat.rest.RestApi;
import com.ecleaner.chat.websocket.ChatSockets;
import com.ecleaner.chat.websocket.transport.AllowedOrigins;
import com.ecleaner.chat.websocket.transport.Closing;
import com.ecleaner.chat.websocket.transport.WebSocketSettings;
import com.ecleaner.chat.websocket.transport.WebSocketStack;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The whole chat as one running process: wired here by plain constructors, and taken down in the
 * opposite order. Thread-safe.
 */
public final class Server implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Server.class);

    /** How long connections may take to say goodbye, and requests to end. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    /**
     * Goodbyes are spread over this at most, so that those told do not all come at once elsewhere.
     */
    private static final Duration SPREAD = Duration.ofSeconds(5);

    /** So that a few connections are told at once, and thousands over the whole time. */
    private static final Duration BETWEEN_GOODBYES = Duration.ofMillis(2);

    /** What to stop, the last started first. */
    private final Deque<AutoCloseable> started;

    private final AtomicBoolean draining = new AtomicBoolean();
    private final Chat.Stores stores;
    private final Chat chat;
    private final String host;
    private final int port;

    /** Mounts pages of its own on the server. */
    @FunctionalInterface
    interface Pages {
        void mount(HttpServer http, Chat chat, Chat.Stores stores);
    }

    private Server(
            Settings settings, InstantSource clock, Pages extra, Deque<AutoCloseable> started) {
        this.started = started;
        SignIn signIn = JwtSignIn.of(settings, clock);
        Store store = begin(Store.open(settings));
        Database database = store.database();
        Meters meters = begin(new Meters());
        meters.of(database);
        meters.ofDraining(draining::get);
        stores =
                new Chat.Stores(
                        database.log(),
                        database.rooms(),
                        database.jobs(),
                        database.users(),
                        database.search());

        Shared shared = begin(Shared.of(settings, clock));
        shared.redis().ifPresent(meters::of);
        EventBus bus = shared.bus();
        Presence presence = shared.presence();
        RateLimits limits = shared.limits();
        KeptFiles kept = begin(KeptFiles.in(settings, database.attachments()));
        chat = new Chat(stores, kept.files(), bus, limits, clock);
        kept.sweep(chat.sweepFiles());
        Hub hub =
                begin(
                        new Hub(
                                stores.rooms(),
                                stores.users(),
                                bus,
                                presence,
                                clock,
                                settings.maxConnectionsPerUser()));
        Doorkeeper doorkeeper = new Doorkeeper(signIn, shared.tickets(), stores.users(), clock);

        WebSocketSettings bounds =
                WebSocketSettings.defaults()
                        .withPaths(ChatSockets::isPath)
                        .withGate(AllowedOrigins.of(settings.allowedOrigins()));
        ChatSockets sockets =
                begin(new ChatSockets(chat, hub, doorkeeper, presence, limits, bounds, clock));
        WebSocketStack webSockets = begin(new WebSocketStack(bounds, sockets));
        meters.of(hub, webSockets, sockets);
        RestApi rest =
                new RestApi(
                        chat,
                        doorkeeper,
                        presence,
                        () -> !draining.get() && database.answers(),
                        settings.allowedOrigins()::contains,
                        new Operators(
                                settings.operators(),
                                meters::scrape,
                                ChatSockets::contract,
                                meters.requests()));

        HttpServer http = new HttpServer();
        NetworkListener listener = new NetworkListener("chat", settings.host(), settings.port());
        http.addListener(listener);
        webSockets.install(listener);
        rest.install(http);
        Widget.files().install(listener);
        extra.mount(http, chat, stores);
        listen(http, settings);
        begin(() -> stop(http));
        begin(() -> sayGoodbye(listener, hub, webSockets));
        host = settings.host();
        port = listener.getPort();
    }

    /**
     * Starts it; returns once it answers.
     *
     * @throws SettingsException where a setting is wrong or missing
     * @throws CannotStart where the database is away or the port taken
     */
    public static Server start(Settings settings, InstantSource clock) {
        return start(settings, clock, (http, chat, stores) -> {});
    }

    /**
     * The same, with further pages.
     *
     * @param extra sees the HTTP server before it is started
     */
    static Server start(Settings settings, InstantSource clock, Pages extra) {
        if (settings.requiredKeys() instanceof TokenKeys.Published published
                && published.isExposed()) {
            log.warn("CHAT_JWKS_URL is plain http: whoever is on the way can sign anybody in");
        }
        Deque<AutoCloseable> started = new ArrayDeque<>();
        try {
            return new Server(settings, clock, extra, started);
        } catch (RuntimeException e) {
            stop(started);
            throw e;
        }
    }

    /** Where it answers; the port that was found where 0 was asked for. */
    public int port() {
        return port;
    }

    /**
     * {@code http://127.0.0.1:8080}, without a slash at the end; as this machine may call it where
     * it listens on all addresses.
     */
    public String address() {
        String name =
                switch (host) {
                    case "0.0.0.0", "::" -> "localhost";
                    default -> host.contains(":") ? "[" + host + "]" : host;
                };
        return "http://" + name + ":" + port;
    }

    Chat chat() {
        return chat;
    }

    Chat.Stores stores() {
        return stores;
    }

    /**
     * Takes it down in order: nobody is let in any more, open connections are told to reconnect
     * elsewhere (1001), what was accepted is committed, and the database is stopped if it is ours.
     * Returns within about 20 s; at once, or nearly, where few are connected.
     */
    @Override
    public void close() {
        if (draining.compareAndSet(false, true)) {
            stop(started);
        }
    }

    private <T extends AutoCloseable> T begin(T part) {
        started.push(part);
        return part;
    }

    private static void stop(Deque<AutoCloseable> started) {
        // A start that was broken off by an interrupt still has to be cleaned up behind.
        boolean interrupted = Thread.interrupted();
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                log.error("a part did not stop in order", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void listen(HttpServer http, Settings settings) {
        try {
            http.start();
        } catch (IOException e) {
            http.shutdownNow();
            throw new CannotStart(
                    "CHAT_PORT: cannot listen on "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + ": "
                            + Store.reason(e),
                    e);
        }
    }

    /**
     * Tells every connection to reconnect elsewhere, one after the other, and waits until most have
     * heard it. Nobody is listened for any more: a proxy in front finds another node for those who
     * come back, instead of bringing them here again.
     */
    private static void sayGoodbye(NetworkListener listener, Hub hub, WebSocketStack webSockets)
            throws InterruptedException {
        listener.getTransport().unbindAll();
        Duration inAll = BETWEEN_GOODBYES.multipliedBy(hub.size());
        hub.drain(inAll.compareTo(SPREAD) > 0 ? SPREAD : inAll);
        webSockets.closeAll(Closing.GOING_AWAY);
        long end = System.nanoTime() + FAREWELL.toNanos();
        while (webSockets.connections() > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
    }

    private static void stop(HttpServer http) throws InterruptedException {
        try {
            http.shutdown(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                    .get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("some requests did not end in time");
            http.shutdownNow();
        }
    }
}
