package com.ecleaner.chat.domain.port;

import static com.ecleaner.chat.domain.Refusal.Code.NOT_FOUND;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.view.Admission;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.SearchPage;
import com.ecleaner.chat.domain.view.SearchScope;
import com.ecleaner.chat.domain.view.Seat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What every store promises of searching. */
public abstract class SearchContract {
    private static final SearchScope OWN = new SearchScope.OwnRooms();
    private static final SearchScope ALL = new SearchScope.EveryRoom();
    private static final RoomId NOWHERE = new RoomId(Long.MAX_VALUE);

    private Given given;
    private Somebody anna;
    private Somebody john;
    private Somebody eve;
    private Talk talk;

    /** The store under test, empty or shared. */
    protected abstract Ports ports();

    /** What a store does by itself in time: the same must be found before and after. */
    protected void settle() {}

    @BeforeEach
    void people() {
        given = new Given(ports());
        anna = given.client("anna");
        john = given.cleaner("john");
        eve = given.admin("eve");
        talk = given.job("5").client(anna).cleaner(john).booked();
    }

    private SearchPage page(
            Somebody who,
            SearchScope scope,
            String typed,
            Optional<SearchCursor> after,
            int limit) {
        return given.ports().search().find(who.actor(), scope, Terms.of(typed), after, limit);
    }

    /** What is found, all of it; the same whether the store has settled or not. */
    private List<Message> find(Somebody who, SearchScope scope, String typed) {
        List<Message> fresh = page(who, scope, typed, Optional.empty(), 50).messages();
        settle();
        assertThat(page(who, scope, typed, Optional.empty(), 50).messages()).isEqualTo(fresh);
        return fresh;
    }

    private List<String> texts(Somebody who, String typed) {
        return find(who, OWN, typed).stream().map(Message::content).toList();
    }

    // --- by what

    @Test
    void a_message_is_found_by_its_words_in_any_order_whatever_their_case_and_accents() {
        Message key = talk.say(anna, "Der Schlüssel liegt unter der FUSSMATTE, 2. Stock!");
        talk.say(anna, "Something else");

        for (String typed : List.of("schlussel", "Fußmatte liegt", "2", "STOCK schlüssel der")) {
            assertThat(find(john, OWN, typed)).as(typed).containsExactly(key);
        }
        assertThat(texts(john, "schlussel window")).isEmpty();
    }

    @Test
    void whole_words_come_before_parts_and_newer_before_older() {
        talk.say(anna, "monkeys");
        talk.say(anna, "key one");
        talk.say(john, "keyring");
        talk.say(john, "key two");

        assertThat(texts(anna, "key")).containsExactly("key two", "key one", "keyring", "monkeys");
    }

    @Test
    void a_short_term_finds_beginnings_of_words_and_a_longer_one_any_part() {
        talk.say(anna, "outside");

        assertThat(texts(john, "ou")).hasSize(1);
        assertThat(texts(john, "si")).isEmpty();
        assertThat(texts(john, "sid")).hasSize(1);
        assertThat(texts(john, "ou sid")).hasSize(1);
    }

