package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may do what where, each cell tried over a WebSocket, printed as a table. */
@Timeout(120)
class AccessTableTest {
    private static final List<String> PEOPLE =
            List.of(
                    "the job's client",
                    "the job's cleaner",
                    "a cleaner who was unassigned",
                    "another client",
                    "an admin",
                    "the platform");
    private static final List<String> ROOMS = List.of("job", "support", "general", "closed job");
    private static final List<String> ACTIONS =
            List.of(
                    "see", "history", "edits", "write", "system", "read", "typing", "edit",
                    "delete");

    /** What is expected: a column for each of {@link #ACTIONS}. */
    private static final Map<String, String> BOOK = new LinkedHashMap<>();

    private static void rule(String who, String where, String... may) {
        BOOK.put(who + " | " + where, String.join(" ", may));
    }

    static {
        String[] in = {
            "yes", "yes", "yes", "yes", "forbidden", "yes", "yes", "forbidden", "forbidden"
        };
        String[] out = new String[9];
        java.util.Arrays.fill(out, "not_found");
        String[] admin = {
            "yes", "yes", "yes", "yes", "forbidden", "yes", "yes", "forbidden", "yes"
        };
        String[] platform = {
            "yes", "yes", "yes", "forbidden", "yes", "yes", "yes", "forbidden", "forbidden"
        };
        String[] readable = {
            "yes",
            "yes",
            "yes",
            "room_closed",
            "forbidden",
            "yes",
            "room_closed",
            "forbidden",
            "forbidden"
        };
        String[] adminClosed = {
            "yes", "yes", "yes", "room_closed", "forbidden", "yes", "yes", "forbidden", "yes"
        };
        String[] platformClosed = {
            "yes", "yes", "yes", "forbidden", "room_closed", "yes", "yes", "forbidden", "forbidden"
        };
        rule(PEOPLE.get(0), "job", in);
        rule(PEOPLE.get(1), "job", in);
        rule(PEOPLE.get(2), "job", out);
        rule(PEOPLE.get(3), "job", out);
        rule(PEOPLE.get(4), "job", admin);
        rule(PEOPLE.get(5), "job", platform);
        // The support room is the client's.
        rule(PEOPLE.get(0), "support", in);
        rule(PEOPLE.get(1), "support", out);
        rule(PEOPLE.get(2), "support", out);
        rule(PEOPLE.get(3), "support", out);
        rule(PEOPLE.get(4), "support", admin);
        rule(PEOPLE.get(5), "support", platform);
        for (int i = 0; i < 4; i++) {
            rule(PEOPLE.get(i), "general", in);
        }
        rule(PEOPLE.get(4), "general", admin);
        rule(PEOPLE.get(5), "general", platform);
        rule(PEOPLE.get(0), "closed job", readable);
        rule(PEOPLE.get(1), "closed job", readable);
        rule(PEOPLE.get(2), "closed job", out);
        rule(PEOPLE.get(3), "closed job", out);
        rule(PEOPLE.get(4), "closed job", adminClosed);
        rule(PEOPLE.get(5), "closed job", platformClosed);
    }

    @Test
    void every_cell_of_the_access_table_holds_over_websocket() {
        try (ChatServer server = ChatServer.start()) {
            Map<String, String> tried = new LinkedHashMap<>();
            StringBuilder table = new StringBuilder("\n");
            table.append(row("who", "where", ACTIONS));
            for (String where : ROOMS) {
                for (String who : PEOPLE) {
                    List<String> answers = answers(server, who, where);
                    tried.put(who + " | " + where, String.join(" ", answers));
                    table.append(row(who, where, answers));
                }
            }
            System.out.println(table);
            Map<String, String> expected = new LinkedHashMap<>();
            tried.keySet().forEach(key -> expected.put(key, String.valueOf(BOOK.get(key))));
            assertThat(tried).isEqualTo(expected);
        }
    }

    private static String row(String who, String where, List<String> cells) {
        StringBuilder row = new StringBuilder(String.format("%-30s%-12s", who, where));
        cells.forEach(cell -> row.append(String.format("%-12s", cell)));
        return row.append('\n').toString();
    }

    private int count;

    /** A room of its own for each line, so that no cell depends on another. */
    private List<String> answers(ChatServer server, String who, String where) {
        String n = Integer.toString(++count);
        String token = token(who, n);
        long room = room(server, where, n);
        Client author = server.connect("author" + n + ":admin");
        author.next("welcome");
        Client client = server.connect(token);
        client.next("welcome");
        boolean closed = where.startsWith("closed");
        if (closed) {
            book(server, n, Optional.of(true));
        }
        long message = author.send(room, "hers").get("message").get("id").asLong();
        if (closed) {
            book(server, n, Optional.of(false));
        }
        return List.of(
                answer(client.ask("room", "room", room)),
                answer(client.ask("history", "room", room)),
                answer(client.ask("edits", "room", room, "message_id", message)),
                said(client, room, "text"),
                said(client, room, "system"),
                answer(client.ask("read", "room", room, "up_to_seq", 0)),
                typed(client, room),
                answer(client.ask("edit", "room", room, "message_id", message, "message", "!")),
                deleted(client, room, message));
    }

    private static String token(String who, String n) {
        return switch (PEOPLE.indexOf(who)) {
            case 0 -> "client" + n + ":client";
            case 1 -> "cleaner" + n + ":cleaner";
            case 2 -> "former" + n + ":cleaner";
            case 3 -> "other" + n + ":client";
            case 4 -> "admin" + n + ":admin";
            default -> "platform:service";
        };
    }

    private static void book(ChatServer server, String n, Optional<Boolean> active) {
        server.job("job" + n, "client" + n, "cleaner" + n, "assigned", active);
    }

    private static long room(ChatServer server, String where, String n) {
        return switch (where) {
            case "support" ->
                    server.room(
                            new RoomKey.OfSupport(
                                    new UserId("client" + n), Optional.empty(), Optional.empty()));
            case "general" -> server.room(new RoomKey.OfAll("hall" + n));
            default -> {
                server.job("job" + n, "client" + n, "former" + n);
                yield server.job("job" + n, "client" + n, "cleaner" + n);
            }
        };
    }

    private static String answer(JsonNode frame) {
        return frame.get("type").asText().equals("error") ? frame.get("code").asText() : "yes";
    }

    private static String said(Client client, long room, String type) {
        client.say(
                "message",
                "room",
                room,
                "message",
                "x",
                "message_type",
                type,
                "client_id",
                type,
                "id",
                "say-" + type);
        return answer(
                client.await(
                        f ->
                                f.path("id").asText().equals("say-" + type)
                                        || f.path("message")
                                                .path("client_id")
                                                .asText()
                                                .equals(type),
                        "an answer to " + type));
    }

    private static String typed(Client client, long room) {
        client.say("typing", "room", room, "is_typing", true, "id", "typing");
        client.say("ping", "id", "after");
        return client.until(f -> f.path("id").asText().equals("after"), "pong").stream()
                .filter(f -> f.path("id").asText().equals("typing"))
                .findFirst()
                .map(AccessTableTest::answer)
                .orElse("yes");
    }

    private static String deleted(Client client, long room, long message) {
        client.say("delete", "room", room, "message_id", message, "id", "del");
        return answer(
                client.await(
                        f ->
                                f.path("id").asText().equals("del")
                                        || f.path("type").asText().equals("message_deleted"),
                        "an answer to delete"));
    }
}
