package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.rest.Door.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

/** Whoever names what they have is told whether it is still so, and gets it where it is not. */
class ConditionalReadsTest {
    private static final String LIST = "/chat/rooms/";

    private final Door door = new Door();
    private final Given given = door.given;
    private final Somebody anna = given.client("anna");
    private final Somebody john = given.cleaner("john");
    private final Somebody eve = given.client("eve");
    private final Talk room = given.job("5").client(anna).cleaner(john).booked();
    private final String history = Door.rooms(room.id(), "messages/");

    private Message said;

    @BeforeEach
    void say() {
        said = room.say(john, "Hello");
    }

    @AfterEach
    void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%s/", "%s/messages/", "%s/messages/?after_seq=0&limit=10"})
    void who_has_the_same_already_gets_304_and_no_bytes(String path) {
        String address = LIST + path.formatted(room.id());
        Reply first = door.as(anna).get(address);
        String tag = first.header("ETag");

        assertThat(first.status()).isEqualTo(200);
        assertThat(tag).startsWith("\"");
        for (String has : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            Reply again = get(anna, address, has);
            assertThat(again.status()).as(has).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.header("ETag")).isEqualTo(tag);
            assertThat(again.header("Cache-Control")).isEqualTo("no-store");
        }
        assertThat(get(anna, address, "\"x\"").body()).isEqualTo(first.body());
    }

    @Test
    void whatever_changes_in_an_answer_changes_its_tag() {
        assertChanges(history, () -> room.say(anna, "Yes?"));
        assertChanges(history, () -> room.edit(john, said, "Hello again"));
        assertChanges(history, () -> room.read(anna, 1));
        assertChanges(LIST, () -> room.say(john, "On my way"));
        assertChanges(LIST, () -> room.read(anna, 3));
        assertChanges(
                LIST, () -> door.seen.put(john.id(), new Presence.Seen(true, Optional.empty())));
        assertChanges(Door.rooms(room.id(), ""), () -> room.delete(john, said));
        assertChanges(history, () -> room.say(anna, "Bye"));
    }

    @Test
    void a_tag_lets_nobody_in() {
        String tag = door.as(anna).get(history).header("ETag");

        assertThat(get(eve, history, tag).problem()).isEqualTo("404 not_found");
        assertThat(get(eve, history, "*").problem()).isEqualTo("404 not_found");
        assertThat(
                        door.nobody()
                                .send("GET", history, Optional.empty(), "If-None-Match", tag)
                                .status())
                .isEqualTo(401);
    }

    @Test
    void a_long_answer_says_its_length_ahead() {
        for (int i = 0; i < 40; i++) {
            room.say(anna, "x".repeat(500));
        }

        Reply page = door.as(anna).get(history);

        assertThat(page.body().length()).isGreaterThan(20_000);
        assertThat(page.header("Content-Length")).isEqualTo("" + page.body().length());
        assertThat(page.header("Transfer-Encoding")).isEmpty();
    }

    private void assertChanges(String address, Runnable change) {
        String before = door.as(anna).get(address).header("ETag");
        change.run();
        Reply after = get(anna, address, before);
        assertThat(after.status()).as(address).isEqualTo(200);
        assertThat(after.header("ETag")).isNotEmpty().isNotEqualTo(before);
    }

    private Reply get(Somebody who, String address, String tag) {
        return door.as(who).send("GET", address, Optional.empty(), "If-None-Match", tag);
    }
}
