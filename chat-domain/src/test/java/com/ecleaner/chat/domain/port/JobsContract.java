package com.ecleaner.chat.domain.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomKey;
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

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What every store of jobs promises: its rooms follow a job's people, state and status. */
public abstract class JobsContract {
    private Given given;
    private Somebody anna;
    private Somebody john;
    private Somebody mary;
    private Somebody eve;

    /** The store under test, empty or shared. */
    protected abstract Ports ports();

    @BeforeEach
    void people() {
        given = new Given(ports());
        anna = given.client("anna");
        john = given.cleaner("john");
        mary = given.cleaner("mary");
        eve = given.admin("eve");
    }

    // --- a new job

    @Test
    void a_new_job_gets_its_main_room_with_its_people() {
        Given.Booking booking =
                given.job("5").client(anna).cleaner(john).title("Kitchen").status("assigned");

        Jobs.Written written = booking.written();

        Job job =
                new Job(
                        booking.id(),
                        "Kitchen",
                        "assigned",
                        Optional.of(anna.id()),
                        Optional.of(john.id()),
                        true);
        assertThat(written.created()).isTrue();
        assertThat(written.job()).isEqualTo(job);
        assertThat(given.ports().jobs().find(booking.id())).hasValue(job);
        Room room = given.ports().rooms().find(RoomKey.OfJob.main(job.id())).orElseThrow();
        assertThat(room.active()).isTrue();
        assertThat(room.version()).isEqualTo(1);
        assertThat(room.lastSeq()).isZero();
        assertThat(room.participantCount()).isEqualTo(2);
        assertThat(events(written))
                .containsExactly(
                        new RoomEvent.RoomChanged(
                                room.id(),
                                1,
                                RoomType.JOB,
                                Set.of(anna.id(), john.id()),
                                Set.of()));
        assertThat(roles(booking.booked()))
                .isEqualTo(Map.of(anna.id(), Role.CLIENT, john.id(), Role.CLEANER));
    }

    @Test
    void a_job_may_have_nobody_yet_and_may_be_over_from_the_start() {
        Given.Booking booking = given.job("5").active(false).status("cancelled");

        Talk talk = booking.booked();

        assertThat(given.ports().jobs().find(booking.id()).orElseThrow().people()).isEmpty();
        assertThat(talk.room().active()).isFalse();
        assertThat(talk.room().participantCount()).isZero();
    }

    @Test
    void a_job_nobody_wrote_is_nothing() {
        assertThat(given.ports().jobs().find(new JobId(given.unique("no")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "26",
                "0",
                "007",
                "a/b",
                "100%",
                "it's \"quoted\"",
                "'; DROP TABLE jobs; --",
                "größe-🧽",
                "{\"a\":1}",
                "a\\b"
            })
    void ids_are_opaque_text(String text) {
        String cut = given.unique(text);
        Somebody opaque = given.somebody(new UserId("u-" + cut), "opaque", Role.CLEANER);

        Given.Booking booking = given.job(text).client(anna).cleaner(opaque);
        Talk talk = booking.booked();
        Message message = talk.say(opaque, "Hello");

        assertThat(booking.id().value()).isEqualTo(cut);
        assertThat(given.ports().jobs().find(booking.id()).orElseThrow().cleaner())
                .hasValue(opaque.id());
        assertThat(message.sender()).isEqualTo(opaque.person());
        assertThat(talk.view(opaque).job().orElseThrow().id()).isEqualTo(booking.id());
        assertThat(given.ports().rooms().levels(opaque.id())).hasSize(1);
    }

    @Test
    void ids_that_differ_in_case_or_width_are_different_ids() {
        Talk small = given.job("a").client(anna).booked();
        Talk large = given.job("A").client(anna).booked();
        Talk wide = given.job("ａ").client(anna).booked();

        assertThat(Set.of(small.id(), large.id(), wide.id())).hasSize(3);
    }

    // --- writing again

    @Test
    void writing_the_same_again_changes_nothing() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        Room before = talk.room();

        Jobs.Written again = booking.written();

        assertThat(again.created()).isFalse();
        assertThat(events(again)).isEmpty();
        assertThat(talk.room()).isEqualTo(before);
    }

    @Test
    void a_new_title_is_kept_and_changes_no_room() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        Room before = talk.room();

        Jobs.Written again = booking.title("Kitchen & bath <b>").written();

        assertThat(events(again)).isEmpty();
        assertThat(talk.room()).isEqualTo(before);
        assertThat(talk.view(anna).job().orElseThrow().title()).isEqualTo("Kitchen & bath <b>");
    }

