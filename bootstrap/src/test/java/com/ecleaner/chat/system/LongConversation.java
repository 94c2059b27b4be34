package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import javax.imageio.ImageIO;

/**
 * Anna booked a cleaning, John cleans, Eve helps: by socket and by REST they reply, edit, delete,
 * read, open rooms of all kinds and look for what was said, until John asks to be forgotten. Each
 * step waits for the one before, so that two chats that play it must end alike.
 */
final class LongConversation {
    private static final List<String> QUESTIONS =
            List.of(
                    "key",
                    "KEYS",
                    "side",
                    "schlussel",
                    "ou",
                    "mat",
                    "thanks",
                    "john",
                    "eve",
                    "anna",
                    "secret",
                    "old",
                    "lobby",
                    "nothing of the kind");

    private final int port;
    private final Platform platform;
    private final String service;
    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final Map<String, TestSocket> sockets = new LinkedHashMap<>();
    private int names;
    private JsonNode plan;

    LongConversation(int port, Platform platform) {
        this.port = port;
        this.platform = platform;
        this.service = platform.token("platform", Role.SERVICE);
        tokens.put("anna", platform.token("anna", Role.CLIENT));
        tokens.put("john", platform.token("john", Role.CLEANER));
        tokens.put("eve", platform.token("eve", Role.ADMIN));
    }

    /** Plays it, and returns what everybody sees afterwards, without what differs by nature. */
    Map<String, JsonNode> play() throws InterruptedException {
        user("anna", "client");
        user("john", "cleaner");
        user("eve", "admin");
        long job = book("assigned", "john");
        for (String who : tokens.keySet()) {
            TestSocket socket = TestSocket.open(port, "/ws/?token=" + tokens.get(who));
            socket.expect("welcome");
            sockets.put(who, socket);
        }
        inTheJobsRoom(job);
        withFiles(job);
        inAFurtherRoom();
        inSupport();
        inTheLobby();
        johnGoesAndComesBack(job);
        searchesAgreeOnBothDoors();
        johnIsErased(job);
        Map<String, JsonNode> state = state();
        sockets.values().forEach(TestSocket::close);
        return state;
    }

    private void inTheJobsRoom(long job) throws InterruptedException {
        JsonNode hello = say("anna", job, "Hello John, the old key is outside", 0);
        JsonNode answer = post("john", job, "Under the mat?", hello.get("id").asLong());
        assertThat(answer.at("/reply_to/excerpt").asText()).startsWith("Hello John");
        assertThat(answer.at("/reply_to/seq").asLong()).isEqualTo(1);
        JsonNode again = post("john", job, "Again", 0, answer.get("client_id").asText());
        assertThat(again.get("id")).isEqualTo(answer.get("id"));

        // Edited by REST, then by socket; both see it, and a quote says what is said now.
        patch("anna", job, hello, "Hello John, the new key is outside");
        assertThat(heard("john", "message_edited", f -> true).at("/message/content").asText())
                .contains("new key");
        sockets.get("anna")
                .send(
                        "{\"type\":\"edit\",\"room\":%d,\"message_id\":%d,\"message\":\"%s\"}"
                                .formatted(
                                        job,
                                        hello.get("id").asLong(),
                                        "Hello John, the keys are inside"));
        assertThat(heard("john", "message_edited", f -> true).at("/message/edited_at").isTextual())
                .isTrue();
        JsonNode quote = platform.log(job, tokens.get("john")).get(1).get("reply_to");
        assertThat(quote.get("excerpt").asText()).isEqualTo("Hello John, the keys are inside");
        JsonNode edits = get("john", edits(job, hello)).get("results");
        assertThat(edits).hasSize(2);
        assertThat(
                        ask(
                                        "john",
                                        "\"type\":\"edits\",\"room\":%d,\"message_id\":%d"
                                                .formatted(job, hello.get("id").asLong()))
                                .get("results"))
                .isEqualTo(edits);

        // Deleted by socket and by REST: the place stays, the quote is empty, the edits are gone.
        JsonNode secret = say("john", job, "The secret code is 1234", 0);
        say("anna", job, "Not here!", secret.get("id").asLong());
        patch("john", job, secret, "The secret code is ****");
        sockets.get("john")
                .send(
                        "{\"type\":\"delete\",\"room\":%d,\"message_id\":%d}"
                                .formatted(job, secret.get("id").asLong()));
        heard("anna", "message_deleted", f -> f.at("/message/id").equals(secret.get("id")));
        assertThat(get("anna", edits(job, secret)).get("results")).isEmpty();
        JsonNode typo = post("anna", job, "tpyo", 0);
        assertThat(send("DELETE", "anna", message(job, typo), null).status()).isEqualTo(204);
        heard("john", "message_deleted", f -> f.at("/message/id").equals(typo.get("id")));
        List<JsonNode> log = platform.log(job, tokens.get("anna"));
        assertThat(log.get(3).at("/reply_to/excerpt").asText()).isEmpty();

        // Marks by both doors; the platform tells of the job and speaks.
        sockets.get("john").send("{\"type\":\"read\",\"room\":%d,\"up_to_seq\":2}".formatted(job));
        heard("john", "read", f -> true);
        ObjectNode mark = Platform.JSON.createObjectNode().put("up_to_seq", 3);
        assertThat(send("POST", "anna", "/chat/rooms/" + job + "/read/", mark).status())
                .isEqualTo(200);
        book("in_progress", "john");
        assertThat(heardMessage("anna", job, "job_update").at("/data/status/to").asText())
                .isEqualTo("in_progress");
        ObjectNode note = Platform.JSON.createObjectNode().put("message", "Please wear gloves");
        assertThat(platform.post("/platform/rooms/" + job + "/messages/", service, note).status())
                .isEqualTo(201);
        heardMessage("john", job, "system");
    }

