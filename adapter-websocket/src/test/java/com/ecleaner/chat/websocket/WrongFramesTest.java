package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

@Timeout(60)
class WrongFramesTest {
    private final ChatServer server = ChatServer.start();
    private long room;
    private Client anna;

    @BeforeEach
    void somebody_is_connected() {
        room = server.job("5", "anna", "john");
        anna = server.connect("anna:client");
        anna.next("welcome");
    }

    @AfterEach
    void nothing_was_stored_and_the_connection_lives() {
        if (!anna.isClosed()) {
            JsonNode echo = anna.send(room, "still here");
            assertThat(echo.get("message").get("seq").asLong()).isEqualTo(1);
        }
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{",
                "{\"type\":\"ping\"",
                "{\"type\":\"ping\"}}",
                "{\"type\":\"ping\"}{\"type\":\"ping\"}",
                "[]",
                "[{\"type\":\"ping\"}]",
                "null",
                "7",
                "\"ping\"",
                "{}",
                "{\"type\":null}",
                "{\"type\":7}",
                "{\"type\":[\"ping\"]}",
                "{\"type\":{\"type\":\"ping\"}}",
                "{\"Type\":\"ping\"}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"message\",\"message\":\"a\",\"message\":\"b\"}",
                "{'type':'ping'}",
                "{\"type\":\"ping\",}",
                "{\"type\":\"ping\",\"x\":01}",
                "{\"type\":\"ping\",\"x\":NaN}",
                "{\"type\":\"\\u00zz\"}",
                "{\"type\":\"a\nb\"}"
            })
    void what_is_no_frame_is_a_bad_frame(String text) {
        anna.raw(text);
        JsonNode error = anna.next("error");
        assertThat(error.get("code").asText()).isEqualTo("bad_frame");
        assertThat(error.get("retryable").asBoolean()).isFalse();
    }

