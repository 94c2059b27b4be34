package com.ecleaner.chat.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.rest.Door.Reply;
import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

class SearchTest {
    private final Door door = new Door();
    private final Given given = door.given;
    private final Somebody anna = given.client("anna");
    private final Somebody john = given.cleaner("john");
    private final Somebody eve = given.client("eve");
    private final Somebody admin = given.admin("admin");
    private final Talk room = given.job("5").client(anna).cleaner(john).booked();
    private final Talk other = given.job("6").client(anna).booked();

    @AfterEach
    void close() {
        door.close();
    }

    private static List<String> excerpts(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        List<String> excerpts = new ArrayList<>();
        for (JsonNode result : reply.json().get("results")) {
            excerpts.add(result.get("excerpt").asText());
        }
        return excerpts;
    }

    @Test
    void a_result_is_the_message_with_a_plain_excerpt_and_the_places_that_match() {
        room.say(anna, "<b>The Key</b>\nis outside");

        Reply found = door.as(john).get("/chat/search/?q=key");

        assertThat(RoomsTest.names(found.json())).containsExactly("results", "next");
        assertThat(RoomsTest.names(found.at("/results/0")))
                .containsExactly("message", "excerpt", "highlights");
        assertThat(found.at("/results/0/message"))
                .isEqualTo(door.as(john).get(Door.rooms(room.id(), "messages/")).at("/results/0"));
        assertThat(found.at("/results/0/excerpt").asText()).isEqualTo("<b>The Key</b> is outside");
        assertThat(found.at("/results/0/highlights").toString()).isEqualTo("[[7,10]]");
        assertThat(found.at("/next").isNull()).isTrue();
    }

    @Test
    void one_searches_ones_own_rooms_an_admin_every_room_and_a_stranger_nothing() {
        room.say(anna, "key one");
        other.say(anna, "key two");

        assertThat(excerpts(door.as(anna).get("/chat/search/?q=key")))
                .containsExactly("key two", "key one");
        assertThat(excerpts(door.as(john).get("/chat/search?q=key"))).containsExactly("key one");
        assertThat(excerpts(door.as(admin).get("/chat/search/?q=key"))).hasSize(2);
        assertThat(excerpts(door.as(given.platform()).get("/chat/search/?q=key"))).isEmpty();
        assertThat(door.as(eve).get("/chat/search/?q=key").body())
                .isEqualTo("{\"results\":[],\"next\":null}");
        assertThat(door.nobody().get("/chat/search/?q=key").status()).isEqualTo(401);
    }

    @Test
    void a_room_of_others_is_answered_as_one_that_does_not_exist_and_as_one_without_matches() {
        room.say(anna, "key");

        Reply others = door.as(eve).get("/chat/search/?q=key&room=" + room.id());
        Reply without = door.as(eve).get("/chat/search/?q=window&room=" + room.id());
        Reply nowhere = door.as(eve).get("/chat/search/?q=key&room=987654321");

        assertThat(others.problem()).isEqualTo("404 not_found");
        assertThat(others.body()).isEqualTo(nowhere.body()).isEqualTo(without.body());
        assertThat(excerpts(door.as(john).get("/chat/search/?q=key&room=" + room.id())))
                .containsExactly("key");
        assertThat(excerpts(door.as(anna).get("/chat/search/?q=key&room=" + other.id()))).isEmpty();
    }

    @Test
    void a_general_room_that_one_may_read_is_searched_by_its_id_alone() {
        Talk lobby = given.general("lobby");
        lobby.say(john, "key");

        assertThat(excerpts(door.as(eve).get("/chat/search/?q=key"))).isEmpty();
        assertThat(excerpts(door.as(eve).get("/chat/search/?q=key&room=" + lobby.id())))
                .containsExactly("key");
    }

    @Test
    void results_are_read_page_by_page_best_first() {
        room.say(anna, "monkeys");
        for (int i = 1; i <= 5; i++) {
            room.say(anna, "key " + i);
        }

        List<Reply> pages = door.as(john).pages("/chat/search/?q=key&limit=2");

        assertThat(pages).hasSize(3);
        List<String> all = pages.stream().flatMap(page -> excerpts(page).stream()).toList();
        assertThat(all).containsExactly("key 5", "key 4", "key 3", "key 2", "key 1", "monkeys");
        assertThat(excerpts(door.as(john).get("/chat/search/?q=key&limit=1000"))).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource({
        "'', q",
        "q=, q",
        "q=%20, q",
        "q=%3F%21, q",
        "q=a%00b, q",
        "q=a&q=b, q",
        "q=a&limit=0, limit",
        "q=a&limit=x, limit",
        "q=a&room=x, room",
        "q=a&cursor=x, cursor",
        "q=a&cursor=AAAAAAAAAAAAAAAAAAAAAAA, cursor",
        "q=a&cursor=fwAAAAAAAAAAAAAAAAAAAAE, cursor"
    })
    void what_is_wrong_is_named(String query, String field) {
        assertThat(door.as(john).get("/chat/search/?" + query).problem())
                .isEqualTo("422 invalid " + field);
    }

    @Test
    void a_question_of_a_hundred_letters_is_taken_and_a_longer_one_is_not() {
        assertThat(excerpts(door.as(john).get("/chat/search/?q=" + "a".repeat(100)))).isEmpty();
        assertThat(door.as(john).get("/chat/search/?q=" + "a".repeat(101)).problem())
                .isEqualTo("422 invalid q");
        assertThat(door.as(john).get("/chat/search/?q=key&room=0").problem())
                .isEqualTo("404 not_found");
    }

    @Test
    void a_cleaner_who_was_unassigned_finds_nothing_not_even_with_a_page_mark_of_before() {
        room.say(anna, "key 1");
        room.say(anna, "key 2");
        String mark = door.as(john).get("/chat/search/?q=key&limit=1").at("/next").asText();

        given.job("5").client(anna).noCleaner().written();

        assertThat(excerpts(door.as(john).get("/chat/search/?q=key"))).isEmpty();
        assertThat(excerpts(door.as(john).get("/chat/search/?q=key&cursor=" + mark))).isEmpty();
        assertThat(door.as(john).get("/chat/search/?q=key&room=" + room.id()).problem())
                .isEqualTo("404 not_found");
    }
}