    private void withFiles(long job) throws InterruptedException {
        JsonNode picture = upload("anna", job, "stain.png", picture());
        assertThat(picture.get("width").asInt()).isEqualTo(40);
        ObjectNode image = Platform.JSON.createObjectNode().put("type", "message");
        image.put("room", job).put("message_type", "image").put("client_id", "stain");
        image.put("message", "Can you do something about this?");
        image.set("attachment_id", picture.get("id"));
        sockets.get("anna").send(image.toString());
        JsonNode shown = heardMessage("john", job, "image");
        assertThat(shown.get("attachment")).isEqualTo(picture);

        plan = upload("john", job, "plan.txt", "Mind the stairs".getBytes(StandardCharsets.UTF_8));
        ObjectNode file = Platform.JSON.createObjectNode().put("message_type", "file");
        file.put("message", "").set("attachment_id", plan.get("id"));
        String send = "/chat/rooms/" + job + "/send_message/";
        assertThat(send("POST", "john", send, file).status()).isEqualTo(201);
        assertThat(send("POST", "john", send, file).status()).isEqualTo(422);
        file.set("attachment_id", upload("anna", job, "b.txt", new byte[] {'b'}).get("id"));
        assertThat(send("POST", "john", send, file).status()).isEqualTo(422);
        for (String who : tokens.keySet()) {
            assertThat(status(who, picture)).isEqualTo(200);
            assertThat(status(who, plan)).isEqualTo(200);
        }
        String stranger = platform.token("mallory", Role.CLIENT);
        assertThat(platform.status(picture.get("url").asText(), stranger)).isEqualTo(404);

        JsonNode wrong = upload("anna", job, "wrong.png", picture());
        file.put("message_type", "image").set("attachment_id", wrong.get("id"));
        Platform.Answer regretted = send("POST", "anna", send, file);
        assertThat(regretted.status()).isEqualTo(201);
        send("DELETE", "anna", message(job, regretted.body()), null);
        assertThat(status("john", wrong)).isEqualTo(404);
    }

    private JsonNode upload(String who, long room, String name, byte[] content) {
        Platform.Answer kept = platform.upload(tokens.get(who), room, name, content);
        assertThat(kept.status()).as("%s", kept).isEqualTo(201);
        return kept.body();
    }

    private int status(String who, JsonNode file) {
        return platform.status(file.get("url").asText(), tokens.get(who));
    }

