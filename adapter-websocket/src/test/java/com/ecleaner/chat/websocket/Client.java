package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Somebody's device, on the JDK's WebSocket: says things and waits for what comes. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<JsonNode> came = new LinkedBlockingQueue<>();
    private final List<JsonNode> seen = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;
    private CompletableFuture<WebSocket> queued;
    private int asked;

    private Client(int port, String pathAndQuery, String... headers) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        URI address = URI.create("ws://127.0.0.1:" + port + pathAndQuery);
        this.socket = builder.buildAsync(address, new Ear()).orTimeout(20, TimeUnit.SECONDS).join();
        this.queued = CompletableFuture.completedFuture(socket);
    }

    static Client open(int port, String pathAndQuery, String... headers) {
        return new Client(port, pathAndQuery, headers);
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    came.add(JSON.readTree(text.toString()));
                } catch (JsonProcessingException e) {
                    closed.completeExceptionally(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable fault) {
            closed.complete(1006);
        }
    }

    // --- saying

    /** A frame of that type with these fields: name, value, name, value … */
    Client say(String type, Object... fields) {
        return raw(frame(type, fields).toString());
    }

    private static ObjectNode frame(String type, Object... fields) {
        ObjectNode frame = JSON.createObjectNode().put("type", type);
        for (int i = 0; i < fields.length; i += 2) {
            frame.set((String) fields[i], JSON.valueToTree(fields[i + 1]));
        }
        return frame;
    }

    Client raw(String text) {
        socket.sendText(text, true).orTimeout(20, TimeUnit.SECONDS).join();
        return this;
    }

    /** Sends it after what was queued before, without waiting. */
    void queue(String text) {
        queued = queued.thenCompose(done -> socket.sendText(text, true));
    }

    /** Waits until everything that was queued is sent. */
    void flush() {
        queued.orTimeout(20, TimeUnit.SECONDS).join();
        queued = CompletableFuture.completedFuture(socket);
    }

    void binary(byte[] bytes) {
        CompletableFuture<WebSocket> unused = socket.sendBinary(ByteBuffer.wrap(bytes), true);
    }

    /** Says it with an id, and waits for the answer that repeats it. */
    JsonNode ask(String type, Object... fields) {
        String id = "q" + ++asked;
        raw(frame(type, fields).put("id", id).toString());
        return await(f -> f.path("id").asText().equals(id), "an answer to " + type);
    }

    /** Sends a text and waits for its echo. */
    JsonNode send(long room, String text) {
        String name = "c" + ++asked;
        say("message", "room", room, "message", text, "client_id", name);
        return await(
                f ->
                        f.path("type").asText().equals("chat_message")
                                && f.path("message").path("client_id").asText().equals(name),
                "the echo of " + text);
    }

    // --- hearing

    /** The next frame, whatever it is. */
    JsonNode next() {
        try {
            JsonNode frame = came.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(frame).as("a frame; came so far: %s; closed: %s", seen, closed).isNotNull();
            seen.add(frame);
            return frame;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next frame, which is of that type. */
    JsonNode next(String type) {
        JsonNode frame = next();
        assertThat(frame.path("type").asText()).as("%s", frame).isEqualTo(type);
        return frame;
    }

    /** The next frame of that type; what comes before it is passed over. */
    JsonNode await(String type) {
        return await(f -> f.path("type").asText().equals(type), type);
    }

    JsonNode await(String type, Predicate<JsonNode> such) {
        return await(f -> f.path("type").asText().equals(type) && such.test(f), type);
    }

    JsonNode await(Predicate<JsonNode> such, String what) {
        return until(such, what).getLast();
    }

    /** The first such frame of all, whether it was passed over already or is still to come. */
    JsonNode seenOrAwait(Predicate<JsonNode> such, String what) {
        return seen.stream().filter(such).findFirst().orElseGet(() -> await(such, what));
    }

    /** Until each of them has come, in whatever order. */
    void awaitAll(Map<String, Predicate<JsonNode>> all) {
        Map<String, Predicate<JsonNode>> missing = new HashMap<>(all);
        while (!missing.isEmpty()) {
            JsonNode frame = await(f -> true, String.join(" and ", missing.keySet()));
            missing.values().removeIf(such -> such.test(frame));
        }
    }

    /** Everything up to and including the first such frame. */
    List<JsonNode> until(Predicate<JsonNode> such, String what) {
        List<JsonNode> frames = new ArrayList<>();
        while (true) {
            JsonNode frame;
            try {
                frame = came.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(frame).as("%s; came: %s; closed: %s", what, frames, closed).isNotNull();
            seen.add(frame);
            frames.add(frame);
            if (such.test(frame)) {
                return frames;
            }
        }
    }

    List<JsonNode> until(String type) {
        return until(f -> f.path("type").asText().equals(type), type);
    }

    /** The next error, which has that code. */
    JsonNode refused(String code) {
        JsonNode error = await("error");
        assertThat(error.path("code").asText()).as("%s", error).isEqualTo(code);
        return error;
    }

    /** Waits for the close frame; what came before it can still be read. */
    int closeCode() {
        try {
            return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("not closed; came: " + came + " after " + seen, e);
        }
    }

    boolean isClosed() {
        return closed.isDone();
    }

    /** What has come and was not looked at. */
    List<JsonNode> rest() {
        List<JsonNode> rest = new ArrayList<>();
        came.drainTo(rest);
        seen.addAll(rest);
        return rest;
    }

    /** Forgets what was looked at. */
    void forget() {
        seen.clear();
    }

    /** Everything that was looked at. */
    List<JsonNode> seen() {
        return seen;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
