package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The steps of docs/step-by-step.md, against the whole server with its own PostgreSQL. */
final class FirstConversationTest {
    @TempDir static Path folder;
    private static RunningChat chat;
    private static Platform platform;

    @BeforeAll
    static void start() {
        chat = RunningChat.in(folder, Map.of());
        platform = chat.platform();
    }

    @AfterAll
    static void stop() {
        chat.close();
    }

    private static TestSocket socket(String path, String token) {
        return TestSocket.open(chat.port(), path + "?token=" + token);
    }

    @Test
    void a_client_and_a_cleaner_talk_about_a_job() throws Exception {
        String anna = platform.token("25", Role.CLIENT);
        String john = platform.token("26", Role.CLEANER);
        long room = platform.book("5", "25", "26");

        // The cleaner opens the chat of the job: signed in, let in, told of the room.
        TestSocket johns = socket("/ws/job_chat/5/", john);
        JsonNode welcome = johns.expect("welcome");
        assertThat(welcome.at("/user/id").isIntegralNumber()).isTrue();
        assertThat(welcome.at("/user/id").asLong()).isEqualTo(26);
        assertThat(welcome.at("/rooms/0/id").asLong()).isEqualTo(room);
        assertThat(welcome.at("/rooms/0/name").asText()).isEqualTo("job_chat_5");
        assertThat(welcome.at("/rooms/0/job/id").asLong()).isEqualTo(5);
        // From the first answer on he is told who types.
        johns.send("{\"type\":\"ping\"}");
        johns.expect("pong");

        // The client comes, types and writes, in the words the old front end uses.
        TestSocket annas = socket("/ws/job_chat/5/", anna);
        annas.expect("welcome");
        annas.send("{\"type\":\"typing\",\"is_typing\":true}");
        assertThat(johns.await("typing").at("/user/id").asLong()).isEqualTo(25);
        annas.send("{\"type\":\"message\",\"message\":\"Hello\",\"message_type\":\"text\"}");

        // Both get the same frame.
        JsonNode echo = annas.await("chat_message");
        assertThat(johns.await("chat_message")).isEqualTo(echo);
        JsonNode message = echo.get("message");
        assertThat(message.at("/sender/id").asLong()).isEqualTo(25);
        assertThat(message.at("/sender/first_name").asText()).isEqualTo("First 25");
        assertThat(message.get("content").asText()).isEqualTo("Hello");
        assertThat(message.get("message_type").asText()).isEqualTo("text");
        assertThat(message.get("is_read").asBoolean()).isFalse();
        assertThat(message.get("timestamp").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(message.get("seq").asLong()).isEqualTo(1);

        // Unread, by REST; then John reads.
        JsonNode rooms = platform.get("/chat/rooms/", john).body();
        assertThat(rooms.get("total_unread").asLong()).isEqualTo(1);
        assertThat(rooms.at("/results/0/unread_count").asLong()).isEqualTo(1);
        assertThat(platform.get("/chat/rooms/", anna).body().get("total_unread").asLong()).isZero();
        johns.send("{\"type\":\"read\",\"up_to_seq\":1}");
        JsonNode receipt = annas.await("read");
        assertThat(receipt.get("user_id").asLong()).isEqualTo(26);
        assertThat(receipt.get("up_to_seq").asLong()).isEqualTo(1);
        assertThat(johns.await("read").get("unread_count").asLong()).isZero();

        // What is sent by REST comes out at the sockets, once however often it is sent.
        ObjectNode body = Platform.JSON.createObjectNode();
        body.put("message", "By REST").put("client_id", "r1");
        String address = "/chat/rooms/" + room + "/send_message/";
        assertThat(platform.post(address, john, body).status()).isEqualTo(201);
        assertThat(platform.post(address, john, body).status()).isEqualTo(200);
        assertThat(annas.await("chat_message").at("/message/content").asText())
                .isEqualTo("By REST");
        annas.send(
                "{\"type\":\"message\",\"message\":\"Thanks\",\"client_id\":\"m2\","
                        + "\"reply_to\":"
                        + message.get("id")
                        + "}");
        assertThat(annas.await("chat_message").at("/message/seq").asLong()).isEqualTo(3);

        List<JsonNode> log = platform.log(room, john);
        assertThat(log)
                .extracting(m -> m.get("content").asText())
                .containsExactly("Hello", "By REST", "Thanks");
        assertThat(log.getFirst().get("is_read").asBoolean()).isTrue();
        assertThat(log.getLast().at("/reply_to/excerpt").asText()).isEqualTo("Hello");
        annas.close();
        johns.close();
    }

    @Test
    void a_room_by_its_name_is_made_by_the_first_who_comes() throws Exception {
        TestSocket first = socket("/ws/chat/lobby/", platform.token("31", Role.CLIENT));
        TestSocket second = socket("/ws/chat/lobby/", platform.token("32", Role.CLEANER));
        JsonNode room = first.expect("welcome").at("/rooms/0");
        assertThat(room.get("name").asText()).isEqualTo("lobby");
        assertThat(second.expect("welcome").at("/rooms/0/id")).isEqualTo(room.get("id"));

        second.send("{\"type\":\"message\",\"message\":\"Anybody here?\"}");

        assertThat(first.await("chat_message").at("/message/content").asText())
                .isEqualTo("Anybody here?");
        first.close();
        second.close();
    }

    @Test
    void an_admin_who_only_looks_leaves_no_trace() throws Exception {
        long room = platform.book("7", "41", "42");
        String client = platform.token("41", Role.CLIENT);
        JsonNode before = platform.get("/chat/rooms/" + room + "/", client).body();

        TestSocket admins = socket("/ws/job_chat/7/", platform.token("1", Role.ADMIN));
        assertThat(admins.expect("welcome").at("/rooms/0/unread_count").asLong()).isZero();
        admins.send("{\"type\":\"read\",\"up_to_seq\":1,\"id\":\"x\"}");
        admins.close();

        assertThat(platform.get("/chat/rooms/" + room + "/", client).body()).isEqualTo(before);
    }

    @Test
    void a_cleaner_who_was_unassigned_is_out_at_once() throws Exception {
        platform.book("8", "51", "52");
        TestSocket cleaners = socket("/ws/job_chat/8/", platform.token("52", Role.CLEANER));
        cleaners.expect("welcome");

        platform.book("8", "51", null);

        assertThat(cleaners.await("room_left").hasNonNull("reason")).isTrue();
        assertThat(cleaners.closeCode()).isEqualTo(4403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "e30.e30.e30",
                // {"alg":"none"}, {"sub":"26","exp":4102444800}
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiIyNiIsImV4cCI6NDEwMjQ0NDgwMH0."
            })
    void a_bad_token_is_closed_with_4401(String token) throws Exception {
        assertThat(socket("/ws/", token).closeCode()).isEqualTo(4401);
        assertThat(platform.get("/chat/rooms/", token.isEmpty() ? "x" : token).status())
                .isEqualTo(401);
    }

    @Test
    void a_job_of_others_and_a_job_that_is_none_answer_alike() throws Exception {
        platform.book("9", "61", "62");
        String stranger = platform.token("63", Role.CLEANER);

        assertThat(socket("/ws/job_chat/9/", stranger).closeCode()).isEqualTo(4404);
        assertThat(socket("/ws/job_chat/999/", stranger).closeCode()).isEqualTo(4404);
    }

    @Test
    void a_page_of_a_foreign_origin_is_closed_with_4403() throws Exception {
        String token = platform.token("25", Role.CLIENT);
        for (String origin :
                List.of("https://evil.example", "null", "http://127.0.0.1.evil.example")) {
            assertThat(TestSocket.open(chat.port(), "/ws/?token=" + token, origin).closeCode())
                    .as(origin)
                    .isEqualTo(4403);
        }
        TestSocket own =
                TestSocket.open(
                        chat.port(), "/ws/?token=" + token, "http://127.0.0.1:" + chat.port());
        own.expect("welcome");
        own.close();
    }

    @Test
    void wrong_input_gets_its_error_and_nothing_is_stored() throws Exception {
        long room = platform.book("10", "71", "72");
        String token = platform.token("71", Role.CLIENT);
        TestSocket socket = socket("/ws/job_chat/10/", token);
        socket.expect("welcome");

        for (String[] wrong :
                new String[][] {
                    {"{\"type\":\"mess", "bad_frame"},
                    {"[]", "bad_frame"},
                    {"{}", "bad_frame"},
                    {"{\"type\":\"dance\"}", "unknown_type"},
                    {"{\"type\":\"message\"}", "invalid"},
                    {"{\"type\":\"message\",\"message\":\"\"}", "invalid"},
                    {"{\"type\":\"message\",\"message\":\"   \"}", "invalid"},
                    {"{\"type\":\"message\",\"message\":7}", "invalid"},
                    {"{\"type\":\"message\",\"message\":\"a\\u0000b\"}", "invalid"},
                    {"{\"type\":\"message\",\"message\":\"\\ud800\"}", "invalid"},
                    {"{\"type\":\"message\",\"message\":\"" + "x".repeat(4_001) + "\"}", "invalid"},
                    {"{\"type\":\"message\",\"message\":\"x\",\"room\":999999}", "invalid"},
                    {
                        "{\"type\":\"message\",\"message\":\"x\",\"message_type\":\"system\"}",
                        "forbidden"
                    },
                }) {
            socket.send(wrong[0]);
            JsonNode error = socket.await("error");
            assertThat(error.get("code").asText()).as(wrong[0]).isEqualTo(wrong[1]);
        }
        socket.send("{\"type\":\"ping\",\"id\":\"still here\"}");
        assertThat(socket.await("pong").get("id").asText()).isEqualTo("still here");
        assertThat(platform.log(room, token)).isEmpty();

        socket.sendBinary(new byte[] {1, 2, 3});
        assertThat(socket.closeCode()).isEqualTo(1003);
        assertThat(socket("/ws/job_chat/10/", token).send("x".repeat(1_000_000)).closeCode())
                .isEqualTo(1009);
        assertThat(platform.log(room, token)).isEmpty();
    }

    @Test
    void there_is_no_page_outside_the_demo() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> platform.get("/health/ready", "").status() == 200);
        assertThat(platform.get("/", platform.token("25", Role.CLIENT)).status()).isEqualTo(404);
        assertThat(platform.get("/demo/market.js", platform.token("25", Role.CLIENT)).status())
                .isEqualTo(404);
    }
}
