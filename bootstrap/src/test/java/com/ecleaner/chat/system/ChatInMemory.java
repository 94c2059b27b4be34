package com.ecleaner.chat.system;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.files.UploadLimits;
import com.ecleaner.chat.application.live.Hub;
import com.ecleaner.chat.application.memory.InMemoryFileStore;
import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.memory.InMemoryTickets;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.JwtSignIn;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.persistence.files.PictureFileInspector;
import com.ecleaner.chat.rest.Operators;
import com.ecleaner.chat.rest.RestApi;
import com.ecleaner.chat.websocket.ChatSockets;
import com.ecleaner.chat.websocket.transport.WebSocketSettings;
import com.ecleaner.chat.websocket.transport.WebSocketStack;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Both doors of the chat over a store in memory, as somebody who embeds it may wire it. */
final class ChatInMemory implements AutoCloseable {
    private static final String SECRET = "a secret of the tests, and of nobody else";

    private final InProcessEventBus bus = new InProcessEventBus();
    private final HttpServer http = new HttpServer();
    private final NetworkListener listener = new NetworkListener("memory", "127.0.0.1", 0);
    private final PictureFileInspector inspector;
    private final Hub hub;
    private final ChatSockets sockets;
    private final WebSocketStack stack;
    private final Platform platform;

    /**
     * @param incoming where uploads lie while they are looked into
     */
    ChatInMemory(Path incoming) {
        InstantSource clock = InstantSource.system();
        Settings settings = Settings.from(Map.of("CHAT_JWT_SECRET", SECRET));
        InMemoryStore store = new InMemoryStore();
        InMemoryPresence presence = new InMemoryPresence();
        inspector = PictureFileInspector.open(incoming);
        Chat chat =
                new Chat(
                        new Chat.Stores(
                                store.log(),
                                store.rooms(),
                                store.jobs(),
                                store.users(),
                                store.search()),
                        new Chat.Files(
                                store.attachments(),
                                new InMemoryFileStore(),
                                inspector,
                                UploadLimits.upTo(1 << 20)),
                        bus,
                        RateLimits.NONE,
                        clock);
        Doorkeeper doorkeeper =
                new Doorkeeper(
                        JwtSignIn.of(settings, clock),
                        new InMemoryTickets(clock),
                        store.users(),
                        clock);
        WebSocketSettings bounds = WebSocketSettings.defaults().withPaths(ChatSockets::isPath);
        hub = new Hub(store.rooms(), store.users(), bus, presence, clock, 20);
        sockets = new ChatSockets(chat, hub, doorkeeper, presence, RateLimits.NONE, bounds, clock);
        stack = new WebSocketStack(bounds, sockets);
        http.addListener(listener);
        stack.install(listener);
        new RestApi(chat, doorkeeper, presence, () -> true, origin -> false, Operators.NONE)
                .install(http);
        try {
            http.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        platform = new Platform(listener.getPort(), TokenIssuer.of(settings, clock));
    }

    int port() {
        return listener.getPort();
    }

    Platform platform() {
        return platform;
    }

    @Override
    public void close() {
        hub.close();
        http.shutdownNow();
        stack.close();
        sockets.close();
        bus.close();
        inspector.close();
    }
}
