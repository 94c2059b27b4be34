package com.ecleaner.chat.domain.port;

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
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.message.Quote;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Member;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What every store of users promises: who names them, and what is left of one who is erased. */
public abstract class UsersContract {
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

    private Users users() {
        return given.ports().users();
    }

    private UserId fresh(String name) {
        return new UserId(given.unique(name));
    }

    // --- names and roles

    @Test
    void somebody_who_was_never_seen_is_nobody() {
        assertThat(users().find(fresh("nobody"))).isEmpty();
    }

    @Test
    void a_token_gives_names_until_the_platform_gives_some() {
        UserId id = fresh("ann");
        Person token = new Person(id, "ann", "Ann");
        Person later = new Person(id, "ann", "Annie");
        Person platforms = new Person(id, "a.smith", "Ann Smith");

        assertThat(users().seen(token)).isEqualTo(new User(token, Optional.empty(), false, false));
        assertThat(users().seen(later).person()).isEqualTo(later);
        assertThat(users().find(id).orElseThrow().person()).isEqualTo(later);

        User written = users().write(platforms, Optional.of(Role.CLEANER)).user();
        assertThat(written).isEqualTo(new User(platforms, Optional.of(Role.CLEANER), true, false));
        assertThat(users().seen(token)).isEqualTo(written);
        assertThat(users().find(id)).hasValue(written);
    }

    @Test
    void a_role_that_the_platform_leaves_out_stays_as_it_was() {
        UserId id = fresh("ann");
        Person person = new Person(id, "ann", "Ann");

        assertThat(users().write(person, Optional.empty()).user().role()).isEmpty();
        users().write(person, Optional.of(Role.ADMIN));
        assertThat(users().write(new Person(id, "ann2", ""), Optional.empty()).user().role())
                .hasValue(Role.ADMIN);
        assertThat(users().write(person, Optional.of(Role.CLIENT)).user().role())
                .hasValue(Role.CLIENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"O'Brien \"Bob\"", "%_\\", "Żółć 🧽 محمد", "'; DROP TABLE users; --", ""})
    void names_come_back_as_they_were_given(String name) {
        Person person = new Person(fresh("ann"), name, name);

        users().write(person, Optional.empty());

        assertThat(users().find(person.id()).orElseThrow().person()).isEqualTo(person);
    }

    @Test
    void names_that_could_harm_come_in_harmless() {
        Person person =
                new Person(fresh("ann"), "an\u0000n\u202Ea\n", "\uD800Ann" + "x".repeat(200));

        users().seen(person);

        assertThat(users().find(person.id()).orElseThrow().person().username()).isEqualTo("anna");
        assertThat(users().find(person.id()).orElseThrow().person().firstName())
                .isEqualTo("Ann" + "x".repeat(147));
    }

    @Test
    void a_new_name_shows_on_old_messages_quotes_and_in_the_list_of_people() {
        Talk talk = given.job("5").client(anna).cleaner(john).booked();
        Message one = talk.say(anna, "one");
        talk.post(john, Draft.text("two").inReplyTo(one.id()));
        Person renamed = new Person(anna.id(), "anna2", "Anna-Maria");

        users().write(renamed, Optional.empty());

        assertThat(talk.message(john, 1).sender()).isEqualTo(renamed);
        assertThat(talk.message(john, 2).replyTo().orElseThrow().sender()).isEqualTo(renamed);
        assertThat(talk.view(john).people()).extracting(Member::person).contains(renamed);
        assertThat(talk.say(anna, "three").sender()).isEqualTo(renamed);
    }

    @Test
    void a_token_without_names_takes_none_away_that_an_earlier_one_gave() {
        UserId id = fresh("quiet");
        users().seen(new Person(id, "anna.s", "Anna"));

        assertThat(users().seen(Person.nameless(id)).person())
                .isEqualTo(new Person(id, "anna.s", "Anna"));
        assertThat(users().seen(new Person(id, "anna.t", "")).person())
                .isEqualTo(new Person(id, "anna.t", "Anna"));
        assertThat(users().find(id).orElseThrow().person())
                .isEqualTo(new Person(id, "anna.t", "Anna"));
    }

    @Test
    void names_written_at_the_same_time_by_tokens_and_the_platform_end_with_the_platforms()
            throws Exception {
        for (int i = 0; i < 20; i++) {
            Person token = new Person(fresh("u" + i), "token", "Token");
            Person platforms = new Person(token.id(), "platform", "Platform");
            Thread other = Thread.ofVirtual().start(() -> users().seen(token));
            users().write(platforms, Optional.empty());
            other.join();

            assertThat(users().find(token.id()).orElseThrow().person()).isEqualTo(platforms);
        }
    }

