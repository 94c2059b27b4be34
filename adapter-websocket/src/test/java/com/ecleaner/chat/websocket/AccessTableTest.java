package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/**
 * Who may do what where, each cell tried over a WebSocket, printed as a table. Each line has a room
 * of its own, so that no line depends on another; the actions of a line are tried from left to
 * right, in a room that is closed again before each where it is to be closed.
 */
@Timeout(120)
class AccessTableTest {
    private static final List<String> PEOPLE =
            List.of("client", "cleaner", "former", "stranger", "admin", "platform");

    /** y: yes; f: forbidden; c: room_closed; -: there is no such room for them. */
    private static final String EXPECTED =
            """
            room           who      see history edits search write system read typing edit delete edit-other delete-other open leave close reopen
            job            client   y   y       y     y      y     f      y    y      y    y      f          f            y    f     f     f
            job            cleaner  y   y       y     y      y     f      y    y      y    y      f          f            y    f     f     f
            job            former   -   -       -     -      -     -      -    -      -    -      -          -            -    -     -     -
            job            stranger -   -       -     -      -     -      -    -      -    -      -          -            -    -     -     -
            job            admin    y   y       y     y      y     f      y    y      y    y      f          y            y    f     f     f
            job            platform y   y       y     y      f     y      y    y      y    y      f          f            y    f     f     f
            support        client   y   y       y     y      y     f      y    y      y    y      f          f            y    f     f     f
            support        cleaner  -   -       -     -      -     -      -    -      -    -      -          -            f    -     -     -
            support        former   -   -       -     -      -     -      -    -      -    -      -          -            f    -     -     -
            support        stranger -   -       -     -      -     -      -    -      -    -      -          -            f    -     -     -
            support        admin    y   y       y     y      y     f      y    y      y    y      f          y            y    f     y     y
            support        platform y   y       y     y      f     y      y    y      y    y      f          f            y    f     y     y
            general        client   y   y       y     y      y     f      y    y      y    y      f          f            y    y     f     f
            general        cleaner  y   y       y     y      y     f      y    y      y    y      f          f            y    y     f     f
            general        former   y   y       y     y      y     f      y    y      y    y      f          f            y    y     f     f
            general        stranger y   y       y     y      y     f      y    y      y    y      f          f            y    y     f     f
            general        admin    y   y       y     y      y     f      y    y      y    y      f          y            y    y     y     y
            general        platform y   y       y     y      f     y      y    y      y    y      f          f            y    f     y     y
            closed-job     client   y   y       y     y      c     f      y    c      c    y      f          f            y    f     f     f
            closed-job     cleaner  y   y       y     y      c     f      y    c      c    y      f          f            y    f     f     f
            closed-job     former   -   -       -     -      -     -      -    -      -    -      -          -            -    -     -     -
            closed-job     stranger -   -       -     -      -     -      -    -      -    -      -          -            -    -     -     -
            closed-job     admin    y   y       y     y      c     f      y    c      c    y      f          y            y    f     f     f
            closed-job     platform y   y       y     y      f     c      y    y      c    y      f          f            y    f     f     f
            closed-support client   y   y       y     y      y     f      y    c      c    y      f          f            y    f     f     f
            closed-support cleaner  -   -       -     -      -     -      -    -      -    -      -          -            f    -     -     -
            closed-support former   -   -       -     -      -     -      -    -      -    -      -          -            f    -     -     -
            closed-support stranger -   -       -     -      -     -      -    -      -    -      -          -            f    -     -     -
            closed-support admin    y   y       y     y      c     f      y    c      c    y      f          y            y    f     y     y
            closed-support platform y   y       y     y      f     c      y    y      c    y      f          f            y    f     y     y
            closed-general client   y   y       y     y      c     f      y    c      c    y      f          f            y    y     f     f
            closed-general cleaner  y   y       y     y      c     f      y    c      c    y      f          f            y    y     f     f
            closed-general former   y   y       y     y      c     f      y    y      c    y      f          f            y    y     f     f
            closed-general stranger y   y       y     y      c     f      y    y      c    y      f          f            y    y     f     f
            closed-general admin    y   y       y     y      c     f      y    c      c    y      f          y            y    y     y     y
            closed-general platform y   y       y     y      f     c      y    y      c    y      f          f            y    f     y     y
            """;

