package com.ecleaner.chat.domain.port;

import static com.ecleaner.chat.domain.Refusal.Code.FORBIDDEN;
import static com.ecleaner.chat.domain.Refusal.Code.INVALID;
import static com.ecleaner.chat.domain.Refusal.Code.NOT_FOUND;
import static com.ecleaner.chat.domain.Refusal.Code.ROOM_CLOSED;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Member;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What every record of rooms promises: numbering, repeats, marks, rules on locked rows. */
public abstract class RoomLogContract {
    private static final Instant AT = Instant.parse("2025-10-25T10:30:00.123Z");

    private Given given;
    private Somebody anna;
    private Somebody john;
    private Somebody eve;

    /** The store under test, empty or shared. */
    protected abstract Ports ports();

    @BeforeEach
    void people() {
        given = new Given(ports());
        anna = given.client("anna");
        john = given.cleaner("john");
        eve = given.admin("eve");
    }

    private Talk room() {
        return given.job("5").client(anna).cleaner(john).booked();
    }

    // --- numbering

    @Test
    void messages_are_numbered_1_2_3_and_each_has_an_id_of_its_own() {
        Talk talk = room();

        List<Message> told =
                List.of(talk.say(anna, "one"), talk.say(john, "two"), talk.say(anna, "three"));

        assertThat(told).extracting(Message::seq).containsExactly(1L, 2L, 3L);
        assertThat(told).extracting(Message::id).doesNotHaveDuplicates();
        assertThat(talk.log(anna)).isEqualTo(told);
        assertThat(talk.room().lastSeq()).isEqualTo(3);
    }

    @Test
    void a_message_comes_back_as_it_was_sent_with_its_sender_and_time() {
        Talk talk = room();
        RoomChange.Post post =
                new RoomChange.Post(
                        talk.id(),
                        anna.actor(),
                        Draft.text("Hello").with(new ClientId("c-1")),
                        given.now());

        Message message = talk.done(post).message().orElseThrow();

        assertThat(message)
                .isEqualTo(
                        new Message(
                                message.id(),
                                talk.id(),
                                1,
                                2,
                                anna.person(),
                                MessageType.TEXT,
                                "Hello",
                                post.at(),
                                false,
                                Optional.of(new ClientId("c-1")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(talk.message(john, 1)).isEqualTo(message);
        assertThat(talk.room().updatedAt()).isEqualTo(post.at());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert('x')</script> & <b>bold</b>",
                "'; DROP TABLE messages; -- \" \\ \\0 %s %n ${x} {{y}}",
                "👩‍👩‍👧‍👦 🇩🇪 e\u0301 ﷺ \u202Eright to left\u202C \u200B",
                "line one\r\nline two\n\ttabbed  two  spaces ",
                " a leading and a trailing space ",
                "100 % of / and \\ and _ and ?"
            })
    void content_is_returned_exactly_as_it_was_sent(String content) {
        Talk talk = room();

        assertThat(talk.say(anna, content).content()).isEqualTo(content);
        assertThat(talk.message(john, 1).content()).isEqualTo(content);
    }

    @Test
    void a_message_of_4000_characters_outside_the_basic_plane_is_kept_whole() {
        Talk talk = room();

        talk.say(anna, "🧽".repeat(4_000));

        assertThat(talk.message(john, 1).content()).isEqualTo("🧽".repeat(4_000));
    }

    @Test
    void every_change_takes_the_next_version_and_tells_it() {
        Talk talk = room();
        List<RoomEvent> events = new ArrayList<>();

        Outcome first = talk.post(anna, Draft.text("one"));
        events.addAll(first.events());
        Message one = first.message().orElseThrow();
        events.addAll(talk.edit(anna, one.id(), "one, edited").events());
        events.addAll(talk.read(john, 1).events());
        events.addAll(talk.post(eve, Draft.text("support here")).events());
        events.addAll(talk.delete(eve, one).events());

        assertThat(events)
                .extracting(RoomEvent::version)
                .containsExactlyElementsOf(LongStream.rangeClosed(2, 7).boxed().toList());
        assertThat(events)
                .extracting(e -> e.getClass().getSimpleName())
                .containsExactly(
                        "MessagePosted",
                        "MessageEdited",
                        "ReadAdvanced",
                        "RoomChanged",
                        "MessagePosted",
                        "MessageDeleted");
        assertThat(events).allMatch(e -> e.room().equals(talk.id()));
        assertThat(talk.room().version()).isEqualTo(7);
        assertThat(talk.message(anna, 1).version()).isEqualTo(7);
        assertThat(talk.message(anna, 2).version()).isEqualTo(6);
    }

    @Test
    void a_refused_change_takes_no_number_and_no_version() {
        Talk talk = room();
        talk.say(anna, "one");
        Room before = talk.room();

        Refused.as(NOT_FOUND, () -> talk.say(given.client("stranger"), "let me in"));
        Refused.as(FORBIDDEN, () -> talk.edit(john, talk.message(john, 1).id(), "mine now"));
        Refused.invalid(
                "reply_to",
                () -> talk.post(anna, Draft.text("?").inReplyTo(new MessageId(Long.MAX_VALUE))));

        assertThat(talk.room()).isEqualTo(before);
        assertThat(talk.say(john, "two").seq()).isEqualTo(2);
        assertThat(talk.room().version()).isEqualTo(before.version() + 1);
    }

    @Test
    void a_room_that_does_not_exist_is_not_found() {
        RoomId nowhere = new RoomId(Long.MAX_VALUE);

        Refused.as(
                NOT_FOUND,
                () ->
                        Talk.outcome(
                                given.ports()
                                        .log()
                                        .append(
                                                new RoomChange.Post(
                                                        nowhere,
                                                        anna.actor(),
                                                        Draft.text("hello?"),
                                                        given.now()))));
    }

    @Test
    void what_one_caller_appends_without_waiting_is_decided_and_told_in_that_order() {
        Talk talk = room();
        List<Long> versions = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Outcome>> futures = new ArrayList<>();

        for (int i = 1; i <= 200; i++) {
            futures.add(
                    given.ports()
                            .log()
                            .append(post(talk, i % 3 == 0 ? john : anna, "message " + i))
                            .whenComplete(
                                    (outcome, fault) ->
                                            versions.add(
                                                    outcome == null
                                                            ? -1
                                                            : outcome.events()
                                                                    .getFirst()
                                                                    .version())));
        }
        futures.forEach(Talk::outcome);

        assertThat(talk.log(anna))
                .extracting(Message::content)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 200).mapToObj(i -> "message " + i).toList());
        assertThat(versions)
                .containsExactlyElementsOf(LongStream.rangeClosed(2, 201).boxed().toList());
    }