    private static byte[] picture() {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void inAFurtherRoom() throws InterruptedException {
        String open =
                "\"type\":\"open_room\",\"room_type\":\"job\",\"job_id\":5,\"topic\":\"keys\"";
        long keys = ask("john", open).at("/room/id").asLong();
        heard("anna", "room", f -> f.at("/room/id").asLong() == keys);
        say("anna", keys, "Der Schlüssel liegt bei den Nachbarn", 0);
        post("john", keys, "Thanks <b>& bye</b>", 0);
        assertThat(ask("anna", open).at("/room/id").asLong()).isEqualTo(keys);
    }

    private void inSupport() throws InterruptedException {
        ObjectNode body =
                Platform.JSON.createObjectNode().put("room_type", "support").put("job_id", 5);
        Platform.Answer opened = send("POST", "anna", "/chat/rooms/", body);
        assertThat(opened.status()).isEqualTo(201);
        assertThat(send("POST", "anna", "/chat/rooms/", body).status()).isEqualTo(200);
        long support = opened.body().get("id").asLong();
        heard("eve", "room", f -> f.at("/room/id").asLong() == support);
        // Else the room itself may bring her the answer, as its last message.
        heard("anna", "room", f -> f.at("/room/id").asLong() == support);
        post("anna", support, "John lost the keys", 0);
        assertThat(queue()).containsExactly(support);
        assertThat(send("GET", "john", "/chat/rooms/" + support + "/", null).status())
                .isEqualTo(404);

        say("eve", support, "We send another one", 0);
        heardMessage("anna", support, "text");
        JsonNode closed = ask("eve", "\"type\":\"close_room\",\"room\":" + support);
        assertThat(closed.at("/room/is_active").asBoolean()).isFalse();
        assertThat(queue()).isEmpty();
        heard("anna", "room", f -> !f.at("/room/is_active").asBoolean());
        say("anna", support, "Thanks, but he found them", 0);
        assertThat(queue()).containsExactly(support);
        assertThat(send("POST", "eve", "/chat/rooms/" + support + "/close/", null).status())
                .isEqualTo(200);
        ask("eve", "\"type\":\"reopen_room\",\"room\":" + support);
        assertThat(queue()).containsExactly(support);
        ask("eve", "\"type\":\"close_room\",\"room\":" + support);

        body = Platform.JSON.createObjectNode().put("room_type", "support").put("user_id", "john");
        body.put("topic", "warning");
        long warning = send("POST", "eve", "/chat/rooms/", body).body().get("id").asLong();
        // Else the room itself may tell him, with its last message.
        heard("john", "room", frame -> frame.at("/room/id").asLong() == warning);
        post("eve", warning, "Mind the keys", 0);
        heardMessage("john", warning, "text");
    }

    /** Whoever waits for support, as an admin is told by REST and by socket. */
    private List<Long> queue() throws InterruptedException {
        JsonNode byRest = get("eve", "/chat/rooms/?scope=all&room_type=support&is_active=true");
        JsonNode bySocket =
                ask(
                        "eve",
                        "\"type\":\"rooms\",\"scope\":\"all\",\"room_type\":\"support\","
                                + "\"is_active\":true");
        assertThat(ids(bySocket)).isEqualTo(ids(byRest));
        return ids(byRest);
    }

    private static List<Long> ids(JsonNode list) {
        List<Long> rooms = new ArrayList<>();
        list.get("results").forEach(room -> rooms.add(room.get("id").asLong()));
        return rooms;
    }

    private void inTheLobby() throws InterruptedException {
        String open = "\"type\":\"open_room\",\"room_type\":\"general\",\"name\":\"lobby\"";
        long lobby = 0;
        for (String who : tokens.keySet()) {
            lobby = ask(who, open).at("/room/id").asLong();
            post(who, lobby, who + " is in the lobby", 0);
        }
        sockets.get("john").send("{\"type\":\"leave_room\",\"room\":%d}".formatted(lobby));
        heard("john", "room_left", f -> true);
        say("anna", lobby, "Who lost a key?", 0);
        post("eve", lobby, "Nobody here", 0);
    }

    private void johnGoesAndComesBack(long job) throws InterruptedException {
        book("in_progress", null);
        heard("john", "room_left", f -> f.get("room").asLong() == job);
        assertThat(send("GET", "john", "/chat/rooms/" + job + "/", null).status()).isEqualTo(404);
        say("anna", job, "Is anybody there? The key!", 0);
        book("in_progress", "john");
        JsonNode room = heard("john", "room", f -> f.at("/room/id").asLong() == job).get("room");
        assertThat(room.get("last_read_seq").asLong()).isEqualTo(2);
        say("john", job, "Here again, keyless", 0);
        book("done", "john");
        heardMessage("john", job, "job_update");
    }

    private void searchesAgreeOnBothDoors() throws InterruptedException {
        for (String who : tokens.keySet()) {
            for (String q : QUESTIONS) {
                JsonNode byRest = get(who, search(q));
                JsonNode bySocket = ask(who, "\"type\":\"search\",\"q\":\"" + q + "\"");
                assertThat(bySocket.get("results")).as(q).isEqualTo(byRest.get("results"));
            }
        }
        assertThat(get("anna", search("secret")).get("results")).isEmpty();
        assertThat(get("anna", search("old")).get("results")).isEmpty();
        assertThat(get("john", search("schlussel")).at("/results/0/excerpt").asText())
                .startsWith("Der Schlüssel");
    }

    private void johnIsErased(long job) throws InterruptedException {
        assertThat(platform.send("DELETE", "/platform/users/john/", service, null).status())
                .isEqualTo(204);
        assertThat(closeCode("john")).isEqualTo(4401);
        assertThat(heard("anna", "user_erased", f -> true).get("user_id").asText())
                .isEqualTo("john");
        assertThat(send("GET", "john", "/chat/rooms/", null).status()).isEqualTo(401);
        assertThat(platform.send("DELETE", "/platform/users/john/", service, null).status())
                .isEqualTo(204);
        List<JsonNode> log = platform.log(job, tokens.get("anna"));
        assertThat(log)
                .filteredOn(m -> m.at("/sender/id").asText().equals("john"))
                .hasSizeGreaterThan(2)
                .allMatch(m -> m.get("content").asText().isEmpty())
                .allMatch(m -> m.at("/sender/first_name").asText().isEmpty());
        assertThat(status("anna", plan)).isEqualTo(404);
        assertThat(get("eve", search("john")).at("/results").toString())
                .doesNotContain("\"username\":\"john\"");
    }

    // --- what everybody sees

    private Map<String, JsonNode> state() {
        Map<Long, String> rooms = new TreeMap<>();
        get("eve", "/chat/rooms/?scope=all&limit=100")
                .get("results")
                .forEach(room -> rooms.put(room.get("id").asLong(), room.get("name").asText()));
        Map<String, JsonNode> state = new TreeMap<>();
        for (String who : List.of("anna", "eve")) {
            JsonNode list = get(who, "/chat/rooms/?limit=100");
            state.put(who + ", total unread", list.get("total_unread"));
            list.get("results")
                    .forEach(
                            room ->
                                    state.put(
                                            who + ", listed, " + room.get("name").asText(),
                                            plain(room, rooms)));
            for (String q : QUESTIONS) {
                state.put(who + " looks for " + q, plain(get(who, search(q)), rooms));
            }
        }
        rooms.forEach(
                (id, name) -> {
                    state.put(
                            name + ", itself", plain(get("eve", "/chat/rooms/" + id + "/"), rooms));
                    for (JsonNode message : platform.log(id, tokens.get("eve"))) {
                        String what = name + " " + message.get("seq");
                        state.put(what, plain(message, rooms));
                        state.put(what + ", before", plain(get("eve", edits(id, message)), rooms));
                    }
                });
        return state;
    }

    /**
     * Without ids, addresses and times, which the stores give as they like, and without who is
     * online.
     */
    private static JsonNode plain(JsonNode value, Map<Long, String> rooms) {
        if (value instanceof ObjectNode object) {
            ObjectNode plain = Platform.JSON.createObjectNode();
            object.properties()
                    .forEach(
                            field -> {
                                String name = field.getKey();
                                JsonNode held = field.getValue();
                                switch (name) {
                                    case "last_seen", "is_online", "url", "thumbnail_url" -> {}
                                    case "attachment" -> {
                                        JsonNode file = held.deepCopy();
                                        if (file instanceof ObjectNode known) {
                                            known.remove("id");
                                        }
                                        plain.set(name, plain(file, rooms));
                                    }
                                    case "next" -> plain.put(name, !held.isNull());
                                    case "id", "room" -> {
                                        if (!held.isNumber()) {
                                            plain.set(name, plain(held, rooms));
                                        } else if (name.equals("room")) {
                                            plain.put(name, rooms.get(held.asLong()));
                                        }
                                    }
                                    default -> plain.set(name, plain(held, rooms));
                                }
                            });
            return plain;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode plain = Platform.JSON.createArrayNode();
            array.forEach(element -> plain.add(plain(element, rooms)));
            return plain;
        }
        boolean time = value.isTextual() && value.asText().matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        return time ? Platform.JSON.getNodeFactory().textNode("a time") : value;
    }

    // --- by socket

    /** Says it by socket, and waits until the others who are to hear it could have. */
    private JsonNode say(String who, long room, String text, long replyTo)
            throws InterruptedException {
        String name = "c" + ++names;
        ObjectNode frame = Platform.JSON.createObjectNode().put("type", "message");
        frame.put("room", room).put("message", text).put("client_id", name);
        if (replyTo > 0) {
            frame.put("reply_to", replyTo);
        }
        sockets.get(who).send(frame.toString());
        while (true) {
            JsonNode message = heard(who, "chat_message", f -> true).get("message");
            if (message.path("client_id").asText().equals(name)) {
                return message;
            }
        }
    }

    private JsonNode ask(String who, String fields) throws InterruptedException {
        String id = "q" + ++names;
        sockets.get(who).send("{\"id\":\"" + id + "\"," + fields + "}");
        while (true) {
            JsonNode frame = sockets.get(who).next();
            if (frame.path("id").asText().equals(id)) {
                assertThat(frame.get("type").asText()).as("%s", frame).isNotEqualTo("error");
                return frame;
            }
        }
    }

    private JsonNode heard(String who, String type, Predicate<JsonNode> such)
            throws InterruptedException {
        while (true) {
            JsonNode frame = sockets.get(who).await(type);
            if (such.test(frame)) {
                return frame;
            }
        }
    }

    private JsonNode heardMessage(String who, long room, String type) throws InterruptedException {
        return heard(
                        who,
                        "chat_message",
                        f ->
                                f.get("room").asLong() == room
                                        && f.at("/message/message_type").asText().equals(type)
                                        && !f.at("/message/sender/id").asText().equals(who))
                .get("message");
    }

    private int closeCode(String who) {
        try {
            return sockets.get(who).closeCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // --- by REST

    private JsonNode post(String who, long room, String text, long replyTo) {
        return post(who, room, text, replyTo, "c" + ++names);
    }

    private JsonNode post(String who, long room, String text, long replyTo, String name) {
        ObjectNode body = Platform.JSON.createObjectNode();
        body.put("message", text).put("client_id", name);
        if (replyTo > 0) {
            body.put("reply_to", replyTo);
        }
        Platform.Answer sent = send("POST", who, "/chat/rooms/" + room + "/send_message/", body);
        assertThat(sent.status()).as("%s", sent).isIn(200, 201);
        return sent.body();
    }

    private void patch(String who, long room, JsonNode message, String text) {
        ObjectNode body = Platform.JSON.createObjectNode().put("message", text);
        assertThat(send("PATCH", who, message(room, message), body).status()).isEqualTo(200);
    }

    private JsonNode get(String who, String path) {
        Platform.Answer answer = send("GET", who, path, null);
        assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(200);
        return answer.body();
    }

    private Platform.Answer send(String method, String who, String path, ObjectNode body) {
        return platform.send(method, path, tokens.get(who), body);
    }

    private static String message(long room, JsonNode message) {
        return "/chat/rooms/" + room + "/messages/" + message.get("id").asLong() + "/";
    }

    private static String edits(long room, JsonNode message) {
        return message(room, message) + "edits/";
    }

    private static String search(String q) {
        return "/chat/search/?limit=50&q=" + URLEncoder.encode(q, StandardCharsets.UTF_8);
    }

    private void user(String name, String role) {
        ObjectNode body = Platform.JSON.createObjectNode().put("username", name);
        body.put("first_name", "First " + name).put("role", role);
        assertThat(platform.send("PUT", "/platform/users/" + name + "/", service, body).status())
                .isEqualTo(200);
    }

    private long book(String status, String cleaner) {
        ObjectNode body = Platform.JSON.createObjectNode();
        body.put("title", "Two rooms and a bath").put("status", status);
        person(body.putObject("client"), "anna");
        if (cleaner == null) {
            body.putNull("cleaner");
        } else {
            person(body.putObject("cleaner"), cleaner);
        }
        Platform.Answer written = platform.send("PUT", "/platform/jobs/5/", service, body);
        assertThat(written.status()).as("%s", written).isIn(200, 201);
        return written.body().get("room").asLong();
    }

    private static void person(ObjectNode person, String name) {
        person.put("id", name).put("username", name).put("first_name", "First " + name);
    }
}