    @Test
    void deep_nesting_is_a_bad_frame_and_no_stack_overflows() {
        anna.raw("{\"type\":\"ping\",\"x\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}");
        anna.refused("bad_frame");
        anna.raw("{\"type\":\"ping\",\"x\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_001));
        anna.refused("bad_frame");
    }

    @Test
    void a_bad_frame_with_an_id_is_answered_with_it() {
        anna.raw("{\"id\":\"x1\"}");
        assertThat(anna.refused("bad_frame").get("id").asText()).isEqualTo("x1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ping", "ping ", "message\u0000", "__proto__", "chat_message"})
    void a_type_nobody_knows_is_an_unknown_type(String type) {
        JsonNode error = anna.ask(type);
        assertThat(error.get("code").asText()).isEqualTo("unknown_type");
    }

    @Test
    void ids_of_any_scalar_kind_are_repeated_as_they_came() {
        for (String id : List.of("\"a\"", "7", "-1.5", "true", "\"\\u0000\\ud83d\\ude00\"")) {
            anna.raw("{\"type\":\"ping\",\"id\":" + id + "}");
            JsonNode pong = anna.next("pong");
            assertThat(pong.get("id")).as(id).isNotNull();
        }
        anna.raw("{\"type\":\"ping\",\"id\":{\"a\":1}}");
        assertThat(anna.next("pong").has("id")).isFalse();
        anna.say("ping");
        assertThat(anna.next("pong").has("id")).isFalse();
    }

    @Test
    void fields_that_nobody_knows_are_ignored() {
        anna.raw("{\"type\":\"ping\",\"id\":1,\"x\":[1,{\"y\":null}],\"seq\":99}");
        anna.next("pong");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "room:'message','message':'x','room':\"ROOM\"",
                "room:'message','message':'x','room':1.5",
                "room:'message','message':'x','room':true",
                "room:'message','message':'x','room':[ROOM]",
                "room:'message','message':'x','room':9223372036854775808",
                "room:'message','message':'x','room':null",
                "room:'message','message':'x'",
                "message:'message','room':ROOM",
                "message:'message','room':ROOM,'message':null",
                "message:'message','room':ROOM,'message':7",
                "message:'message','room':ROOM,'message':['x']",
                "message:'message','room':ROOM,'message':''",
                "message:'message','room':ROOM,'message':' \\n\\t '",
                "message:'message','room':ROOM,'message':'\\u0000'",
                "message:'message','room':ROOM,'message':'a\\u0007b'",
                "message:'message','room':ROOM,'message':'a\\u0085b'",
                "message:'message','room':ROOM,'message':'\\ud800'",
                "message:'message','room':ROOM,'message':'\\udc00\\ud800'",
                "message_type:'message','room':ROOM,'message':'x','message_type':'shout'",
                "message_type:'message','room':ROOM,'message':'x','message_type':1",
                "client_id:'message','room':ROOM,'message':'x','client_id':''",
                "client_id:'message','room':ROOM,'message':'x','client_id':7",
                "client_id:'message','room':ROOM,'message':'x','client_id':'a\\u0000'",
                "reply_to:'message','room':ROOM,'message':'x','reply_to':'1'",
                "reply_to:'message','room':ROOM,'message':'x','reply_to':0",
                "reply_to:'message','room':ROOM,'message':'x','reply_to':-1",
                "reply_to:'message','room':ROOM,'message':'x','reply_to':9007199254740993",
                "reply_to:'message','room':ROOM,'message':'x','reply_to':1e3",
                "attachment_id:'message','room':ROOM,'message':'x','attachment_id':7",
                "attachment_id:'message','room':ROOM,'message':'x','attachment_id':'a'",
                "attachment_id:'message','room':ROOM,'message_type':'image'",
                "attachment_id:'message','room':ROOM,'message_type':'image','attachment_id':'a'",
                "message_id:'edit','room':ROOM,'message':'x'",
                "message_id:'edit','room':ROOM,'message':'x','message_id':'1'",
                "message:'edit','room':ROOM,'message_id':1",
                "message_id:'delete','room':ROOM",
                "up_to_seq:'read','room':ROOM",
                "up_to_seq:'read','room':ROOM,'up_to_seq':'1'",
                "up_to_seq:'read','room':ROOM,'up_to_seq':-1",
                "up_to_seq:'read','room':ROOM,'up_to_seq':1.5",
                "up_to_seq:'read','room':ROOM,'up_to_seq':18446744073709551616",
                "is_typing:'typing','room':ROOM",
                "is_typing:'typing','room':ROOM,'is_typing':1",
                "is_typing:'typing','room':ROOM,'is_typing':'true'",
                "limit:'rooms','limit':0",
                "limit:'rooms','limit':'9'",
                "room:'room'",
                "room:'history'",
                "job_id:'open_room','room_type':'job','job_id':true",
                "job_id:'open_room','room_type':'job','job_id':''",
                "job_id:'open_room','room_type':'job','job_id':-5",
                "job_id:'open_room','room_type':'job','job_id':9007199254740992",
                "job_id:'open_room','room_type':'job','job_id':99999999999999999999",
                "job_id:'open_room','room_type':'job','job_id':1.5",
                "user_id:'open_room','room_type':'support','user_id':-5",
                "user_id:'open_room','room_type':'support','user_id':9007199254740992",
                "topic:'open_room','room_type':'job','job_id':5,'topic':'a/b'",
                "topic:'open_room','room_type':'job','job_id':5,'topic':7",
                "name:'open_room','room_type':'general','name':'a\\u0000b'",
                "user_id:'open_room','room_type':'support','user_id':{}",
                "token:'auth'"
            })
    void a_field_that_is_wrong_is_invalid_and_named(String line) {
        String field = line.substring(0, line.indexOf(':'));
        String frame =
                "{\"id\":1,\"type\":"
                        + line.substring(line.indexOf(':') + 1)
                                .replace('\'', '"')
                                .replace("ROOM", Long.toString(room))
                        + "}";
        anna.raw(frame);
        JsonNode error = anna.next("error");
        assertThat(error.get("code").asText()).as("%s → %s", frame, error).isEqualTo("invalid");
        assertThat(error.get("detail").asText()).as(frame).startsWith(field + ":");
        assertThat(error.get("id").asLong()).isEqualTo(1);
    }