    @Test
    void every_cell_of_the_access_table_holds_over_websocket() {
        String header = EXPECTED.lines().findFirst().orElseThrow();
        List<String> tried = new ArrayList<>();
        tried.add(header);
        try (ChatServer server = ChatServer.start()) {
            for (String where :
                    List.of(
                            "job",
                            "support",
                            "general",
                            "closed-job",
                            "closed-support",
                            "closed-general")) {
                for (String who : PEOPLE) {
                    Scene scene = new Scene(server, where, who, tried.size());
                    tried.add(scene.line(header));
                }
            }
        }
        System.out.println(String.join(System.lineSeparator(), tried));

        assertThat(tried).containsExactlyElementsOf(EXPECTED.lines().toList());
    }

    /**
     * A room with its people: a message by an admin, and one by whoever tries, who wrote it while
     * they could: the former cleaner as the cleaner; in a general room the two who have nothing to
     * do with the job have left again.
     */
    private static final class Scene {
        private final ChatServer server;
        private final boolean closed;
        private final String type;
        private final String who;
        private final String n;
        private final RoomKey key;
        private final long room;
        private final Actor actor;
        private final Actor author;
        private final long others;
        private final long own;
        private final Client client;

        Scene(ChatServer server, String where, String who, int line) {
            this.server = server;
            this.closed = where.startsWith("closed-");
            this.type = where.replace("closed-", "");
            this.who = who;
            this.n = Integer.toString(line);
            this.actor =
                    new Actor(
                            who.equals("platform") ? ChatServer.PLATFORM.id() : new UserId(who + n),
                            role());
            this.author = new Actor(new UserId("author" + n), Role.ADMIN);
            server.job("job" + n, "client" + n, "former" + n);
            this.key =
                    switch (type) {
                        case "job" -> RoomKey.OfJob.main(new JobId("job" + n));
                        case "support" ->
                                new RoomKey.OfSupport(
                                        new UserId("client" + n),
                                        Optional.empty(),
                                        Optional.empty());
                        default -> new RoomKey.OfAll("hall" + n);
                    };
            this.room = server.room(key);
            Client writer = server.connect("author" + n + ":admin");
            writer.next("welcome");
            this.others = writer.send(room, "hers").get("message").get("id").asLong();
            OptionalLong before = who.equals("former") ? write() : OptionalLong.empty();
            book(Optional.of(true));
            this.own = before.isPresent() ? before.getAsLong() : write().orElse(others);
            if (type.equals("general") && (who.equals("former") || who.equals("stranger"))) {
                server.chat.leaveRoom().leave(actor, new RoomId(room)).join();
            }
            this.client = server.connect(actor.id() + ":" + role().wireName());
            client.next("welcome");
            close();
        }

        private Role role() {
            return switch (who) {
                case "cleaner", "former" -> Role.CLEANER;
                case "admin" -> Role.ADMIN;
                case "platform" -> Role.SERVICE;
                default -> Role.CLIENT;
            };
        }

        private void book(Optional<Boolean> active) {
            server.job("job" + n, "client" + n, "cleaner" + n, "assigned", active);
        }

