package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The table of who may do what, tried cell by cell through the door. A cell is an action by
 * somebody in a kind of room, and the status it gets; each is tried in a room of its own.
 */
class AccessTableTest {
    private static final List<String> ACTIONS =
            List.of(
                    "see",
                    "read",
                    "edits",
                    "search",
                    "send",
                    "speak",
                    "mark",
                    "edit",
                    "delete",
                    "edit-other",
                    "delete-other",
                    "open",
                    "close",
                    "reopen");

    /** A row for each person and room, a column for each of {@link #ACTIONS}. */
    private static final String TABLE =
            """
            room    who            see read edits search send speak mark edit delete edit-other delete-other open close reopen
            job     client         200 200  200   200    201  403   200  200  204    403        403          200  403   403
            job     cleaner        200 200  200   200    201  403   200  200  204    403        403          200  403   403
            job     former_cleaner 404 404  404   404    404  403   404  404  404    404        404          404  404   404
            job     other_client   404 404  404   404    404  403   404  404  404    404        404          404  404   404
            job     other_cleaner  404 404  404   404    404  403   404  404  404    404        404          404  404   404
            job     admin          200 200  200   200    201  403   200  200  204    403        204          200  403   403
            job     service        200 200  200   200    403  201   200  200  204    403        403          200  403   403
            support opener         200 200  200   200    201  403   200  200  204    403        403          200  403   403
            support other_client   404 404  404   404    404  403   404  404  404    404        404          403  404   404
            support other_cleaner  404 404  404   404    404  403   404  404  404    404        404          403  404   404
            support admin          200 200  200   200    201  403   200  200  204    403        204          200  200   200
            support service        200 200  200   200    403  201   200  200  204    403        403          200  200   200
            general anybody        200 200  200   200    201  403   200  200  204    403        403          200  403   403
            general admin          200 200  200   200    201  403   200  200  204    403        204          200  200   200
            general service        200 200  200   200    403  201   200  200  204    403        403          200  200   200
            """;

    private static Door door;

    @BeforeAll
    static void open() {
        door = new Door();
    }

    @AfterAll
    static void close() {
        door.close();
    }

    static Stream<Arguments> cells() {
        return TABLE.lines()
                .skip(1)
                .map(line -> line.trim().split("\\s+"))
                .flatMap(
                        cells ->
                                Stream.iterate(0, i -> i < ACTIONS.size(), i -> i + 1)
                                        .map(
                                                i ->
                                                        Arguments.of(
                                                                cells[0],
                                                                cells[1],
                                                                ACTIONS.get(i),
                                                                Integer.parseInt(cells[i + 2]))));
    }

    @ParameterizedTest(name = "{0} room, {1} may {2}: {3}")
    @MethodSource("cells")
    void whoever_tries_gets_what_the_table_says(
            String type, String who, String action, int status) {
        Scene scene = new Scene(type);

        assertThat(scene.attempt(scene.person(who), action)).isEqualTo(status);
    }