    @Test
    void contents_of_four_thousand_characters_pass_and_one_more_is_invalid() {
        String longest = "👋".repeat(4_000);
        JsonNode error = anna.ask("message", "room", room, "message", longest + "x");
        assertThat(error.get("code").asText()).isEqualTo("invalid");
        JsonNode error2 =
                anna.ask("message", "room", room, "message", "x", "client_id", "c".repeat(101));
        assertThat(error2.get("code").asText()).isEqualTo("invalid");
        long other = server.job("6", "anna", "john");
        anna.await("room");
        assertThat(anna.send(other, longest).get("message").get("content").asText())
                .isEqualTo(longest);
    }

    @Test
    void rooms_and_messages_that_cannot_be_are_not_found() {
        for (long id : new long[] {0, -1, 4711, Long.MAX_VALUE}) {
            JsonNode error = anna.ask("message", "room", id, "message", "x", "client_id", "c1");
            assertThat(error.get("code").asText()).as("room %s", id).isEqualTo("not_found");
            assertThat(error.get("client_id").asText()).isEqualTo("c1");
        }
        for (long id : new long[] {0, -1, 4711, Long.MAX_VALUE}) {
            JsonNode error = anna.ask("delete", "room", room, "message_id", id);
            assertThat(error.get("code").asText()).as("message %s", id).isEqualTo("not_found");
        }
    }

    @Test
    void a_frame_of_sixty_four_kibibytes_is_heard_and_a_far_larger_one_closes() {
        String start = "{\"type\":\"ping\",\"id\":1,\"x\":\"";
        anna.raw(start + "x".repeat(65_536 - start.length() - 2) + "\"}");
        anna.next("pong");
        try {
            anna.raw(start + "x".repeat(1_000_000) + "\"}");
        } catch (RuntimeException closedAlready) {
            // The close frame is what counts.
        }
        assertThat(anna.closeCode()).isEqualTo(1009);
    }

    @Test
    void a_binary_message_closes() {
        anna.binary(new byte[] {1, 2, 3});
        assertThat(anna.closeCode()).isEqualTo(1003);
    }

    @Test
    void a_foreign_room_is_invalid_on_a_rooms_own_address() {
        long other = server.job("6", "anna", "john");
        anna.await("room");
        Client own = server.connect("/ws/job_chat/5/", "anna:client");
        own.next("welcome");
        for (String type : List.of("message", "history", "room", "read", "typing")) {
            JsonNode error = own.ask(type, "room", other, "message", "x");
            assertThat(error.get("code").asText()).as(type).isEqualTo("invalid");
            assertThat(error.get("detail").asText()).startsWith("room");
        }
    }

    @Test
    void whoever_is_too_fast_is_told_to_wait_and_closed_where_they_do_not() {
        server.limits.set((user, kind) -> 1.5);
        JsonNode error = anna.ask("message", "room", room, "message", "x", "client_id", "c");
        assertThat(error.get("code").asText()).isEqualTo("rate_limited");
        assertThat(error.get("retryable").asBoolean()).isTrue();
        assertThat(error.get("retry_after").asDouble()).isEqualTo(1.5);
        assertThat(error.get("client_id").asText()).isEqualTo("c");
        try {
            for (int i = 0; i < 300; i++) {
                anna.say("ping");
            }
        } catch (RuntimeException closedAlready) {
            // The close frame is what counts.
        }
        assertThat(anna.closeCode()).isEqualTo(4429);
    }

    @Test
    void a_flood_of_what_is_no_frame_is_closed_too() {
        server.limits.set((user, kind) -> 1.5);
        try {
            for (int i = 0; i < 300; i++) {
                anna.raw("{");
            }
        } catch (RuntimeException closedAlready) {
            // The close frame is what counts.
        }
        assertThat(anna.closeCode()).isEqualTo(4429);
    }
}
