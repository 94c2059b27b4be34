package com.ecleaner.chat.application.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Member;
import com.ecleaner.chat.domain.view.RoomView;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

class WireTest {
    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2025-10-25T12:00:00.123Z");
    private static final Person JOHN = new Person(new UserId("26"), "cleaner1", "John");
    private static final Person ANNA = new Person(new UserId("anna@home"), "anna", "");

    @Test
    void a_plain_message_says_what_the_contract_says_letter_by_letter() {
        JsonOut out = new JsonOut();
        Wire.message(out, message("Hello", JOHN));

        assertThat(out)
                .hasToString(
                        """
                        {"id":123,"sender":{"id":26,"username":"cleaner1","first_name":"John"},\
                        "content":"Hello","timestamp":"2025-10-25T12:00:00.123Z",\
                        "message_type":"text","is_read":false,"room":7,"seq":42,"client_id":null,\
                        "reply_to":null,"attachment":null,"data":null,"edited_at":null,\
                        "deleted_at":null}\
                        """);
    }

    @Test
    void a_message_with_everything_names_it_as_the_contract_does() throws Exception {
        Attachment stain =
                new Attachment(
                        new AttachmentId("a b"),
                        "stain.jpg",
                        "image/jpeg",
                        48_213,
                        OptionalInt.of(1600),
                        OptionalInt.of(1200),
                        true);
        Message message =
                new Message(
                        new MessageId(1),
                        new RoomId(7),
                        2,
                        3,
                        ANNA,
                        MessageType.JOB_UPDATE,
                        "",
                        NOON,
                        true,
                        Optional.of(new ClientId("c-1")),
                        Optional.of(new Quote(new MessageId(120), 40, JOHN, "Hi")),
                        Optional.of(stain),
                        Optional.of(JobChanges.status("assigned", "in_progress")),
                        Optional.of(NOON),
                        Optional.empty());
        JsonOut out = new JsonOut();
        Wire.message(out, message);

        assertThat(JACKSON.readTree(out.toByteArray()))
                .isEqualTo(
                        JACKSON.readTree(
                                """
                                {"id":1,"sender":{"id":"anna@home","username":"anna","first_name":""},
                                 "content":"","timestamp":"2025-10-25T12:00:00.123Z",
                                 "message_type":"job_update","is_read":true,"room":7,"seq":2,
                                 "client_id":"c-1",
                                 "reply_to":{"id":120,"seq":40,"excerpt":"Hi",
                                   "sender":{"id":26,"username":"cleaner1","first_name":"John"}},
                                 "attachment":{"id":"a b","name":"stain.jpg","content_type":"image/jpeg",
                                   "size":48213,"width":1600,"height":1200,
                                   "url":"/chat/attachments/a%20b/",
                                   "thumbnail_url":"/chat/attachments/a%20b/thumbnail/"},
                                 "data":{"status":{"from":"assigned","to":"in_progress"}},
                                 "edited_at":"2025-10-25T12:00:00.123Z","deleted_at":null}
                                """));
    }

    @Test
    void a_deleted_message_keeps_its_place_and_says_nothing() throws Exception {
        JsonOut out = new JsonOut();
        Wire.message(out, message("secret", JOHN).deleted(NOON, 9));

        JsonNode json = JACKSON.readTree(out.toByteArray());
        assertThat(json.get("content").textValue()).isEmpty();
        assertThat(json.get("seq").longValue()).isEqualTo(42);
        assertThat(json.get("deleted_at").textValue()).isEqualTo("2025-10-25T12:00:00.123Z");
    }