    // --- who is no admin any more

    @Test
    void who_is_no_admin_any_more_is_put_out_of_the_rooms_they_wrote_in_as_one() {
        Somebody eve = given.admin("eve");
        Talk job = given.job("5").client(anna).cleaner(john).booked();
        Talk support = given.support(anna);
        job.say(eve, "support here");
        support.say(eve, "how can I help?");
        job.say(anna, "thanks");
        Room before = job.room();

        Users.Written written = users().write(eve.person(), Optional.of(Role.CLIENT));

        assertThat(written.user().role()).hasValue(Role.CLIENT);
        assertThat(written.outcomes())
                .flatExtracting(Outcome::events)
                .containsExactlyInAnyOrder(left(job, eve), left(support, eve));
        assertThat(job.room().version()).isEqualTo(before.version() + 1);
        assertThat(job.room().participantCount()).isEqualTo(2);
        assertThat(job.view(anna).people()).extracting(Member::person).doesNotContain(eve.person());
        assertThat(job.view(eve).membership()).isEqualTo(Membership.NONE);
        assertThat(given.ports().rooms().levels(eve.id())).isEmpty();
        Refused.as(Refusal.Code.NOT_FOUND, () -> job.say(eve, "one more word"));
        assertThat(users().write(eve.person(), Optional.of(Role.CLIENT)).outcomes()).isEmpty();
    }

    private static RoomEvent left(Talk talk, Somebody who) {
        Room room = talk.room();
        return new RoomEvent.RoomChanged(
                room.id(), room.stateVersion(), room.type(), Set.of(), Set.of(who.id()));
    }

    @Test
    void who_is_no_admin_any_more_keeps_what_they_are_in_on_their_own_account() {
        Somebody eve = given.admin("eve");
        users().write(eve.person(), Optional.of(Role.ADMIN));
        Talk booked = given.job("5").client(eve).cleaner(john).booked();
        Talk support = given.support(eve);
        Talk lobby = given.general("lobby");
        for (Talk talk : List.of(booked, support, lobby)) {
            talk.say(eve, "hello");
        }

        Users.Written written = users().write(eve.person(), Optional.of(Role.CLIENT));

        assertThat(written.outcomes()).isEmpty();
        Somebody client = eve.as(Role.CLIENT);
        for (Talk talk : List.of(booked, support, lobby)) {
            assertThat(talk.view(eve).membership()).isEqualTo(Membership.OWN);
            talk.say(client, "still here");
        }
        assertThat(given.ports().rooms().levels(eve.id())).hasSize(3);
    }

    @Test
    void a_name_alone_and_a_role_that_stays_admin_put_nobody_out() {
        Somebody eve = given.admin("eve");
        Talk job = given.job("5").client(anna).cleaner(john).booked();
        job.say(eve, "support here");

        users().write(eve.person(), Optional.empty());
        users().write(eve.person(), Optional.of(Role.ADMIN));

        assertThat(job.view(eve).membership()).isEqualTo(Membership.AS_ADMIN);
        job.say(eve, "still here");
    }

    @Test
    void who_writes_while_the_role_is_taken_away_is_out_in_the_end() throws Exception {
        Talk job = given.job("5").client(anna).cleaner(john).booked();
        for (int i = 0; i < 20; i++) {
            Somebody eve = given.admin("eve" + i);
            users().write(eve.person(), Optional.of(Role.ADMIN));
            CompletableFuture<Outcome> writes =
                    given.ports()
                            .log()
                            .append(
                                    new RoomChange.Post(
                                            job.id(),
                                            eve.actor(),
                                            Draft.text("wait"),
                                            given.now()));

            users().write(eve.person(), Optional.of(Role.CLEANER));

            writes.handle((outcome, refusal) -> true).get(30, TimeUnit.SECONDS);
            assertThat(job.view(eve).membership()).isEqualTo(Membership.NONE);
        }
        assertThat(job.room().participantCount()).isEqualTo(2);
    }

    // --- erasing