    @Test
    void active_left_out_stays_as_it_was() {
        Given.Booking booking = given.job("5").client(anna);
        Talk talk = booking.active(false).booked();

        given.ports()
                .jobs()
                .write(
                        new Jobs.Writing(
                                booking.id(),
                                "new title",
                                "assigned",
                                Optional.of(anna.person()),
                                Optional.empty(),
                                Optional.empty()),
                        given.platform().actor(),
                        given.now());

        assertThat(given.ports().jobs().find(booking.id()).orElseThrow().active()).isFalse();
        assertThat(talk.room().active()).isFalse();
    }

    @Test
    void a_jobs_people_give_names_and_never_a_role() {
        given.ports().users().write(eve.person(), Optional.of(Role.ADMIN));
        Person named = new Person(eve.id(), "eve2", "Evelyn");
        Person unseen = new Person(new UserId(given.unique("unseen")), "new", "Newman");

        given.job("5")
                .client(new Somebody(named, Role.CLIENT))
                .cleaner(new Somebody(unseen, Role.CLEANER))
                .written();

        assertThat(given.ports().users().find(eve.id()))
                .hasValue(new User(named, Optional.of(Role.ADMIN), true, false));
        assertThat(given.ports().users().find(unseen.id()))
                .hasValue(new User(unseen, Optional.empty(), true, false));
    }

    @Test
    void a_client_who_is_also_the_cleaner_is_invalid_and_nothing_is_written() {
        Given.Booking booking = given.job("5").client(anna).cleaner(anna);

        Refused.invalid("cleaner", booking::written);

        assertThat(given.ports().jobs().find(booking.id())).isEmpty();
        assertThat(given.ports().rooms().find(RoomKey.OfJob.main(booking.id()))).isEmpty();
    }

    // --- people

    @Test
    void an_assigned_cleaner_gets_the_room_and_what_was_said_before_is_news() {
        Given.Booking booking = given.job("5").client(anna);
        Talk talk = booking.booked();
        talk.say(anna, "Is anybody there?");
        talk.say(anna, "Hello?");

        Jobs.Written written = booking.cleaner(john).written();

        assertThat(events(written))
                .containsExactly(
                        new RoomEvent.RoomChanged(
                                talk.id(), 4, RoomType.JOB, Set.of(john.id()), Set.of()));
        assertThat(talk.unread(john)).isEqualTo(2);
        assertThat(talk.view(john).lastReadSeq()).isZero();
        assertThat(talk.view(john).membership().isIn()).isTrue();
        assertThat(talk.room().participantCount()).isEqualTo(2);
        assertThat(talk.room().stateVersion()).isEqualTo(4);
    }

    @Test
    void a_swapped_cleaner_is_out_from_that_version_and_the_other_is_in() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        talk.say(anna, "one");

        Jobs.Written written = booking.cleaner(mary).written();

