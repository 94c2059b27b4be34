package com.ecleaner.chat.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Map;

/** Files in messages, by socket alone; how they are uploaded is REST's. */
@Timeout(60)
class AttachmentsTest {
    private final ChatServer server = ChatServer.start();
    private long room;
    private Client anna;
    private Client john;

    @BeforeEach
    void a_client_and_a_cleaner_are_connected() {
        room = server.job("5", "anna", "john");
        anna = server.connect("anna:client");
        john = server.connect("john:cleaner");
        anna.next("welcome");
        john.next("welcome");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode sendPicture(String picture, String words) {
        anna.say(
                "message",
                "room",
                room,
                "message",
                words,
                "message_type",
                "image",
                "attachment_id",
                picture,
                "client_id",
                picture);
        return anna.await("chat_message").get("message");
    }

    private JsonNode refused(long where, String type, Object attachment) {
        return anna.ask(
                "message",
                "room",
                where,
                "message",
                "x",
                "message_type",
                type,
                "attachment_id",
                attachment);
    }

    private void assertNamed(JsonNode error) {
        assertThat(error.get("type").asText()).as("%s", error).isEqualTo("error");
        assertThat(error.get("code").asText()).as("%s", error).isEqualTo("invalid");
        assertThat(error.get("detail").asText()).as("%s", error).startsWith("attachment_id:");
        assertThat(error.get("retryable").asBoolean()).isFalse();
    }

    private boolean isThere(String file) {
        return server.store
                .attachments()
                .find(new AttachmentId(file), new UserId("anna"))
                .isPresent();
    }

    @Test
    void a_picture_is_in_its_echo_in_history_and_in_sync_as_it_is_for_everybody() {
        String picture = server.picture(room, "anna");

        JsonNode message = sendPicture(picture, "");

        JsonNode attachment = message.get("attachment");
        assertThat(message.get("message_type").asText()).isEqualTo("image");
        assertThat(message.get("content").asText()).isEmpty();
        assertThat(attachment.get("id").asText()).isEqualTo(picture);
        assertThat(attachment.get("name").asText()).isEqualTo("stain.jpg");
        assertThat(attachment.get("content_type").asText()).isEqualTo("image/jpeg");
        assertThat(attachment.get("size").asLong()).isEqualTo(48_213);
        assertThat(attachment.get("width").asInt()).isEqualTo(1600);
        assertThat(attachment.get("height").asInt()).isEqualTo(1200);
        assertThat(attachment.get("url").asText()).isEqualTo("/chat/attachments/" + picture + "/");
        assertThat(attachment.get("thumbnail_url").asText())
                .isEqualTo("/chat/attachments/" + picture + "/thumbnail/");
        assertThat(john.await("chat_message").get("message")).isEqualTo(message);
        assertThat(john.ask("history", "room", room).at("/results/0")).isEqualTo(message);
        john.say("sync", "rooms", Map.of(Long.toString(room), 0));
        assertThat(john.await("chat_message").get("message")).isEqualTo(message);
        john.await("synced");
        assertThat(john.ask("room", "room", room).at("/room/last_message")).isEqualTo(message);
    }

    @Test
    void a_file_that_is_no_picture_has_no_dimensions_and_no_thumbnail() {
        String document = server.document(room, "anna");

        anna.say("message", "room", room, "message_type", "file", "attachment_id", document);

        JsonNode attachment = john.await("chat_message").at("/message/attachment");
        assertThat(attachment.get("name").asText()).isEqualTo("invoice.pdf");
        for (String none : List.of("width", "height", "thumbnail_url")) {
            assertThat(attachment.get(none).isNull()).as(none).isTrue();
        }
    }

    @Test
    void the_same_message_sent_again_keeps_its_file_and_another_message_cannot_have_it() {
        String picture = server.picture(room, "anna");
        JsonNode first = sendPicture(picture, "The stain");

        assertThat(sendPicture(picture, "whatever")).isEqualTo(first);
        assertNamed(refused(room, "image", picture));
        john.await("chat_message");
        anna.send(room, "next");
        assertThat(john.await("chat_message").at("/message/seq").asLong()).isEqualTo(2);
    }

    @Test
    void a_file_of_somebody_else_of_another_room_or_of_nobody_is_invalid_in_the_same_words() {
        long other = server.job("6", "anna", "john");
        anna.await("room");
        String johns = server.picture(room, "john");
        String elsewhere = server.picture(room, "anna");

        JsonNode foreign = refused(room, "image", johns);
        JsonNode misplaced = refused(other, "image", elsewhere);
        JsonNode unknown = refused(room, "image", "picture-of-nobody");

        assertNamed(foreign);
        assertThat(misplaced.get("detail")).isEqualTo(foreign.get("detail"));
        assertThat(unknown.get("detail")).isEqualTo(foreign.get("detail"));
        assertThat(isThere(johns)).as("it is still John's to send").isTrue();
        assertThat(sendPicture(elsewhere, "").get("seq").asLong()).isEqualTo(1);
    }

    @Test
    void what_does_not_go_together_names_the_attachment() {
        String picture = server.picture(room, "anna");
        String document = server.document(room, "anna");

        assertNamed(refused(room, "text", picture));
        assertNamed(refused(room, "image", document));
        assertNamed(refused(room, "image", List.of(picture, document)));
        assertNamed(refused(room, "file", "x".repeat(65)));
        assertNamed(refused(room, "file", ""));
        assertNamed(anna.ask("message", "room", room, "message_type", "file"));
        assertThat(anna.ask("history", "room", room).get("results")).isEmpty();
        assertThat(isThere(picture)).isTrue();
    }

    @Test
    void a_reply_to_a_picture_quotes_its_words_or_its_name() {
        long silent = sendPicture(server.picture(room, "anna"), "").get("id").asLong();
        long told = sendPicture(server.picture(room, "anna"), "The stain").get("id").asLong();

        john.say("message", "room", room, "message", "Which one?", "reply_to", silent);
        assertThat(anna.await("chat_message").at("/message/reply_to/excerpt").asText())
                .isEqualTo("stain.jpg");
        john.say("message", "room", room, "message", "I see.", "reply_to", told);
        assertThat(anna.await("chat_message").at("/message/reply_to/excerpt").asText())
                .isEqualTo("The stain");
    }

    @Test
    void a_deleted_message_gives_up_its_file_everywhere() {
        String picture = server.picture(room, "anna");
        long id = sendPicture(picture, "").get("id").asLong();
        john.await("chat_message");
        john.say("message", "room", room, "message", "Ouch", "reply_to", id);
        john.await("chat_message");

        anna.say("delete", "room", room, "message_id", id);

        assertThat(john.await("message_deleted").at("/message/attachment").isNull()).isTrue();
        JsonNode log = john.ask("history", "room", room).get("results");
        assertThat(log.at("/0/attachment").isNull()).isTrue();
        assertThat(log.at("/1/reply_to/excerpt").asText()).isEmpty();
        assertThat(isThere(picture)).isFalse();
        assertNamed(refused(room, "image", picture));
        // The message itself is answered as it is now, with its old name.
        JsonNode again = sendPicture(picture, "The stain");
        assertThat(again.get("id").asLong()).isEqualTo(id);
        assertThat(again.get("attachment").isNull()).isTrue();
    }
}