    @Test
    void an_erased_user_keeps_the_id_and_nothing_else() {
        users().write(anna.person(), Optional.of(Role.ADMIN));

        users().erase(anna.id(), given.now());

        User erased = users().find(anna.id()).orElseThrow();
        assertThat(erased.erased()).isTrue();
        assertThat(erased.person()).isEqualTo(Person.nameless(anna.id()));
        assertThat(erased.role()).isEmpty();
        assertThat(users().seen(anna.person())).isEqualTo(erased);
        Refused.as(
                Refusal.Code.NOT_FOUND,
                () -> users().write(anna.person(), Optional.of(Role.CLIENT)));
        assertThat(users().find(anna.id())).hasValue(erased);
    }

    @Test
    void the_messages_of_an_erased_user_keep_their_numbers_and_lose_everything_else() {
        Talk talk = given.job("5").client(anna).cleaner(john).booked();
        Message one = talk.say(anna, "one", "c-1").message().orElseThrow();
        talk.post(john, Draft.text("two").inReplyTo(one.id()));
        Attachment picture = given.picture(talk, anna);
        talk.post(anna, image(picture));
        talk.edit(anna, one, "uno");
        long version = talk.room().version();
        Instant at = given.now();

        Users.Erasure erasure = users().erase(anna.id(), at);

        assertThat(erasure.user()).isEqualTo(anna.id());
        assertThat(erasure.rooms()).isEqualTo(1);
        assertThat(erasure.messages()).isEqualTo(2);
        assertThat(erasure.edits()).isEqualTo(1);
        assertThat(erasure.files()).isEqualTo(1);
        assertThat(erasure.outcomes().stream().flatMap(o -> o.events().stream()))
                .containsExactly(
                        new RoomEvent.AuthorErased(talk.id(), version + 1, anna.id()),
                        new RoomEvent.RoomChanged(
                                talk.id(), version + 2, RoomType.JOB, Set.of(), Set.of(anna.id())));
        List<Message> log = talk.log(john);
        assertThat(log).extracting(Message::seq).containsExactly(1L, 2L, 3L);
        assertThat(List.of(log.get(0), log.get(2)))
                .allSatisfy(
                        m -> {
                            assertThat(m.content()).isEmpty();
                            assertThat(m.deletedAt()).hasValue(at);
                            assertThat(m.editedAt()).isEmpty();
                            assertThat(m.attachment()).isEmpty();
                            assertThat(m.sender()).isEqualTo(Person.nameless(anna.id()));
                            assertThat(m.version()).isEqualTo(version + 1);
                        });
        assertThat(log.get(1).replyTo())
                .hasValue(new Quote(one.id(), 1, Person.nameless(anna.id()), ""));
        assertThat(talk.room().version()).isEqualTo(version + 2);
        assertThat(talk.room().lastSeq()).isEqualTo(3);
        assertThat(talk.room().participantCount()).isEqualTo(1);
        assertThat(talk.view(john).people())
                .extracting(member -> member.person().id())
                .containsExactly(john.id());
    }

    @Test
    void an_erasure_leaves_everybodys_unread_exact() {
        Talk talk = given.job("5").client(anna).cleaner(john).booked();
        talk.say(anna, "one");
        Message two = talk.say(anna, "two");
        talk.say(john, "three");
        talk.say(anna, "four");
        talk.say(eve, "five");
        talk.delete(anna, two);
        talk.read(john, 1);
        assertThat(talk.unread(john)).isEqualTo(2);

        users().erase(anna.id(), given.now());

        assertThat(talk.unread(john)).isEqualTo(1);
        assertThat(talk.unread(eve)).isZero();
        assertThat(talk.unread(anna)).isZero();
        assertThat(given.ports().rooms().totalUnread(anna.actor())).isZero();
        assertThat(given.ports().rooms().levels(anna.id())).isEmpty();
        assertThat(talk.read(john, 5).unread()).isZero();
        talk.say(eve, "six");
        assertThat(talk.unread(john)).isEqualTo(1);
    }

    @Test
    void what_an_erased_user_had_read_stays_read() {
        Talk talk = given.job("5").client(anna).cleaner(john).booked();
        talk.say(john, "one");
        talk.read(anna, 1);

        users().erase(anna.id(), given.now());

        assertThat(talk.message(john, 1).read()).isTrue();
    }

    @Test
    void an_erasure_reaches_rooms_the_user_left_or_was_unassigned_from() {
        Talk lobby = given.general("lobby");
        lobby.say(john, "hello all");
        lobby.leave(john);
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk job = booking.booked();
        job.say(john, "on my way");
        booking.noCleaner().written();

        Users.Erasure erasure = users().erase(john.id(), given.now());

        assertThat(erasure.messages()).isEqualTo(2);
        assertThat(erasure.outcomes().stream().flatMap(o -> o.events().stream()))
                .allMatch(e -> e instanceof RoomEvent.AuthorErased)
                .extracting(RoomEvent::room)
                .containsExactlyInAnyOrder(lobby.id(), job.id());
        assertThat(job.message(anna, 1).isDeleted()).isTrue();
        assertThat(job.room().participantCount()).isEqualTo(1);
    }

