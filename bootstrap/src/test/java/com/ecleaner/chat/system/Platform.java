package com.ecleaner.chat.system;

import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The marketplace's side of a test: it knows everybody's tokens, books jobs, and asks by REST. */
public final class Platform {
    public static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final TokenIssuer tokens;
    private final Duration patience;

    public Platform(int port, TokenIssuer tokens) {
        this(port, tokens, Duration.ofSeconds(30));
    }

    /** The same with that much patience for an answer. */
    public Platform(int port, TokenIssuer tokens, Duration patience) {
        this.patience = patience;
        this.base = URI.create("http://127.0.0.1:" + port);
        this.tokens = tokens;
    }

    /** The same marketplace with a server at another port. */
    Platform at(int port) {
        return new Platform(port, tokens, patience);
    }

    public String token(String user, Role role) {
        Person person = new Person(new UserId(user), user, "First " + user);
        return tokens.issue(person, role, Duration.ofHours(2));
    }

    /** What came back: the status, and the JSON body (null where there was none). */
    public record Answer(int status, JsonNode body) {}

    public Answer get(String path, String token) {
        return send("GET", path, token, null);
    }

    public Answer post(String path, String token, ObjectNode body) {
        return send("POST", path, token, body);
    }

    public Answer send(String method, String path, String token, ObjectNode body) {
        return answer(
                request(path, token)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build());
    }

    /** Uploads a file for a room. */
    public Answer upload(String token, long room, String name, byte[] content) {
        String before =
                "--x1Y2z3\r\nContent-Disposition: form-data; name=\"room\"\r\n\r\n"
                        + room
                        + "\r\n"
                        + "--x1Y2z3\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\""
                        + name
                        + "\"\r\n\r\n";
        return answer(
                request("/chat/attachments/", token)
                        .header("Content-Type", "multipart/form-data; boundary=x1Y2z3")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArrays(
                                        List.of(
                                                before.getBytes(StandardCharsets.UTF_8),
                                                content,
                                                "\r\n--x1Y2z3--\r\n"
                                                        .getBytes(StandardCharsets.UTF_8))))
                        .build());
    }

    /** With which status an address answers, whatever it answers. */
    public int status(String path, String token) {
        return sent(request(path, token).build()).statusCode();
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(patience)
                .header("Authorization", "Bearer " + token);
    }

    private Answer answer(HttpRequest request) {
        HttpResponse<String> answer = sent(request);
        try {
            return new Answer(
                    answer.statusCode(),
                    answer.body().isEmpty() ? null : JSON.readTree(answer.body()));
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + request, e);
        }
    }

    private HttpResponse<String> sent(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Books a job, or changes its people; returns its main room. */
    public long book(String job, String client, String cleaner) {
        ObjectNode body = JSON.createObjectNode();
        body.put("title", "Job " + job).put("status", "assigned");
        person(body, "client", client);
        person(body, "cleaner", cleaner);
        Answer answer =
                send("PUT", "/platform/jobs/" + job + "/", token("platform", Role.SERVICE), body);
        if (answer.status() >= 300) {
            throw new AssertionError("booking: " + answer);
        }
        return answer.body().get("room").asLong();
    }

    private static void person(ObjectNode body, String field, String user) {
        if (user == null) {
            body.putNull(field);
        } else {
            body.putObject(field)
                    .put("id", user)
                    .put("username", user)
                    .put("first_name", "First " + user);
        }
    }

    /** The room's whole log, as that user reads it. */
    public List<JsonNode> log(long room, String token) {
        List<JsonNode> log = new ArrayList<>();
        while (true) {
            long after = log.isEmpty() ? 0 : log.getLast().get("seq").asLong();
            Answer page =
                    get("/chat/rooms/" + room + "/messages/?limit=200&after_seq=" + after, token);
            if (page.status() != 200) {
                throw new AssertionError("history of room " + room + ": " + page);
            }
            page.body().get("results").forEach(log::add);
            if (!page.body().get("has_more_after").asBoolean()) {
                return log;
            }
        }
    }

    /** The same, read from its end in small pages. */
    List<JsonNode> logBackwards(long room, String token) {
        List<JsonNode> log = new ArrayList<>();
        String position = "";
        while (true) {
            Answer page = get("/chat/rooms/" + room + "/messages/?limit=150" + position, token);
            if (page.status() != 200) {
                throw new AssertionError("history of room " + room + ": " + page);
            }
            List<JsonNode> results = new ArrayList<>();
            page.body().get("results").forEach(results::add);
            log.addAll(0, results);
            if (!page.body().get("has_more_before").asBoolean()) {
                return log;
            }
            position = "&before_seq=" + log.getFirst().get("seq").asLong();
        }
    }
}