    @Test
    void every_script_is_found() {
        for (String text : List.of("Ключ під килимком", "鍵は玄関です", "مفتاح الباب", "done 👍🏽")) {
            talk.say(anna, text);
        }

        assertThat(texts(john, "килим")).containsExactly("Ключ під килимком");
        assertThat(texts(john, "玄関")).containsExactly("鍵は玄関です");
        assertThat(texts(john, "باب")).containsExactly("مفتاح الباب");
        assertThat(texts(john, "👍")).containsExactly("done 👍🏽");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; drop table message; --",
                "100% sure",
                "under_score",
                "back\\slash",
                "a & b | !c <-> (d):*",
                "<script>alert(1)</script>"
            })
    void what_looks_like_a_command_or_a_pattern_is_text(String text) {
        Message said = talk.say(anna, text);
        talk.say(anna, "nothing of the kind");

        assertThat(find(john, OWN, text)).containsExactly(said);
    }

    @Test
    void a_pattern_does_not_stand_for_other_letters() {
        talk.say(anna, "cat");

        assertThat(texts(john, "c_t")).isEmpty();
        assertThat(texts(john, "c%t")).isEmpty();
    }

    @Test
    void a_picture_is_found_by_its_files_name() {
        Attachment stain = given.picture(talk, anna);
        Message picture =
                talk.post(
                                anna,
                                new Draft(
                                        MessageType.IMAGE,
                                        "",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(stain.id()),
                                        Optional.empty()))
                        .message()
                        .orElseThrow();

        assertThat(find(john, OWN, "stain")).containsExactly(picture);
        talk.edit(anna, picture, "In the hall");
        assertThat(find(john, OWN, "stain hall")).extracting(Message::seq).containsExactly(1L);
        talk.delete(anna, picture);
        assertThat(texts(john, "stain")).isEmpty();
    }

    @Test
    void a_result_is_the_message_as_history_shows_it() {
        Message question = talk.say(john, "Where is the key?");
        talk.post(anna, Draft.text("The key is outside").inReplyTo(question.id()));
        talk.edit(anna, talk.message(anna, 2), "The key is inside");
        talk.read(john, 2);

        assertThat(find(anna, OWN, "key"))
                .containsExactly(talk.message(anna, 2), talk.message(anna, 1));
    }

    // --- by names

    @Test
    void a_name_finds_the_newest_that_its_bearer_says_in_each_room() {
        Talk other = given.job("6").client(anna).cleaner(john).booked();
        Somebody vera = given.somebody(john.id(), "Veronika", john.role());
        given.ports().users().write(new Person(john.id(), "vera", "Veronika"), Optional.empty());
        talk.say(vera, "older");
        Message newest = talk.say(vera, "newer");
        talk.say(anna, "mine");
        Message elsewhere = other.say(vera, "elsewhere");
        Message about = talk.say(anna, "Ask Veronika");

        assertThat(find(anna, OWN, "veronika"))
                .extracting(Message::id)
                .containsExactly(about.id(), elsewhere.id(), newest.id());
        talk.delete(vera, newest);
        assertThat(texts(anna, "nika ver")).containsExactly("Ask Veronika", "elsewhere", "older");
    }

    @Test
    void a_message_that_matches_itself_and_by_its_senders_name_is_found_once() {
        given.ports().users().write(new Person(john.id(), "zeno", "Zeno"), Optional.empty());
        talk.say(john, "Zeno here");

        assertThat(texts(anna, "zeno")).containsExactly("Zeno here");
    }

    // --- what is gone

    @Test
    void what_was_edited_away_deleted_or_erased_is_not_found() {
        Message edited = talk.say(anna, "the red key");
        Message deleted = talk.say(anna, "the green key");
        settle();
        talk.edit(anna, edited, "the blue key");
        talk.delete(anna, deleted);

        assertThat(texts(john, "key")).containsExactly("the blue key");
        assertThat(texts(john, "red")).isEmpty();
        assertThat(texts(john, "green")).isEmpty();
        talk.edit(anna, edited, "the gray key");
        assertThat(texts(john, "gray")).containsExactly("the gray key");
        Message kept = talk.say(john, "my key");

        given.ports().users().erase(anna.id(), given.now());

        assertThat(find(john, OWN, "key")).extracting(Message::id).containsExactly(kept.id());
        assertThat(texts(john, "anna")).isEmpty();
    }

    // --- where

    @Test
    void one_finds_in_the_rooms_one_is_in_and_nowhere_else() {
        Somebody max = given.cleaner("max");
        Talk foreign = given.job("7").client(max).booked();
        Talk lobby = given.general("lobby");
        Message mine = talk.say(anna, "secretword here");
        Message theirs = foreign.say(max, "secretword there");
        Message public_ = lobby.say(max, "secretword everywhere");

        assertThat(find(anna, OWN, "secretword")).containsExactly(mine);
        assertThat(find(max, OWN, "secretword")).containsExactly(public_, theirs);
        assertThat(find(eve, ALL, "secretword")).contains(public_, theirs, mine);
        assertThat(find(given.client("nobody"), OWN, "secretword")).isEmpty();
        lobby.join(anna);
        assertThat(texts(anna, "secretword"))
                .containsExactly("secretword everywhere", "secretword here");
        lobby.leave(anna);
        assertThat(find(anna, OWN, "secretword")).containsExactly(mine);
    }

    @Test
    void a_cleaner_who_was_unassigned_finds_nothing_any_more_and_all_again_on_return() {
        talk.say(anna, "The key is outside");
        assertThat(texts(john, "key")).hasSize(1);

        given.job("5").client(anna).noCleaner().written();
        assertThat(texts(john, "key")).isEmpty();
        talk.say(anna, "The key was moved");
        assertThat(texts(john, "key")).isEmpty();

        given.job("5").client(anna).cleaner(john).written();
        assertThat(texts(john, "key")).hasSize(2);
    }

    @Test
    void who_wrote_in_a_room_as_an_admin_finds_it_among_their_own_as_an_admin_alone() {
        talk.say(eve, "The key is with the office");
        talk.say(anna, "The key was found");
        Message mine = given.support(eve).say(eve, "my own key");

        assertThat(find(eve, OWN, "key")).hasSize(3);
        assertThat(find(eve.as(Role.CLIENT), OWN, "key")).containsExactly(mine);
    }

    @Test
    void people_of_other_rooms_are_not_found_by_name() {
        Somebody max = given.cleaner("maximilian");
        given.job("7").client(max).booked().say(max, "hello");

        assertThat(find(anna, OWN, "maximilian")).isEmpty();
        assertThat(find(eve, ALL, "maximilian")).extracting(Message::content).contains("hello");
    }

    @Test
    void one_room_alone_is_searched_once_its_admission_is_given() {
        Talk other = given.job("6").client(anna).booked();
        talk.say(anna, "key here");
        other.say(anna, "key there");
        List<Optional<Seat>> asked = new ArrayList<>();
        Admission admission = asked::add;
        Admission nobody =
                seat -> {
                    throw Refusal.notFound("room");
                };

        assertThat(find(anna, new SearchScope.OneRoom(other.id(), admission), "key"))
                .extracting(Message::content)
                .containsExactly("key there");
        assertThat(asked).contains(Optional.of(new Seat(other.room(), Membership.OWN)));
        Refused.as(NOT_FOUND, () -> find(anna, new SearchScope.OneRoom(other.id(), nobody), "key"));
        asked.clear();
        Refused.as(NOT_FOUND, () -> find(anna, new SearchScope.OneRoom(NOWHERE, admission), "key"));
        assertThat(asked).containsExactly(Optional.empty());
    }

    @Test
    void nothing_that_is_said_elsewhere_changes_results_pages_or_marks() {
        for (int i = 0; i < 7; i++) {
            talk.say(i % 2 == 0 ? anna : john, i % 3 == 0 ? "monkeys " + i : "key " + i);
        }
        List<SearchPage> before = pages(anna, "key", 2);

        Somebody max = given.cleaner("max");
        given.ports().users().write(new Person(max.id(), "key", "Key"), Optional.empty());
        Talk foreign = given.job("7").client(max).booked();
        for (int i = 0; i < 30; i++) {
            foreign.say(max, "key key key " + i);
            foreign.say(max, "keyring " + i);
        }
        settle();

        assertThat(pages(anna, "key", 2)).isEqualTo(before);
    }

    // --- pages

    private List<SearchPage> pages(Somebody who, String typed, int limit) {
        List<SearchPage> pages = new ArrayList<>();
        Optional<SearchCursor> after = Optional.empty();
        do {
            pages.add(page(who, OWN, typed, after, limit));
            after = pages.getLast().next();
        } while (after.isPresent() && pages.size() < 100);
        return pages;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 50})
    void pages_meet_across_all_ways_of_matching_and_hold_everything_once(int limit) {
        given.ports().users().write(new Person(john.id(), "key", "Keymaster"), Optional.empty());
        for (String text : List.of("key 1", "monkey 2", "key 3", "donkey 4", "other")) {
            talk.say(anna, text);
        }
        talk.say(john, "by john");
        settle();
        talk.say(anna, "key 5");

        assertThat(pages(anna, "key", limit).stream().flatMap(p -> p.messages().stream()))
                .extracting(Message::content)
                .containsExactly("key 5", "key 3", "key 1", "donkey 4", "monkey 2", "by john");
    }

    @Test
    void what_is_said_between_two_pages_moves_nothing_on_the_second() {
        for (int i = 0; i < 4; i++) {
            talk.say(anna, "key " + i);
        }
        SearchPage first = page(anna, OWN, "key", Optional.empty(), 2);
        talk.say(anna, "key new");

        SearchPage second = page(anna, OWN, "key", first.next(), 2);

        assertThat(second.messages())
                .extracting(Message::content)
                .containsExactly("key 1", "key 0");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void further_rooms_and_support_rooms_are_searched_as_well() {
        Talk further = given.open(new RoomKey.OfJob(given.job("5").id(), Optional.of("keys")));
        Talk support = given.support(anna);
        further.say(anna, "zebra one");
        support.say(anna, "zebra two");
        support.say(eve, "zebra three");

        assertThat(texts(anna, "zebra")).containsExactly("zebra three", "zebra two", "zebra one");
        assertThat(texts(john, "zebra")).containsExactly("zebra one");
        assertThat(texts(eve, "zebra")).containsExactly("zebra three", "zebra two");
    }
}