    @Test
    void erasing_again_changes_nothing_further() {
        Talk talk = given.job("5").client(anna).cleaner(john).booked();
        talk.say(anna, "one");
        users().erase(anna.id(), given.now());
        Room before = talk.room();
        User erased = users().find(anna.id()).orElseThrow();

        Users.Erasure again = users().erase(anna.id(), given.now());

        assertThat(again.messages()).isZero();
        assertThat(again.edits()).isZero();
        assertThat(again.rooms()).isZero();
        assertThat(again.outcomes().stream().map(Outcome::events)).allMatch(List::isEmpty);
        assertThat(talk.room()).isEqualTo(before);
        assertThat(users().find(anna.id())).hasValue(erased);
    }

    @Test
    void somebody_who_was_never_seen_can_be_erased_and_stays_out() {
        Person person = new Person(fresh("later"), "later", "Later");

        Users.Erasure erasure = users().erase(person.id(), given.now());

        assertThat(erasure.messages()).isZero();
        assertThat(erasure.outcomes()).isEmpty();
        assertThat(users().seen(person).erased()).isTrue();
        Refused.as(Refusal.Code.NOT_FOUND, () -> users().write(person, Optional.empty()));
    }

    @Test
    void an_erased_user_can_no_longer_do_anything_in_any_room() {
        Talk lobby = given.general("lobby");
        Message mine = lobby.say(anna, "hello", "c-1").message().orElseThrow();
        Message evesMessage = given.support(john).say(eve, "hi");
        users().erase(anna.id(), given.now());
        users().erase(eve.id(), given.now());
        Room before = lobby.room();

        Refused.as(Refusal.Code.NOT_FOUND, () -> lobby.say(anna, "me again"));
        Refused.as(Refusal.Code.NOT_FOUND, () -> lobby.say(anna, "hello", "c-1"));
        Refused.as(Refusal.Code.NOT_FOUND, () -> lobby.edit(anna, mine, "me again"));
        Refused.as(Refusal.Code.NOT_FOUND, () -> lobby.delete(anna, mine));
        Refused.as(Refusal.Code.NOT_FOUND, () -> lobby.read(anna, 1));
        Refused.as(Refusal.Code.NOT_FOUND, () -> lobby.join(anna));
        Refused.as(Refusal.Code.NOT_FOUND, () -> lobby.close(eve));
        assertThat(lobby.room()).isEqualTo(before);
        assertThat(evesMessage.seq()).isEqualTo(1);
    }

    @Test
    void the_files_of_an_erased_user_are_gone_sent_or_not() {
        Talk lobby = given.general("lobby");
        Attachment picture = given.picture(lobby, anna);
        Attachment sent = given.picture(lobby, anna);
        lobby.post(anna, image(sent));
        Attachment other = given.picture(lobby, john);

        Users.Erasure erasure = users().erase(anna.id(), given.now());

        assertThat(erasure.files()).isEqualTo(2);
        assertThat(given.ports().attachments().find(picture.id(), anna.id())).isEmpty();
        assertThat(given.ports().attachments().find(sent.id(), john.id())).isEmpty();
        assertThat(given.ports().attachments().find(other.id(), john.id())).isPresent();
        Refused.invalid("attachment_id", () -> lobby.post(john, image(picture)));
        Refused.as(Refusal.Code.NOT_FOUND, () -> given.picture(lobby, anna));
        assertThat(users().erase(anna.id(), given.now()).files()).isZero();
    }

    @Test
    void an_admin_deletes_an_erased_users_message_once_more_and_nothing_changes() {
        Talk talk = given.job("5").client(anna).cleaner(john).booked();
        Message one = talk.say(anna, "one");
        users().erase(anna.id(), given.now());
        Room before = talk.room();

        Message told = talk.delete(eve, one).message().orElseThrow();

        assertThat(told.sender()).isEqualTo(Person.nameless(anna.id()));
        assertThat(told.isDeleted()).isTrue();
        assertThat(talk.room()).isEqualTo(before);
        assertThat(talk.unread(john)).isZero();
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
}
