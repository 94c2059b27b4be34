package com.ecleaner.chat.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A bare WebSocket: sends what it is told, letter by letter, and keeps what comes, in order. */
final class TestSocket implements WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int SECONDS = 30;

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private WebSocket socket;

    private TestSocket() {}

    static TestSocket open(int port, String path) {
        return open(port, path, null);
    }

    static TestSocket open(int port, String path, String origin) {
        TestSocket made = new TestSocket();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        if (origin != null) {
            builder.header("Origin", origin);
        }
        made.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), made).join();
        return made;
    }

    TestSocket send(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    TestSocket sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** The next frame, whatever it is. */
    JsonNode next() throws InterruptedException {
        JsonNode frame = frames.poll(SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("nothing came");
        }
        return frame;
    }

    /** The next frame, which must be of that type. */
    JsonNode expect(String type) throws InterruptedException {
        JsonNode frame = frames.poll(SECONDS, TimeUnit.SECONDS);
        if (frame == null || !frame.path("type").asText().equals(type)) {
            throw new AssertionError("expected " + type + ", got " + frame);
        }
        return frame;
    }

    /** Every frame that came and was not asked for yet. */
    List<JsonNode> rest() {
        List<JsonNode> rest = new ArrayList<>();
        frames.drainTo(rest);
        return rest;
    }

    /** Whether it is open still, as far as it was told. */
    boolean isOpen() {
        return !closed.isDone();
    }

    /** The next frame of that type; others are passed over. */
    JsonNode await(String type) throws InterruptedException {
        List<JsonNode> passed = new ArrayList<>();
        while (true) {
            JsonNode frame = frames.poll(SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no " + type + ", only " + passed);
            }
            if (frame.path("type").asText().equals(type)) {
                return frame;
            }
            passed.add(frame);
        }
    }

    /** The code the connection is closed with, once it is. */
    int closeCode() throws Exception {
        return closed.get(SECONDS, TimeUnit.SECONDS);
    }

    void close() {
        socket.abort();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            try {
                frames.add(Platform.JSON.readTree(partial.toString()));
            } catch (JsonProcessingException e) {
                closed.completeExceptionally(e);
            }
            partial.setLength(0);
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