        assertThat(events(written))
                .containsExactly(
                        new RoomEvent.RoomChanged(
                                talk.id(), 3, RoomType.JOB, Set.of(mary.id()), Set.of(john.id())));
        assertThat(talk.view(john).membership().isIn()).isFalse();
        assertThat(talk.unread(john)).isZero();
        assertThat(talk.unread(mary)).isEqualTo(1);
        assertThat(given.ports().rooms().levels(john.id())).isEmpty();
        assertThat(given.ports().rooms().totalUnread(john.actor())).isZero();
        assertThat(talk.room().participantCount()).isEqualTo(2);
    }

    @Test
    void a_cleaner_who_returns_gets_their_mark_back_and_the_rest_is_unread() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        talk.say(anna, "one");
        talk.say(john, "two");
        Message three = talk.say(anna, "three");
        talk.read(john, 1);
        booking.cleaner(mary).written();
        talk.say(anna, "four");
        talk.say(mary, "five");
        talk.delete(anna, three);

        booking.cleaner(john).written();

        assertThat(talk.view(john).lastReadSeq()).isEqualTo(1);
        assertThat(talk.unread(john)).isEqualTo(2);
        assertThat(talk.read(john, 5).unread()).isZero();
        assertThat(talk.unread(john)).isZero();
    }

    @Test
    void what_a_cleaner_read_stays_read_after_they_left() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        talk.say(anna, "one");
        talk.read(john, 1);

        booking.noCleaner().written();

        assertThat(talk.message(anna, 1).read()).isTrue();
    }

    @Test
    void an_admin_who_wrote_stays_when_the_people_change() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        talk.say(eve, "support here");

        booking.cleaner(mary).written();

        assertThat(roles(talk))
                .isEqualTo(
                        Map.of(
                                anna.id(), Role.CLIENT,
                                mary.id(), Role.CLEANER,
                                eve.id(), Role.ADMIN));
    }

    @Test
    void an_admin_of_the_room_who_is_assigned_counts_as_its_cleaner_and_is_not_new() {
        Given.Booking booking = given.job("5").client(anna);
        Talk talk = booking.booked();
        talk.say(eve, "support here");

        Jobs.Written written = booking.cleaner(eve).written();

        assertThat(events(written)).hasSize(1);
        assertThat(((RoomEvent.RoomChanged) events(written).getFirst()).joined()).isEmpty();
        assertThat(roles(talk)).containsEntry(eve.id(), Role.CLEANER).hasSize(2);
        assertThat(talk.room().participantCount()).isEqualTo(2);
        booking.noCleaner().written();
        assertThat(roles(talk)).containsOnlyKeys(anna.id());
    }

    @Test
    void all_the_jobs_rooms_follow_and_no_other_room_does() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk main = booking.booked();
        Talk further = given.open(new RoomKey.OfJob(booking.id(), Optional.of("keys")));
        Talk support =
                given.open(
                        new RoomKey.OfSupport(
                                john.id(), Optional.of(booking.id()), Optional.empty()));
        Talk other = given.job("6").client(anna).cleaner(john).booked();
        Room supportBefore = support.room();
        Room otherBefore = other.room();

        Jobs.Written written = booking.cleaner(mary).active(false).written();

        assertThat(written.outcomes().stream().map(o -> o.room()).distinct())
                .containsExactly(main.id(), further.id());
        for (Talk talk : List.of(main, further)) {
            assertThat(roles(talk)).containsOnlyKeys(anna.id(), mary.id());
            assertThat(talk.room().active()).isFalse();
        }
        assertThat(support.room()).isEqualTo(supportBefore);
        assertThat(other.room()).isEqualTo(otherBefore);
    }

    // --- status and state

    @Test
    void a_changed_status_is_posted_as_a_job_update_of_the_platform() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john).status("assigned");
        Talk talk = booking.booked();
        Talk further = given.open(new RoomKey.OfJob(booking.id(), Optional.of("keys")));

        Jobs.Written written = booking.status("in_progress").written();

        Message update = talk.message(anna, 1);
        assertThat(update.type()).isEqualTo(MessageType.JOB_UPDATE);
        assertThat(update.sender()).isEqualTo(given.platform().person());
        assertThat(update.data()).hasValue(JobChanges.status("assigned", "in_progress"));
        assertThat(events(written)).containsExactly(new RoomEvent.MessagePosted(update));
        assertThat(talk.unread(anna)).isEqualTo(1);
        assertThat(talk.unread(john)).isEqualTo(1);
        assertThat(further.room().lastSeq()).isZero();
    }

    @Test
    void the_last_status_is_told_before_the_room_closes() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john).status("assigned");
        Talk talk = booking.booked();

        Jobs.Written written = booking.status("done").active(false).written();

        assertThat(kinds(written)).containsExactly("MessagePosted", "RoomChanged");
        assertThat(versions(written)).containsExactly(2L, 3L);
        assertThat(talk.room().active()).isFalse();
        Refused.as(Refusal.Code.ROOM_CLOSED, () -> talk.say(anna, "thanks"));
    }

    @Test
    void a_reopened_room_is_told_the_status_after_it_opened() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john).status("done");
        Talk talk = booking.active(false).booked();

        Jobs.Written written = booking.status("assigned").active(true).written();

        assertThat(kinds(written)).containsExactly("RoomChanged", "MessagePosted");
        assertThat(versions(written)).containsExactly(2L, 3L);
        assertThat(talk.say(anna, "again?").seq()).isEqualTo(2);
    }

    @Test
    void a_status_that_changes_while_the_job_stays_over_is_told_in_the_closed_room() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john).status("done");
        Talk talk = booking.active(false).booked();

        booking.status("paid").written();

        assertThat(talk.message(anna, 1).data()).hasValue(JobChanges.status("done", "paid"));
        assertThat(talk.room().active()).isFalse();
    }

    @Test
    void a_closing_without_a_new_status_says_nothing() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();

        Jobs.Written written = booking.active(false).written();

        assertThat(kinds(written)).containsExactly("RoomChanged");
        assertThat(talk.room().lastSeq()).isZero();
    }

    @Test
    void people_state_and_status_in_one_write_keep_unread_right() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john).status("assigned");
        Talk talk = booking.booked();
        talk.say(anna, "one");
        talk.read(john, 1);

        Jobs.Written written = booking.cleaner(mary).status("done").active(false).written();

        assertThat(versions(written))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(4, talk.room().version()).boxed().toList());
        assertThat(talk.unread(mary)).isEqualTo(2);
        assertThat(talk.unread(anna)).isEqualTo(1);
        assertThat(talk.unread(john)).isZero();
    }

    @Test
    void an_announcement_goes_into_closed_rooms_too() {
        Talk talk = given.job("5").client(anna).active(false).booked();

        talk.done(
                new RoomChange.Announce(
                        talk.id(),
                        given.platform().actor(),
                        Draft.of(JobChanges.status("done", "paid")),
                        given.now()));

        assertThat(talk.room().lastSeq()).isEqualTo(1);
        assertThat(talk.unread(anna)).isEqualTo(1);
        Refused.as(
                Refusal.Code.NOT_FOUND,
                () ->
                        talk.done(
                                new RoomChange.Announce(
                                        talk.id(),
                                        john.actor(),
                                        Draft.of(JobChanges.status("a", "b")),
                                        given.now())));
    }

    // --- erased people

    @Test
    void a_job_that_names_an_erased_person_is_invalid_and_nothing_of_it_is_written() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john).title("before");
        Talk talk = booking.booked();
        given.ports().users().erase(mary.id(), given.now());
        Room before = talk.room();

        Refused.invalid(
                "cleaner", () -> booking.cleaner(mary).title("after").status("new").written());
        Refused.invalid("client", () -> given.job("7").client(mary).cleaner(john).written());

        Job job = given.ports().jobs().find(booking.id()).orElseThrow();
        assertThat(job.title()).isEqualTo("before");
        assertThat(job.cleaner()).hasValue(john.id());
        assertThat(talk.room()).isEqualTo(before);
        assertThat(given.ports().jobs().find(given.job("7").id())).isEmpty();
    }

    @Test
    void a_job_forgets_an_erased_person_and_its_next_room_is_without_them() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        booking.booked();

        given.ports().users().erase(john.id(), given.now());

        assertThat(given.ports().jobs().find(booking.id()).orElseThrow().people())
                .containsOnlyKeys(anna.id());
        Talk further = given.open(new RoomKey.OfJob(booking.id(), Optional.of("keys")));
        assertThat(roles(further)).containsOnlyKeys(anna.id());
    }

    // --- helpers

    private static List<RoomEvent> events(Jobs.Written written) {
        return written.outcomes().stream().flatMap(o -> o.events().stream()).toList();
    }

    private static List<String> kinds(Jobs.Written written) {
        return events(written).stream().map(e -> e.getClass().getSimpleName()).toList();
    }

    private static List<Long> versions(Jobs.Written written) {
        return events(written).stream().map(RoomEvent::version).toList();
    }

    private Map<UserId, Role> roles(Talk talk) {
        return talk.view(anna).people().stream()
                .map(Member::participant)
                .collect(Collectors.toMap(Participant::user, Participant::role));
    }
}