    @Test
    void senders_in_many_rooms_at_once_leave_no_hole_no_double_and_keep_their_own_order()
            throws Exception {
        List<Talk> rooms =
                IntStream.range(0, 5)
                        .mapToObj(i -> given.job("j" + i).client(anna).cleaner(john).booked())
                        .toList();
        int senders = 8;
        int each = 40;
        try (ExecutorService threads = Executors.newFixedThreadPool(senders)) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int s = 0; s < senders; s++) {
                String name = "s" + s;
                Somebody who = s % 2 == 0 ? anna : john;
                work.add(
                        () -> {
                            List<CompletableFuture<Outcome>> sent = new ArrayList<>();
                            for (int i = 0; i < each; i++) {
                                Talk talk = rooms.get(i % rooms.size());
                                Draft draft =
                                        Draft.text(name + " " + i)
                                                .with(new ClientId(name + "-" + i));
                                for (int repeat = 0; repeat < 2; repeat++) {
                                    sent.add(
                                            given.ports()
                                                    .log()
                                                    .append(
                                                            new RoomChange.Post(
                                                                    talk.id(),
                                                                    who.actor(),
                                                                    draft,
                                                                    AT)));
                                }
                            }
                            sent.forEach(Talk::outcome);
                            return null;
                        });
            }
            for (Future<Void> done : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
                done.get();
            }
        }

        for (Talk talk : rooms) {
            List<Message> log = talk.log(anna);
            assertThat(log).hasSize(senders * each / rooms.size());
            assertThat(log)
                    .extracting(Message::seq)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, log.size()).boxed().toList());
            assertThat(log).extracting(Message::content).doesNotHaveDuplicates();
            for (int s = 0; s < senders; s++) {
                String name = "s" + s + " ";
                assertThat(
                                log.stream()
                                        .map(Message::content)
                                        .filter(c -> c.startsWith(name))
                                        .map(c -> Integer.valueOf(c.substring(name.length())))
                                        .toList())
                        .isSorted();
            }
            assertThat(talk.room().lastSeq()).isEqualTo(log.size());
            assertThat(talk.room().version()).isEqualTo(log.size() + 1L);
            assertThat(talk.unread(anna)).isEqualTo(log.size() / 2);
            assertThat(talk.unread(john)).isEqualTo(log.size() / 2);
        }
    }

    // --- repeats

    @Test
    void a_repeated_client_id_gives_the_first_message_whatever_the_content() {
        Talk talk = room();
        Outcome first = talk.say(anna, "Hello", "c-1");
        talk.say(john, "Hi");

        Outcome again = talk.say(anna, "something else", "c-1");

        assertThat(first.repeated()).isFalse();
        assertThat(again.repeated()).isTrue();
        assertThat(again.message()).isEqualTo(first.message());
        assertThat(again.events()).isEmpty();
        assertThat(talk.room().lastSeq()).isEqualTo(2);
        assertThat(talk.room().version()).isEqualTo(3);
    }

    @Test
    void a_repeat_in_the_same_burst_gives_the_first_message() {
        Talk talk = room();
        Draft draft = Draft.text("Hello").with(new ClientId("c-1"));

        List<CompletableFuture<Outcome>> burst =
                IntStream.range(0, 5)
                        .mapToObj(
                                i ->
                                        given.ports()
                                                .log()
                                                .append(
                                                        new RoomChange.Post(
                                                                talk.id(),
                                                                anna.actor(),
                                                                draft,
                                                                AT)))
                        .toList();
        List<Outcome> outcomes = burst.stream().map(Talk::outcome).toList();

        assertThat(outcomes).extracting(Outcome::message).containsOnly(outcomes.get(0).message());
        assertThat(outcomes)
                .extracting(Outcome::repeated)
                .containsExactly(false, true, true, true, true);
        assertThat(talk.log(anna)).hasSize(1);
    }

    @Test
    void a_repeat_is_answered_with_the_message_as_it_is_now() {
        Talk talk = room();
        Message message = talk.say(anna, "Hello", "c-1").message().orElseThrow();

        Message edited = talk.edit(anna, message, "Hello there");
        assertThat(talk.say(anna, "Hello", "c-1").message()).hasValue(edited);

        talk.read(john, 1);
        assertThat(talk.say(anna, "Hello", "c-1").message()).hasValue(edited.withRead(true));

        talk.delete(anna, message);
        Message now = talk.say(anna, "Hello", "c-1").message().orElseThrow();
        assertThat(now.isDeleted()).isTrue();
        assertThat(now.content()).isEmpty();
        assertThat(now.seq()).isEqualTo(1);
        assertThat(talk.room().lastSeq()).isEqualTo(1);
    }

    @Test
    void a_client_id_is_unique_per_sender_and_room_only() {
        Talk talk = room();
        Talk other = given.job("6").client(anna).cleaner(john).booked();

        assertThat(talk.say(anna, "a", "c-1").repeated()).isFalse();
        assertThat(talk.say(john, "b", "c-1").repeated()).isFalse();
        assertThat(other.say(anna, "c", "c-1").repeated()).isFalse();
        assertThat(talk.say(anna, "d", "C-1").repeated()).isFalse();
        assertThat(talk.say(anna, "e", "c-1 ").repeated()).isFalse();
        assertThat(talk.log(anna)).hasSize(4);
    }

    @Test
    void a_repeat_is_still_answered_once_the_room_was_closed() {
        Talk talk = given.support(anna);
        Message message = talk.say(anna, "Help", "c-1").message().orElseThrow();
        Outcome admins = talk.say(eve, "With what?", "c-2");
        talk.close(eve);

        assertThat(talk.say(anna, "Help", "c-1").message().map(Message::id)).hasValue(message.id());
        assertThat(talk.say(eve, "With what?", "c-2").message()).isEqualTo(admins.message());
        assertThat(talk.room().active()).isFalse();
    }

    // --- marks and unread

    @Test
    void sending_is_not_reading() {
        Talk talk = room();
        talk.say(anna, "Hello");
        talk.say(john, "a reply that crosses");
        talk.say(anna, "another");

        assertThat(talk.view(john).lastReadSeq()).isZero();
        assertThat(talk.unread(john)).isEqualTo(2);
        assertThat(talk.unread(anna)).isEqualTo(1);
    }

    @Test
    void a_read_moves_the_mark_forward_and_says_what_is_left() {
        Talk talk = room();
        talk.say(anna, "one");
        talk.say(john, "two");
        talk.say(anna, "three");

        Outcome read = talk.read(john, 2);

        assertThat(read.lastReadSeq()).isEqualTo(2);
        assertThat(read.unread()).isEqualTo(1);
        assertThat(read.events())
                .containsExactly(new RoomEvent.ReadAdvanced(talk.id(), 5, john.id(), 2, 1));
        assertThat(talk.view(john).lastReadSeq()).isEqualTo(2);
        assertThat(talk.unread(john)).isEqualTo(1);
        assertThat(talk.unread(anna)).isEqualTo(1);
    }

    @Test
    void a_mark_beyond_the_end_counts_as_the_end() {
        Talk talk = room();
        talk.say(anna, "one");

        assertThat(talk.read(john, Long.MAX_VALUE).lastReadSeq()).isEqualTo(1);

        talk.say(anna, "two");
        assertThat(talk.unread(john)).isEqualTo(1);
    }

    @Test
    void a_read_that_moves_nothing_takes_no_version_and_tells_the_mark_as_it_is() {
        Talk talk = room();
        talk.say(anna, "one");
        talk.say(anna, "two");
        talk.say(anna, "three");
        talk.read(john, 2);
        Room before = talk.room();

        for (long upTo : new long[] {0, 1, 2}) {
            Outcome read = talk.read(john, upTo);
            assertThat(read.events()).isEmpty();
            assertThat(read.lastReadSeq()).isEqualTo(2);
            assertThat(read.unread()).isEqualTo(1);
        }
        assertThat(talk.room()).isEqualTo(before);
    }

    @Test
    void whoever_is_no_participant_has_no_mark_and_their_read_takes_no_version() {
        Talk talk = given.general("lobby");
        talk.say(anna, "hello all");
        Room before = talk.room();

        Outcome visitor = talk.read(john, 1);
        Outcome admin = talk.read(eve, 1);

        assertThat(List.of(visitor, admin))
                .allSatisfy(
                        read -> {
                            assertThat(read.events()).isEmpty();
                            assertThat(read.lastReadSeq()).isZero();
                            assertThat(read.unread()).isZero();
                        });
        assertThat(talk.room()).isEqualTo(before);
        assertThat(talk.unread(john)).isZero();
        assertThat(talk.message(anna, 1).read()).isFalse();
    }

    @Test
    void a_read_mark_below_zero_is_invalid() {
        Talk talk = room();

        Refused.invalid("up_to_seq", () -> talk.read(anna, -1));
    }

    @Test
    void reads_and_posts_of_one_burst_count_each_other() {
        Talk talk = room();
        List<CompletableFuture<Outcome>> burst = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            burst.add(given.ports().log().append(post(talk, i % 2 == 0 ? anna : john, "m" + i)));
            burst.add(given.ports().log().append(new RoomChange.Read(talk.id(), john.actor(), i)));
        }

        List<Outcome> outcomes = burst.stream().map(Talk::outcome).toList();

        assertThat(outcomes).filteredOn(o -> o.message().isEmpty()).allMatch(o -> o.unread() == 0);
        assertThat(talk.unread(john)).isZero();
        assertThat(talk.unread(anna)).isEqualTo(10);
    }

    @Test
    void a_message_is_read_once_someone_else_has_read_it() {
        Talk talk = room();
        talk.say(anna, "one");
        talk.say(john, "two");

        talk.read(anna, 2);
        assertThat(talk.log(anna)).extracting(Message::read).containsExactly(false, true);

        talk.read(john, 1);
        assertThat(talk.log(anna)).extracting(Message::read).containsExactly(true, true);
    }

    // --- editing and deleting

    @Test
    void an_edit_changes_the_content_and_keeps_the_place() {
        Talk talk = room();
        Message one = talk.say(anna, "one", "c-1").message().orElseThrow();
        talk.say(john, "two");
        RoomChange.Edit change =
                new RoomChange.Edit(talk.id(), anna.actor(), one.id(), "uno", given.now());

        Outcome edit = talk.done(change);

        Message edited = one.edited("uno", change.at(), 4);
        assertThat(edit.message()).hasValue(edited);
        assertThat(edit.events()).containsExactly(new RoomEvent.MessageEdited(edited));
        assertThat(talk.message(john, 1)).isEqualTo(edited);
        assertThat(talk.unread(john)).isEqualTo(1);
    }

    @Test
    void an_edit_does_not_move_the_room_up() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        Room before = talk.room();

        talk.edit(anna, one, "uno");
        talk.read(john, 1);
        talk.delete(anna, one);

        assertThat(talk.room().updatedAt()).isEqualTo(before.updatedAt());
    }

    @Test
    void only_ones_own_messages_can_be_edited_even_by_an_admin() {
        Talk talk = room();
        Message one = talk.say(anna, "one");

        Refused.as(FORBIDDEN, () -> talk.edit(john, one, "mine"));
        Refused.as(FORBIDDEN, () -> talk.edit(eve, one, "mine"));
        assertThat(talk.message(anna, 1)).isEqualTo(one);
    }

    @Test
    void a_message_of_another_room_is_not_found_here() {
        Talk talk = room();
        Message elsewhere = given.job("6").client(anna).booked().say(anna, "elsewhere");

        Refused.as(NOT_FOUND, () -> talk.edit(anna, elsewhere, "moved?"));
        Refused.as(NOT_FOUND, () -> talk.delete(anna, elsewhere));
        Refused.invalid(
                "reply_to",
                () -> talk.post(anna, Draft.text("see there").inReplyTo(elsewhere.id())));
    }

    @Test
    void an_edit_without_content_is_invalid() {
        Talk talk = room();
        Message one = talk.say(anna, "one");

        Refused.invalid("message", () -> talk.edit(anna, one, " "));
    }

    @Test
    void a_deleted_message_keeps_its_place_and_says_nothing_any_more() {
        Talk talk = room();
        Message one = talk.say(anna, "one", "c-1").message().orElseThrow();
        talk.edit(anna, one, "uno");
        talk.say(anna, "two");
        RoomChange.Delete change =
                new RoomChange.Delete(talk.id(), anna.actor(), one.id(), given.now());

        Outcome delete = talk.done(change);

        Message deleted = one.deleted(change.at(), 5);
        assertThat(delete.message()).hasValue(deleted);
        assertThat(delete.events()).containsExactly(new RoomEvent.MessageDeleted(deleted));
        assertThat(talk.message(john, 1)).isEqualTo(deleted);
        assertThat(talk.message(john, 1).content()).isEmpty();
        assertThat(talk.room().lastSeq()).isEqualTo(2);
    }

    @Test
    void a_deleted_message_stops_counting_for_those_who_have_not_read_it() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        Message two = talk.say(anna, "two");
        talk.say(john, "three");
        talk.read(john, 1);

        talk.delete(anna, one);
        assertThat(talk.unread(john)).isEqualTo(1);
        talk.delete(eve, two);
        assertThat(talk.unread(john)).isZero();
        assertThat(talk.unread(anna)).isEqualTo(1);

        talk.read(john, 3);
        talk.say(anna, "four");
        assertThat(talk.unread(john)).isEqualTo(1);
    }

    @Test
    void deleting_again_succeeds_and_changes_nothing() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        Message deleted = talk.delete(anna, one).message().orElseThrow();
        Room before = talk.room();

        Outcome again = talk.delete(anna, one);
        Outcome byAdmin = talk.delete(eve, one);

        assertThat(again.message()).hasValue(deleted);
        assertThat(byAdmin.message()).hasValue(deleted);
        assertThat(again.events()).isEmpty();
        assertThat(byAdmin.events()).isEmpty();
        assertThat(talk.room()).isEqualTo(before);
        assertThat(talk.unread(john)).isZero();
    }

    @Test
    void a_deleted_message_cannot_be_edited() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        talk.delete(anna, one);

        Refused.as(NOT_FOUND, () -> talk.edit(anna, one, "back"));
        assertThat(talk.message(anna, 1).content()).isEmpty();
    }

    @Test
    void a_user_deletes_their_own_messages_only_and_an_admin_any() {
        Talk talk = room();
        Message one = talk.say(anna, "one");

        Refused.as(FORBIDDEN, () -> talk.delete(john, one));
        assertThat(talk.delete(eve, one).message().orElseThrow().isDeleted()).isTrue();
    }

    // --- replies and files

    @Test
    void a_reply_quotes_what_the_message_says_now() {
        Talk talk = room();
        Message one = talk.say(anna, "Where is the key?");
        Message reply =
                talk.post(john, Draft.text("Under the mat").inReplyTo(one.id()))
                        .message()
                        .orElseThrow();

        assertThat(reply.replyTo())
                .hasValue(new Quote(one.id(), 1, anna.person(), "Where is the key?"));

        talk.edit(anna, one, "Where are the keys?");
        assertThat(talk.message(anna, 2).replyTo().orElseThrow().excerpt())
                .isEqualTo("Where are the keys?");

        talk.delete(anna, one);
        assertThat(talk.message(anna, 2).replyTo())
                .hasValue(new Quote(one.id(), 1, anna.person(), ""));
        assertThat(talk.edit(john, reply, "Under the mat.").replyTo().orElseThrow().excerpt())
                .isEmpty();
    }

    @Test
    void a_quote_of_a_file_without_words_is_its_name_until_it_is_gone() {
        Talk talk = room();
        Attachment picture = given.picture(talk, anna);
        Message one = talk.post(anna, image(picture)).message().orElseThrow();

        Message reply =
                talk.post(john, Draft.text("What a stain!").inReplyTo(one.id()))
                        .message()
                        .orElseThrow();

        assertThat(reply.replyTo().orElseThrow().excerpt()).isEqualTo(picture.name());
        assertThat(talk.message(anna, 2)).isEqualTo(reply);
        talk.delete(anna, one);
        assertThat(talk.message(anna, 2).replyTo().orElseThrow().excerpt()).isEmpty();
    }

    @Test
    void a_quote_is_cut_to_an_excerpt() {
        Talk talk = room();
        Message one = talk.say(anna, "🧽".repeat(200));

        talk.post(john, Draft.text("yes").inReplyTo(one.id()));

        assertThat(talk.message(anna, 2).replyTo().orElseThrow().excerpt())
                .isEqualTo("🧽".repeat(140) + "…");
    }

    @Test
    void a_deleted_message_can_be_answered_and_its_quote_is_empty() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        talk.delete(anna, one);

        Message reply =
                talk.post(john, Draft.text("what was that?").inReplyTo(one.id()))
                        .message()
                        .orElseThrow();

        assertThat(reply.replyTo()).hasValue(new Quote(one.id(), 1, anna.person(), ""));
    }

    @Test
    void a_picture_goes_with_one_message_of_its_uploader_in_its_room() {
        Talk talk = room();
        Talk other = given.job("6").client(anna).cleaner(john).booked();
        Attachment picture = given.picture(talk, anna);

        Refused.invalid("attachment_id", () -> talk.post(john, image(picture)));
        Refused.invalid("attachment_id", () -> other.post(anna, image(picture)));

        Message message = talk.post(anna, image(picture)).message().orElseThrow();
        assertThat(message.attachment()).hasValue(picture);
        assertThat(message.type()).isEqualTo(MessageType.IMAGE);
        assertThat(talk.message(john, 1)).isEqualTo(message);

        Refused.invalid("attachment_id", () -> talk.post(anna, image(picture)));
    }

    @Test
    void a_picture_sent_twice_in_one_burst_goes_with_the_first_message() {
        Talk talk = room();
        Attachment picture = given.picture(talk, anna);
        RoomChange post = new RoomChange.Post(talk.id(), anna.actor(), image(picture), given.now());

        CompletableFuture<Outcome> first = given.ports().log().append(post);
        CompletableFuture<Outcome> second = given.ports().log().append(post);

        assertThat(Talk.outcome(first).message().orElseThrow().attachment()).hasValue(picture);
        Refused.invalid("attachment_id", () -> Talk.outcome(second));
        assertThat(talk.room().lastSeq()).isEqualTo(1);
    }

    @Test
    void a_deleted_message_gives_its_file_up_and_nobody_can_send_it_again() {
        Talk talk = room();
        Attachment picture = given.picture(talk, anna);
        Message message = talk.post(anna, image(picture)).message().orElseThrow();

        talk.delete(anna, message);

        assertThat(talk.message(john, 1).attachment()).isEmpty();
        Refused.invalid("attachment_id", () -> talk.post(anna, image(picture)));
    }

    // --- who may write

    @Test
    void an_outsider_is_told_that_there_is_no_such_room_whatever_they_try() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        Somebody stranger = given.cleaner("stranger");

        Refused.as(NOT_FOUND, () -> talk.say(stranger, "hello"));
        Refused.as(NOT_FOUND, () -> talk.edit(stranger, one, "hello"));
        Refused.as(NOT_FOUND, () -> talk.delete(stranger, one));
        Refused.as(NOT_FOUND, () -> talk.read(stranger, 1));
        Refused.as(NOT_FOUND, () -> talk.join(stranger));
        Refused.as(NOT_FOUND, () -> talk.leave(stranger));
        Refused.as(NOT_FOUND, () -> talk.close(stranger));
    }

    @Test
    void a_cleaner_who_was_unassigned_can_no_longer_write_edit_delete_or_read_on() {
        Given.Booking job = given.job("5").client(anna).cleaner(john);
        Talk talk = job.booked();
        Message mine = talk.say(john, "I am on my way", "c-1").message().orElseThrow();

        job.noCleaner().written();
        Room before = talk.room();

        Refused.as(NOT_FOUND, () -> talk.say(john, "but why"));
        Refused.as(NOT_FOUND, () -> talk.say(john, "I am on my way", "c-1"));
        Refused.as(NOT_FOUND, () -> talk.edit(john, mine, "never mind"));
        Refused.as(NOT_FOUND, () -> talk.delete(john, mine));
        Refused.as(NOT_FOUND, () -> talk.read(john, 1));
        assertThat(talk.room()).isEqualTo(before);
    }

    @Test
    void a_caption_can_be_edited_away_and_the_text_of_a_message_cannot() {
        Talk talk = room();
        Attachment picture = given.picture(talk, anna);
        Message image = talk.post(anna, image("the stain", picture)).message().orElseThrow();
        Message text = talk.say(anna, "words");

        Message bare = talk.edit(anna, image, "");

        assertThat(bare.content()).isEmpty();
        assertThat(bare.attachment()).hasValue(picture);
        assertThat(talk.message(john, 1).content()).isEmpty();
        Refused.as(INVALID, () -> talk.edit(anna, text, ""));
        Refused.as(INVALID, () -> talk.edit(anna, image, " "));
        assertThat(talk.message(john, 2).content()).isEqualTo("words");
    }

    private static Draft image(String caption, Attachment picture) {
        return new Draft(
                MessageType.IMAGE,
                caption,
                Optional.empty(),
                Optional.empty(),
                Optional.of(picture.id()),
                Optional.empty());
    }

    @Test
    void what_is_no_message_is_answered_with_the_first_of_its_name_or_with_why() {
        Talk talk = room();
        Message first = talk.say(anna, "one", "c-1").message().orElseThrow();
        Refusal blank = Refusal.invalid("message", "must not be blank");
        Room before = talk.room();

        Outcome repeated = talk.done(repeat(talk, anna, "c-1", blank));

        assertThat(repeated.repeated()).isTrue();
        assertThat(repeated.message()).hasValue(first);
        assertThat(Refused.as(INVALID, () -> talk.done(repeat(talk, anna, "c-2", blank))))
                .isSameAs(blank);
        Refused.as(INVALID, () -> talk.done(repeat(talk, john, "c-1", blank)));
        Refused.as(
                NOT_FOUND, () -> talk.done(repeat(talk, given.client("stranger"), "c-1", blank)));
        assertThat(talk.room()).isEqualTo(before);
    }

    private static RoomChange repeat(Talk talk, Somebody who, String name, Refusal otherwise) {
        return new RoomChange.Repeat(talk.id(), who.actor(), new ClientId(name), otherwise);
    }

    @Test
    void what_the_platform_wrote_about_a_user_beats_the_role_of_their_token() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        Somebody mallory = given.admin("mallory");
        Somebody mary = given.client("mary");
        given.ports().users().write(mallory.person(), Optional.of(Role.CLIENT));
        given.ports().users().write(mary.person(), Optional.of(Role.ADMIN));

        Refused.as(NOT_FOUND, () -> talk.delete(mallory, one));
        assertThat(talk.delete(mary, one).message().orElseThrow().isDeleted()).isTrue();
    }

    @Test
    void the_platform_posts_system_messages_and_nobody_else_does() {
        Talk talk = room();
        Somebody platform = given.platform();
        Draft system = system("The price has changed");

        Message told = talk.post(platform, system).message().orElseThrow();

        assertThat(told.type()).isEqualTo(MessageType.SYSTEM);
        assertThat(told.sender()).isEqualTo(platform.person());
        assertThat(talk.unread(anna)).isEqualTo(1);
        assertThat(talk.view(anna).room().participantCount()).isEqualTo(2);
        Refused.as(FORBIDDEN, () -> talk.post(anna, system));
        Refused.as(FORBIDDEN, () -> talk.post(eve, system));
        Refused.as(FORBIDDEN, () -> talk.say(platform, "just chatting"));
        Refused.as(NOT_FOUND, () -> talk.post(given.client("stranger"), system));
    }

    @Test
    void what_a_job_update_says_comes_back_as_facts() {
        Talk talk = room();
        JobChanges changes =
                new JobChanges(
                        Map.of(
                                "time", new JobChanges.Change("9:00 \"sharp\"", ""),
                                "größe/%", new JobChanges.Change("", "80 m² 🧽")));

        talk.post(given.platform(), Draft.of(changes));

        assertThat(talk.message(anna, 1).data()).hasValue(changes);
        assertThat(talk.message(anna, 1).type()).isEqualTo(MessageType.JOB_UPDATE);
    }

    @Test
    void an_admin_who_writes_becomes_a_participant_with_the_mark_at_the_end() {
        Talk talk = room();
        talk.say(anna, "one");
        talk.say(john, "two");

        Outcome post = talk.post(eve, Draft.text("support here"));

        assertThat(post.events().getFirst())
                .isEqualTo(changed(talk, 4, Set.of(eve.id()), Set.of()));
        assertThat(talk.view(eve).membership().isIn()).isTrue();
        assertThat(talk.view(eve).lastReadSeq()).isEqualTo(2);
        assertThat(talk.unread(eve)).isZero();
        assertThat(roles(talk)).contains(Role.ADMIN).hasSize(3);
        assertThat(talk.room().participantCount()).isEqualTo(3);
        talk.say(anna, "thanks");
        assertThat(talk.unread(eve)).isEqualTo(1);
        assertThat(talk.message(anna, 2).read()).isTrue();
    }

    @Test
    void an_admin_who_only_looks_leaves_no_trace() {
        Talk talk = room();
        talk.say(anna, "one");
        Room before = talk.room();

        talk.view(eve);
        talk.log(eve);
        talk.read(eve, 1);
        Refused.as(FORBIDDEN, () -> talk.join(eve));

        assertThat(talk.room()).isEqualTo(before);
        assertThat(talk.view(eve).membership().isIn()).isFalse();
        assertThat(roles(talk)).containsExactlyInAnyOrder(Role.CLIENT, Role.CLEANER);
    }

    @Test
    void two_admins_and_a_visitor_who_write_at_once_join_once_each() {
        Talk talk = given.general("lobby");
        Somebody ida = given.admin("ida");
        List<CompletableFuture<Outcome>> burst = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (Somebody who : List.of(eve, ida, anna)) {
                burst.add(given.ports().log().append(post(talk, who, "hello " + i)));
            }
        }

        List<RoomEvent> events =
                burst.stream().map(Talk::outcome).flatMap(o -> o.events().stream()).toList();

        assertThat(events).filteredOn(e -> e instanceof RoomEvent.RoomChanged).hasSize(3);
        assertThat(talk.room().participantCount()).isEqualTo(3);
        assertThat(talk.unread(eve)).isEqualTo(8);
        assertThat(talk.unread(anna)).isEqualTo(6);
    }

    // --- closed rooms

    @Test
    void a_closed_room_can_be_read_and_tidied_and_not_written() {
        Talk talk = given.general("lobby");
        Message one = talk.say(anna, "one");
        Message two = talk.say(anna, "two");
        talk.join(john);
        Message three = talk.say(anna, "three");
        talk.close(eve);

        Refused.as(ROOM_CLOSED, () -> talk.say(anna, "four"));
        Refused.as(ROOM_CLOSED, () -> talk.say(eve, "four"));
        Refused.as(ROOM_CLOSED, () -> talk.edit(anna, one, "uno"));
        Refused.as(ROOM_CLOSED, () -> talk.post(given.platform(), system("four")));
        assertThat(talk.read(john, 2).events()).isEmpty();
        assertThat(talk.read(john, 3).lastReadSeq()).isEqualTo(3);
        assertThat(talk.delete(anna, two).message().orElseThrow().isDeleted()).isTrue();
        assertThat(talk.delete(eve, three).message().orElseThrow().isDeleted()).isTrue();
        assertThat(talk.log(anna)).hasSize(3);
    }

    @Test
    void closing_and_reopening_take_a_version_each_and_doing_it_again_none() {
        Talk talk = given.general("lobby");
        talk.say(anna, "one");
        long version = talk.room().version();

        assertThat(talk.close(eve).events())
                .containsExactly(changed(talk, version + 1, Set.of(), Set.of()));
        assertThat(talk.close(eve).events()).isEmpty();
        assertThat(talk.room().active()).isFalse();
        assertThat(talk.room().stateVersion()).isEqualTo(version + 1);
        assertThat(talk.reopen(given.platform()).events()).hasSize(1);
        assertThat(talk.reopen(eve).events()).isEmpty();
        assertThat(talk.room().active()).isTrue();
        assertThat(talk.say(anna, "two").seq()).isEqualTo(2);
    }

    @Test
    void a_jobs_room_follows_its_job_and_is_not_closed_by_hand() {
        Talk talk = room();

        Refused.as(FORBIDDEN, () -> talk.close(eve));
        Refused.as(FORBIDDEN, () -> talk.close(given.platform()));
        Refused.as(FORBIDDEN, () -> talk.close(anna));
    }

    @Test
    void only_admins_and_the_platform_close_rooms() {
        Talk support = given.support(anna);
        Talk general = given.general("lobby");
        general.say(anna, "hello");

        Refused.as(FORBIDDEN, () -> support.close(anna));
        Refused.as(NOT_FOUND, () -> support.close(john));
        Refused.as(FORBIDDEN, () -> general.close(anna));
        assertThat(support.close(eve).events()).hasSize(1);
        assertThat(general.close(given.platform()).events()).hasSize(1);
    }

    @Test
    void a_closed_support_room_reopens_when_its_opener_writes_and_not_when_an_admin_does() {
        Talk talk = given.support(anna);
        talk.say(anna, "Help");
        talk.say(eve, "Done");
        talk.close(eve);

        Refused.as(ROOM_CLOSED, () -> talk.say(eve, "One more thing"));
        long version = talk.room().version();
        Outcome post = talk.post(anna, Draft.text("Not quite"));

        assertThat(talk.room().active()).isTrue();
        assertThat(post.events())
                .containsExactly(
                        changed(talk, version + 1, Set.of(), Set.of()),
                        new RoomEvent.MessagePosted(post.message().orElseThrow()));
        assertThat(talk.say(eve, "Go on").seq()).isEqualTo(4);
    }

    @Test
    void a_refused_message_of_its_opener_does_not_reopen_a_support_room() {
        Talk talk = given.support(anna);
        talk.close(eve);
        Room before = talk.room();

        Refused.invalid(
                "reply_to",
                () -> talk.post(anna, Draft.text("re").inReplyTo(new MessageId(Long.MAX_VALUE))));

        assertThat(talk.room()).isEqualTo(before);
    }

    // --- general rooms

    @Test
    void writing_in_a_general_room_joins_it_with_the_mark_at_the_end() {
        Talk talk = given.general("lobby");
        talk.say(anna, "one");
        talk.say(anna, "two");

        Outcome post = talk.post(john, Draft.text("three"));

        assertThat(post.events())
                .containsExactly(
                        changed(talk, 5, Set.of(john.id()), Set.of()),
                        new RoomEvent.MessagePosted(post.message().orElseThrow()));
        assertThat(talk.view(john).lastReadSeq()).isEqualTo(2);
        assertThat(talk.unread(john)).isZero();
        assertThat(talk.unread(anna)).isEqualTo(1);
        talk.say(anna, "four");
        assertThat(talk.unread(john)).isEqualTo(1);
    }

    @Test
    void joining_twice_and_leaving_twice_change_nothing_the_second_time() {
        Talk talk = given.general("lobby");
        talk.say(anna, "one");

        assertThat(talk.join(john).events())
                .containsExactly(changed(talk, 4, Set.of(john.id()), Set.of()));
        assertThat(talk.join(john).events()).isEmpty();
        assertThat(talk.room().participantCount()).isEqualTo(2);
        assertThat(talk.leave(john).events())
                .containsExactly(changed(talk, 5, Set.of(), Set.of(john.id())));
        assertThat(talk.leave(john).events()).isEmpty();
        assertThat(talk.room().participantCount()).isEqualTo(1);
        assertThat(talk.view(john).membership().isIn()).isFalse();
        assertThat(talk.unread(john)).isZero();
    }

    @Test
    void who_returns_to_a_general_room_starts_at_its_end() {
        Talk talk = given.general("lobby");
        talk.join(john);
        talk.say(anna, "one");
        Message mine = talk.say(john, "two");
        talk.leave(john);
        talk.say(anna, "three");
        talk.delete(john, mine);

        talk.join(john);

        assertThat(talk.view(john).lastReadSeq()).isEqualTo(3);
        assertThat(talk.unread(john)).isZero();
        talk.say(anna, "four");
        assertThat(talk.unread(john)).isEqualTo(1);
    }

    @Test
    void a_closed_general_room_can_be_looked_at_and_not_joined() {
        Talk talk = given.general("lobby");
        talk.say(anna, "one");
        talk.close(eve);

        assertThat(talk.join(john).events()).isEmpty();
        assertThat(talk.view(john).membership().isIn()).isFalse();
        assertThat(talk.leave(anna).events()).hasSize(1);
    }

    @Test
    void job_and_support_rooms_are_not_left() {
        Talk job = room();
        Talk support = given.support(anna);

        Refused.as(FORBIDDEN, () -> job.leave(anna));
        Refused.as(FORBIDDEN, () -> support.leave(anna));
        assertThat(job.join(anna).events()).isEmpty();
        Refused.as(NOT_FOUND, () -> support.join(john));
    }

    // --- helpers

    private static RoomEvent changed(
            Talk talk, long version, Set<UserId> joined, Set<UserId> left) {
        return new RoomEvent.RoomChanged(talk.id(), version, talk.room().type(), joined, left);
    }

    private RoomChange.Post post(Talk talk, Somebody who, String text) {
        return new RoomChange.Post(talk.id(), who.actor(), Draft.text(text), given.now());
    }

    private static Draft image(Attachment picture) {
        return new Draft(
                MessageType.IMAGE,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.of(picture.id()),
                Optional.empty());
    }

    private static Draft system(String text) {
        return new Draft(
                MessageType.SYSTEM,
                text,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private List<Role> roles(Talk talk) {
        return talk.view(anna).people().stream()
                .map(Member::participant)
                .map(Participant::role)
                .toList();
    }
}
