package com.ecleaner.chat.benchmarks;

import com.ecleaner.chat.benchmarks.load.Seat;
import com.ecleaner.chat.benchmarks.load.Template;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.signin.TokenIssuer;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** People and rooms of a running chat, made the way the platform makes them. */
final class World {
    /** What everybody says, so that a frame is as long as a sentence makes it. */
    static final String SAYING = "I am on my way, be there in ten minutes. Is the key with you?";

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "CHAT_PORT",
                    "0",
                    "CHAT_RATE_LIMIT",
                    "off",
                    "CHAT_JWT_SECRET",
                    "only-for-benchmarks-on-this-machine");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final TokenIssuer tokens =
            TokenIssuer.of(Settings.from(SETTINGS), InstantSource.system());
    private final String service = token("service", Role.SERVICE);
    private final int port;
    private final String name;

    /**
     * @param name keeps people and jobs of several worlds apart
     */
    World(int port, String name) {
        this.port = port;
        this.name = name;
    }

    /** What a chat under load is started with. */
    static Map<String, String> settings(String databaseUrl) {
        var settings = new java.util.HashMap<>(SETTINGS);
        settings.put("CHAT_DATABASE_URL", databaseUrl);
        return Map.copyOf(settings);
    }

    /**
     * People in pairs, each pair with rooms of its own, and a seat for each person. All of them
     * send.
     *
     * @param pairs how many
     * @param rooms for each pair
     */
    List<Seat> pairs(int pairs, int rooms) {
        List<List<Template>> messages = new ArrayList<>();
        try (ExecutorService work = Executors.newFixedThreadPool(8)) {
            List<Future<List<Template>>> made = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                int pair = i;
                made.add(work.submit(() -> roomsOf(pair, rooms)));
            }
            for (Future<List<Template>> of : made) {
                messages.add(of.get());
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            seats.add(new Seat(everything("client", i), messages.get(i)));
            seats.add(new Seat(everything("cleaner", i), messages.get(i)));
        }
        return seats;
    }

    /** People in one general room, over its own address; any of them can send. */
    List<Seat> lobby(String room, int people) {
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            seats.add(
                    new Seat(
                            "/ws/chat/" + room + "/?token=" + token(room + i, Role.CLIENT),
                            List.of(
                                    Template.of(
                                            "{\"type\":\"message\",\"message\":\""
                                                    + SAYING
                                                    + "\",\"client_id\":\"$\"}"))));
        }
        return seats;
    }

    /** A get as that user, signed ahead, whose answer is taken whole and not looked at. */
    Runnable asked(String user, String path) {
        HttpRequest request = request(path, token(user, Role.CLIENT)).GET().build();
        return () -> text(request);
    }

    /** The id of a room in which this user is the client, made for the purpose. */
    long room(String user, String job) {
        return answer(
                        request("/platform/jobs/" + job + "/", service)
                                .PUT(
                                        HttpRequest.BodyPublishers.ofString(
                                                job(job, user, user + "-other")))
                                .build())
                .path("room")
                .asLong();
    }

    String clientOf(int pair) {
        return name + "-client-" + pair;
    }

    private List<Template> roomsOf(int pair, int rooms) {
        List<Template> messages = new ArrayList<>();
        for (int i = 0; i < rooms; i++) {
            String job = name + "-" + pair + "-" + i;
            long room =
                    answer(
                                    request("/platform/jobs/" + job + "/", service)
                                            .PUT(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            job(
                                                                    job,
                                                                    name + "-client-" + pair,
                                                                    name + "-cleaner-" + pair)))
                                            .build())
                            .path("room")
                            .asLong();
            messages.add(
                    Template.of(
                            "{\"type\":\"message\",\"room\":"
                                    + room
                                    + ",\"message\":\""
                                    + SAYING
                                    + "\",\"client_id\":\"$\"}"));
        }
        return messages;
    }

    private static String job(String job, String client, String cleaner) {
        return """
        {"title":"Two rooms and a bath, %s","status":"assigned","is_active":true,
         "client":{"id":"%s","username":"%s","first_name":"Anna"},
         "cleaner":{"id":"%s","username":"%s","first_name":"John"}}
        """
                .formatted(job, client, client, cleaner, cleaner);
    }

    private String everything(String who, int pair) {
        return "/ws/?token=" + token(name + "-" + who + "-" + pair, Role.CLIENT);
    }

    private String token(String user, Role role) {
        return tokens.issue(new Person(new UserId(user), user, "Anna"), role, Duration.ofHours(6));
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
    }

    private JsonNode answer(HttpRequest request) {
        try {
            return JSON.readTree(text(request));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(request.uri() + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
