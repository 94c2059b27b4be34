package com.ecleaner.chat.websocket;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.live.Hub;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.websocket.transport.Handshake;
import com.ecleaner.chat.websocket.transport.Socket;
import com.ecleaner.chat.websocket.transport.SocketAcceptor;
import com.ecleaner.chat.websocket.transport.SocketListener;
import com.ecleaner.chat.websocket.transport.WebSocketSettings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The chat's door for WebSockets: every connection becomes a {@link ChatConnection}. Thread-safe.
 */
public final class ChatSockets implements SocketAcceptor, AutoCloseable {
    /** What all connections share. */
    record Shared(
            Chat chat,
            Hub hub,
            Doorkeeper doorkeeper,
            RateLimits limits,
            Frames frames,
            WebSocketSettings settings,
            InstantSource clock,
            ExecutorService workers,
            SocketCounts counts) {}

    private final Shared shared;

    public ChatSockets(
            Chat chat,
            Hub hub,
            Doorkeeper doorkeeper,
            Presence presence,
            RateLimits limits,
            WebSocketSettings settings,
            InstantSource clock) {
        this.shared =
                new Shared(
                        chat,
                        hub,
                        doorkeeper,
                        limits,
                        new Frames(presence),
                        settings,
                        clock,
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("socket").factory()),
                        new SocketCounts());
    }

    /**
     * Whether there is a WebSocket at that path: {@code /ws/}, {@code /ws/job_chat/…/}, {@code
     * /ws/chat/…/}.
     */
    public static boolean isPath(List<String> segments) {
        return switch (segments.size()) {
            case 1 -> segments.getFirst().equals("ws");
            case 3 ->
                    segments.getFirst().equals("ws")
                            && (segments.get(1).equals("job_chat")
                                    || segments.get(1).equals("chat"));
            default -> false;
        };
    }

    /** What all connections did since the start. */
    public SocketCounts counts() {
        return shared.counts();
    }

    /** The contract of these addresses and their frames, an AsyncAPI document in JSON. */
    public static byte[] contract() {
        try (InputStream in = ChatSockets.class.getResourceAsStream("asyncapi.json")) {
            if (in == null) {
                throw new IllegalStateException("asyncapi.json is missing in this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SocketListener opened(Socket socket, Handshake handshake) {
        ChatConnection connection = new ChatConnection(shared, socket);
        connection.start(handshake);
        return connection;
    }

    /** Waits for nothing: connections end with their sockets. */
    @Override
    public void close() {
        shared.workers().shutdown();
    }
}