    @ParameterizedTest(name = "in a closed {0} room {1} may {2}: {3}")
    @CsvSource({
        "job, client, see, 200",
        "job, client, read, 200",
        "job, client, send, 409",
        "job, client, edit, 409",
        "job, client, delete, 204",
        "job, client, mark, 200",
        "job, client, open, 200",
        "job, admin, send, 409",
        "job, admin, delete-other, 204",
        "job, service, speak, 409",
        "support, opener, read, 200",
        "support, opener, send, 201",
        "support, opener, edit, 409",
        "support, opener, open, 200",
        "support, admin, send, 409",
        "support, admin, reopen, 200",
        "support, service, speak, 409",
        "general, anybody, read, 200",
        "general, anybody, send, 409",
        "general, anybody, edit, 409",
        "general, anybody, delete, 204",
        "general, service, speak, 409"
    })
    void a_closed_room_is_read_and_marked_but_not_written(
            String type, String who, String action, int status) {
        Scene scene = new Scene(type);
        scene.closeRoom();

        assertThat(scene.attempt(scene.person(who), action)).isEqualTo(status);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("actions")
    void a_room_of_others_is_answered_to_the_letter_as_one_that_does_not_exist(String action) {
        Scene scene = new Scene("job");
        Somebody stranger = scene.person("other_client");

        Door.Reply others = scene.ask(stranger, action, scene.room.id().toString());
        Door.Reply nowhere = scene.ask(stranger, action, "987654321");

        assertThat(others.status()).isEqualTo(404);
        assertThat(others.body()).isEqualTo(nowhere.body());
        assertThat(others.headers().map().keySet()).isEqualTo(nowhere.headers().map().keySet());
    }

    /** Those that name a room, and need no role before it is looked for. */
    static List<String> actions() {
        return ACTIONS.stream().filter(a -> !List.of("open", "speak").contains(a)).toList();
    }

    /** A room of its own with its people, and a message by somebody else in it. */
    private static final class Scene {
        private final Given given = new Given(door.given.ports());
        private final Somebody client = given.client("client");
        private final Somebody cleaner = given.cleaner("cleaner");
        private final Somebody former = given.cleaner("former");
        private final Somebody admin = given.admin("admin");
        private final Somebody other = given.admin("author");
        private final String type;
        private final Talk room;
        private final RoomKey key;
        private final Message message;
        private final Map<UserId, Message> own = new HashMap<>();

        Scene(String type) {
            this.type = type;
            this.key =
                    switch (type) {
                        case "job" -> RoomKey.OfJob.main(given.job("job").id());
                        case "support" ->
                                new RoomKey.OfSupport(
                                        client.id(), Optional.empty(), Optional.empty());
                        default -> new RoomKey.OfAll(given.unique("lobby"));
                    };
            List<Somebody> inside = new ArrayList<>(List.of(client, admin));
            if (type.equals("job")) {
                given.job("job").client(client).cleaner(former).booked();
                own.put(former.id(), given.open(key).say(former, "mine"));
                given.job("job").client(client).cleaner(cleaner).booked();
                inside.add(cleaner);
            }
            this.room = given.open(key);
            this.message = room.say(other, "Hello");
            inside.forEach(who -> own.put(who.id(), room.say(who, "mine")));
            Draft notice =
                    new Draft(
                            MessageType.SYSTEM,
                            "mine",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
            Somebody platform = given.platform();
            own.put(platform.id(), room.post(platform, notice).message().orElseThrow());
        }

        void closeRoom() {
            if (type.equals("job")) {
                given.job("job").client(client).cleaner(cleaner).active(false).written();
            } else {
                room.close(admin);
            }
        }

        Somebody person(String who) {
            return switch (who) {
                case "client", "opener", "anybody" -> client;
                case "cleaner" -> cleaner;
                case "former_cleaner" -> former;
                case "other_client" -> given.client("eve");
                case "other_cleaner" -> given.cleaner("max");
                case "admin" -> admin;
                case "service" -> given.platform();
                default -> throw new AssertionError(who);
            };
        }

        int attempt(Somebody who, String action) {
            return ask(who, action, room.id().toString()).status();
        }

        Door.Reply ask(Somebody who, String action, String id) {
            Door.As as = door.as(who);
            String address = "/chat/rooms/" + id + "/";
            String others = address + "messages/" + message.id() + "/";
            String mine = address + "messages/" + own.getOrDefault(who.id(), message).id() + "/";
            String words = "{\"message\":\"x\"}";
            return switch (action) {
                case "see" -> as.get(address);
                case "read" -> as.get(address + "messages/");
                case "edits" -> as.get(others + "edits/");
                case "search" -> as.get("/chat/search/?q=hello&room=" + id);
                case "send" -> as.post(address + "send_message/", words);
                case "speak" -> as.post("/platform/rooms/" + id + "/messages/", words);
                case "edit" -> as.patch(mine, words);
                case "delete" -> as.delete(mine);
                case "edit-other" -> as.patch(others, words);
                case "delete-other" -> as.delete(others);
                case "open" -> as.post("/chat/rooms/", opening());
                case "mark" -> as.post(address + "read/", "{\"up_to_seq\":1}");
                case "close" -> as.post(address + "close/");
                case "reopen" -> as.post(address + "reopen/");
                default -> throw new AssertionError(action);
            };
        }

        private String opening() {
            return switch (key) {
                case RoomKey.OfJob job -> "{\"room_type\":\"job\",\"job_id\":\"" + job.of() + "\"}";
                case RoomKey.OfSupport support ->
                        "{\"room_type\":\"support\",\"user_id\":\"" + support.opener() + "\"}";
                case RoomKey.OfAll hall ->
                        "{\"room_type\":\"general\",\"name\":\"" + hall.name() + "\"}";
            };
        }
    }
}
