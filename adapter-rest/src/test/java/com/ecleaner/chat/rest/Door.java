package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.files.UploadLimits;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.memory.InMemoryTickets;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A running chat with nothing but its REST door, on the I/O strategy that sockets want. What stands
 * around it (limits, presence, readiness, the store's mood) is scripted by the public fields.
 */
final class Door implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final Given given;
    volatile RateLimits limits = RateLimits.NONE;
    volatile boolean ready = true;
    volatile Optional<RuntimeException> fault = Optional.empty();
    volatile Consumer<String> onVerify = token -> {};
    final Map<UserId, Presence.Seen> seen = new ConcurrentHashMap<>();

    final FaultyFiles files = new FaultyFiles();
    final ScriptedInspector inspector = new ScriptedInspector();
    final Chat chat;

    private final Map<String, Identity> tokens = new ConcurrentHashMap<>();
    private final AtomicLong millis =
            new AtomicLong(Instant.parse("2025-10-26T10:30:00.123Z").toEpochMilli());
    private final HttpServer server = new HttpServer();
    private final NetworkListener listener = new NetworkListener("test", "127.0.0.1", 0);
    private final HttpClient client = HttpClient.newHttpClient();

    Door() {
        this(RestHandler.Limits.DEFAULT);
    }

    Door(RestHandler.Limits bounds) {
        this(bounds, Operators.NONE);
    }

    Door(RestHandler.Limits bounds, UploadLimits uploads) {
        this(bounds, uploads, Operators.NONE);
    }

    Door(RestHandler.Limits bounds, Operators operators) {
        this(bounds, UploadLimits.upTo(1 << 20), operators);
    }

    private Door(RestHandler.Limits bounds, UploadLimits uploads, Operators operators) {
        InMemoryStore store = new InMemoryStore();
        InstantSource clock = () -> Instant.ofEpochMilli(millis.addAndGet(1_000));
        given =
                new Given(
                        new Ports(
                                store.log(),
                                store.rooms(),
                                store.jobs(),
                                store.users(),
                                store.attachments(),
                                store.search()));
        chat =
                new Chat(
                        new Chat.Stores(
                                store.log(),
                                store.rooms(),
                                store.jobs(),
                                store.users(),
                                store.search()),
                        new Chat.Files(store.attachments(), files, inspector, uploads),
                        new Nobody(),
                        (user, kind) -> limits.secondsToWait(user, kind),
                        clock);
        Doorkeeper doorkeeper =
                new Doorkeeper(this::verify, new InMemoryTickets(clock), store.users(), clock);
        listener.getTransport().setIOStrategy(SameThreadIOStrategy.getInstance());
        server.addListener(listener);
        new RestApi(
                        chat,
                        doorkeeper,
                        new Watched(),
                        () -> ready,
                        "https://app.example"::equals,
                        operators,
                        bounds)
                .install(server);
        try {
            server.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.shutdownNow();
    }

    int port() {
        return listener.getPort();
    }

    /** A token for somebody, as their role is in this test. */
    String token(Somebody who) {
        String token = "token-" + who.id() + "-" + who.role();
        tokens.put(token, new Identity(who.person(), who.role(), Instant.MAX));
        return token;
    }

    /** Requests as one person. */
    As as(Somebody who) {
        return new As(Optional.of("Bearer " + token(who)));
    }

    As nobody() {
        return new As(Optional.empty());
    }

    As with(String authorization) {
        return new As(Optional.of(authorization));
    }

    static String rooms(RoomId room, String rest) {
        return "/chat/rooms/" + room + "/" + rest;
    }

    private Optional<Identity> verify(String token) {
        onVerify.accept(token);
        if (fault.isPresent()) {
            throw fault.get();
        }
        return Optional.ofNullable(tokens.get(token));
    }

    /** Somebody at the door. */
    final class As {
        private final Optional<String> authorization;

        private As(Optional<String> authorization) {
            this.authorization = authorization;
        }

        Reply get(String path) {
            return send("GET", path, Optional.empty());
        }

        /** A list from its first page to its last, by their cursors; {@code path} has a query. */
        List<Reply> pages(String path) {
            List<Reply> pages = new ArrayList<>(List.of(get(path)));
            while (!pages.getLast().at("/next").isNull()) {
                assertThat(pages.getLast().status()).as(pages.getLast().body()).isEqualTo(200);
                assertThat(pages).as("it comes to an end").hasSizeLessThan(100);
                pages.add(get(path + "&cursor=" + pages.getLast().at("/next").asText()));
            }
            return pages;
        }

        Reply post(String path) {
            return send("POST", path, Optional.empty());
        }

        Reply post(String path, String json) {
            return send("POST", path, Optional.of(json));
        }

        Reply put(String path, String json) {
            return send("PUT", path, Optional.of(json));
        }

        Reply patch(String path, String json) {
            return send("PATCH", path, Optional.of(json));
        }

        Reply delete(String path) {
            return send("DELETE", path, Optional.empty());
        }

        Reply send(String method, String path, Optional<String> json, String... headers) {
            HttpRequest.Builder request =
                    request(path)
                            .method(
                                    method,
                                    json.map(HttpRequest.BodyPublishers::ofString)
                                            .orElse(HttpRequest.BodyPublishers.noBody()));
            boolean typed = headers.length > 0 && Set.of(headers).contains("Content-Type");
            if (json.isPresent() && !typed) {
                request.header("Content-Type", "application/json");
            }
            if (headers.length > 0) {
                request.headers(headers);
            }
            return reply(request);
        }

        /** Posts a body of any kind. */
        Reply post(String path, String contentType, byte[] body) {
            return reply(
                    request(path)
                            .header("Content-Type", contentType)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        }

        private HttpRequest.Builder request(String path) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                            .timeout(Duration.ofSeconds(30));
            authorization.ifPresent(value -> request.header("Authorization", value));
            return request;
        }

        /** Each byte comes back as one character: bodies may be anything. */
        private Reply reply(HttpRequest.Builder request) {
            try {
                HttpResponse<byte[]> answer =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                boolean text =
                        answer.headers().firstValue("Content-Type").orElse("").contains("json");
                return new Reply(
                        answer.statusCode(),
                        answer.headers(),
                        new String(answer.body(), text ? UTF_8 : ISO_8859_1));
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** What came back. */
    record Reply(int status, HttpHeaders headers, String body) {
        JsonNode json() {
            try {
                return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + body, e);
            }
        }

        JsonNode at(String pointer) {
            return json().at(pointer);
        }

        String code() {
            return json().path("code").asText();
        }

        /** Status, code and field of a problem, to be compared in one go: {@code 422 invalid x}. */
        String problem() {
            return (status + " " + code() + " " + json().path("field").asText()).strip();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    private final class Watched implements Presence {
        @Override
        public boolean arrived(UserId user, String session) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean left(UserId user, String session, Instant at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<UserId, Seen> of(Set<UserId> users) {
            Map<UserId, Seen> known = new HashMap<>();
            users.forEach(user -> known.put(user, seen.getOrDefault(user, Seen.UNKNOWN)));
            return known;
        }
    }

    /** REST has no listeners. */
    private static final class Nobody implements EventBus {
        @Override
        public void publish(ChatEvent event) {}

        @Override
        public void listen(Consumer<ChatEvent> listener) {}

        @Override
        public CompletionStage<Void> follow(RoomId room) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void unfollow(RoomId room) {}
    }
}