        /** A message of whoever tries, where they may write one. */
        private OptionalLong write() {
            Draft draft =
                    new Draft(
                            who.equals("platform") ? MessageType.SYSTEM : MessageType.TEXT,
                            "mine",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
            try {
                return OptionalLong.of(
                        server.chat
                                .sendMessage()
                                .send(actor, new RoomId(room), draft)
                                .join()
                                .message()
                                .orElseThrow()
                                .id()
                                .value());
            } catch (CompletionException | Refusal refused) {
                return OptionalLong.empty();
            }
        }

        private void close() {
            if (closed && type.equals("job")) {
                book(Optional.of(false));
            } else if (closed) {
                server.chat.closeRoom().close(author, new RoomId(room));
            }
        }

        /** The answers, below their actions. */
        String line(String header) {
            String[] columns = header.split("(?<=\\s)(?=\\S)", -1);
            StringBuilder line = new StringBuilder();
            for (String column : columns) {
                String cell =
                        switch (column.strip()) {
                            case "room" -> closed ? "closed-" + type : type;
                            case "who" -> who;
                            default -> attempt(column.strip());
                        };
                line.append(cell).repeat(' ', Math.max(0, column.length() - cell.length()));
            }
            return line.toString().stripTrailing();
        }

        private String attempt(String action) {
            close();
            return answer(
                    switch (action) {
                        case "see" -> client.ask("room", "room", room);
                        case "history" -> client.ask("history", "room", room);
                        case "edits" -> client.ask("edits", "room", room, "message_id", others);
                        case "search" -> client.ask("search", "room", room, "q", "hers");
                        case "write" -> said("text");
                        case "system" -> said("system");
                        case "read" -> client.ask("read", "room", room, "up_to_seq", 0);
                        case "typing" -> typed();
                        case "edit" -> changed("edit", "message_edited", own);
                        case "delete" -> changed("delete", "message_deleted", own);
                        case "edit-other" -> changed("edit", "message_edited", others);
                        case "delete-other" -> changed("delete", "message_deleted", others);
                        case "open" -> opened();
                        case "leave" -> left();
                        case "close" -> client.ask("close_room", "room", room);
                        case "reopen" -> client.ask("reopen_room", "room", room);
                        default -> throw new AssertionError(action);
                    });
        }

        private static String answer(JsonNode frame) {
            if (!frame.path("type").asText().equals("error")) {
                return "y";
            }
            return switch (frame.get("code").asText()) {
                case "forbidden" -> "f";
                case "room_closed" -> "c";
                case "not_found" -> "-";
                default -> frame.toString();
            };
        }

        private JsonNode said(String messageType) {
            client.say(
                    "message",
                    "room",
                    room,
                    "message",
                    "x",
                    "message_type",
                    messageType,
                    "client_id",
                    messageType,
                    "id",
                    messageType);
            return client.await(
                    f ->
                            f.path("id").asText().equals(messageType)
                                    || f.at("/message/client_id").asText().equals(messageType),
                    "an answer to " + messageType);
        }

        /** Where it is taken, nobody answers: then what was asked after it is. */
        private JsonNode typed() {
            client.say("typing", "room", room, "is_typing", true, "id", "typing");
            JsonNode pong = client.ask("ping");
            return client.seen().stream()
                    .filter(f -> f.path("id").asText().equals("typing"))
                    .findFirst()
                    .orElse(pong);
        }

        private JsonNode changed(String type, String answer, long message) {
            String id = type + message;
            client.say(type, "room", room, "message_id", message, "message", "!", "id", id);
            return client.await(
                    f ->
                            f.path("id").asText().equals(id)
                                    || (f.path("type").asText().equals(answer)
                                            && f.at("/message/id").asLong() == message),
                    "an answer to " + type);
        }

        private JsonNode opened() {
            return switch (key) {
                case RoomKey.OfJob job ->
                        client.ask("open_room", "room_type", "job", "job_id", "job" + n);
                case RoomKey.OfSupport support ->
                        client.ask("open_room", "room_type", "support", "user_id", "client" + n);
                case RoomKey.OfAll hall ->
                        client.ask("open_room", "room_type", "general", "name", hall.name());
            };
        }

        private JsonNode left() {
            client.say("leave_room", "room", room, "id", "leave");
            return client.await(
                    f ->
                            f.path("id").asText().equals("leave")
                                    || f.path("type").asText().equals("room_left"),
                    "an answer to leave_room");
        }
    }
}