    @Test
    void a_small_room_shows_its_people_and_who_is_there() throws Exception {
        JsonOut out = new JsonOut();
        Wire.room(
                out,
                room(2, Optional.of(message("Hello", JOHN))),
                Map.of(
                        JOHN.id(), new Presence.Seen(true, Optional.empty()),
                        ANNA.id(), new Presence.Seen(false, Optional.of(NOON))));

        assertThat(JACKSON.readTree(out.toByteArray()))
                .isEqualTo(
                        JACKSON.readTree(
                                """
                                {"id":7,"name":"job_chat_5_keys","room_type":"job","topic":"keys",
                                 "job":{"id":5,"title":"Windows","status":"assigned"},
                                 "participants":[
                                  {"user":{"id":"anna@home","username":"anna","first_name":""},
                                   "role":"client","joined_at":"2025-10-25T12:00:00.123Z",
                                   "last_seen":"2025-10-25T12:00:00.123Z","is_online":false,
                                   "last_read_seq":40},
                                  {"user":{"id":26,"username":"cleaner1","first_name":"John"},
                                   "role":"cleaner","joined_at":"2025-10-25T12:00:00.123Z",
                                   "last_seen":null,"is_online":true,"last_read_seq":0}],
                                 "participant_count":2,
                                 "created_at":"2025-10-25T12:00:00.123Z",
                                 "updated_at":"2025-10-25T12:00:00.123Z","is_active":true,
                                 "version":918,"last_seq":42,"last_read_seq":40,"unread_count":2,
                                 "last_message":%s}
                                """
                                        .formatted(json(message("Hello", JOHN)))));
    }

    @Test
    void a_room_of_more_than_fifty_shows_nobodys_presence() throws Exception {
        JsonOut out = new JsonOut();
        RoomView crowd = room(51, Optional.empty());
        Wire.room(out, crowd, Map.of(JOHN.id(), new Presence.Seen(true, Optional.of(NOON))));

        JsonNode json = JACKSON.readTree(out.toByteArray());
        assertThat(json.get("participant_count").intValue()).isEqualTo(51);
        assertThat(json.get("last_message").isNull()).isTrue();
        assertThat(json.findValues("is_online")).noneMatch(JsonNode::booleanValue);
        assertThat(json.findValues("last_seen")).allMatch(JsonNode::isNull);
        assertThat(Wire.shownPresence(List.of(crowd))).isEmpty();
    }

    @Test
    void presence_is_asked_for_the_people_of_small_rooms() {
        assertThat(Wire.shownPresence(List.of(room(2, Optional.empty()))))
                .containsExactlyInAnyOrder(JOHN.id(), ANNA.id());
    }

    @ParameterizedTest
    @CsvSource({
        "26, 26",
        "0, 0",
        "007, \"007\"",
        "-1, \"-1\"",
        "9007199254740991, 9007199254740991",
        "9007199254740992, \"9007199254740992\"",
        "u-1, \"u-1\""
    })
    void an_id_is_a_number_where_javascript_holds_it_exactly(String id, String written) {
        JsonOut user = new JsonOut();
        Wire.id(user, new UserId(id));
        JsonOut job = new JsonOut();
        Wire.id(job, new JobId(id));

        assertThat(user).hasToString(written);
        assertThat(job).hasToString(written);
    }

    private static String json(Message message) {
        JsonOut out = new JsonOut();
        Wire.message(out, message);
        return out.toString();
    }

    private static Message message(String content, Person sender) {
        return new Message(
                new MessageId(123),
                new RoomId(7),
                42,
                918,
                sender,
                MessageType.TEXT,
                content,
                NOON,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static RoomView room(int people, Optional<Message> last) {
        JobId job = new JobId("5");
        return new RoomView(
                new Room(
                        new RoomId(7),
                        new RoomKey.OfJob(job, Optional.of("keys")),
                        NOON,
                        NOON,
                        true,
                        918,
                        1,
                        42,
                        people),
                Optional.of(
                        new Job(
                                job,
                                "Windows",
                                "assigned",
                                Optional.of(ANNA.id()),
                                Optional.of(JOHN.id()),
                                true)),
                List.of(
                        new Member(
                                ANNA,
                                new Participant(ANNA.id(), Role.CLIENT, NOON, 40, 0, true, 1)),
                        new Member(JOHN, Participant.joining(JOHN.id(), Role.CLEANER, NOON, 0, 1))),
                40,
                2,
                Membership.OWN,
                last);
    }
}
