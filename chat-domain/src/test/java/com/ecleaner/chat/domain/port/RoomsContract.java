package com.ecleaner.chat.domain.port;

import static com.ecleaner.chat.domain.Refusal.Code.NOT_FOUND;
import static com.ecleaner.chat.domain.Refusal.Code.ROOM_CLOSED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Changes;
import com.ecleaner.chat.domain.view.Earlier;
import com.ecleaner.chat.domain.view.EarlierPage;
import com.ecleaner.chat.domain.view.Member;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.Recent;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomLevel;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.domain.view.Seat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What every store of rooms promises: opening, views, lists, pages, and what changed. */
public abstract class RoomsContract {
    private static final RoomId NOWHERE = new RoomId(Long.MAX_VALUE);

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

    private Rooms rooms() {
        return given.ports().rooms();
    }

    private Talk room() {
        return given.job("5").client(anna).cleaner(john).booked();
    }

    // --- what changed lately

    private Map<RoomId, Recent.Moved> since(Recent before) {
        Map<RoomId, Recent.Moved> moved = new TreeMap<>();
        rooms().recent(before.mark()).rooms().forEach(m -> moved.put(m.room(), m));
        return moved;
    }

    @Test
    void every_kind_of_change_since_the_last_question_is_told_with_the_rooms_version() {
        Talk talk = room();
        Recent start = rooms().recent(Recent.FROM_NOW);
        assertThat(start.rooms()).isEmpty();
        assertThat(start.users()).isEmpty();

        Message message = talk.say(anna, "hello");
        assertThat(since(start).get(talk.id()).version()).isEqualTo(message.version());

        Recent posted = rooms().recent(start.mark());
        talk.read(john, 1);
        Recent.Moved read = since(posted).get(talk.id());
        assertThat(read.version()).isEqualTo(message.version() + 1);
        assertThat(read.type()).isEqualTo(RoomType.JOB);
    }

    @Test
    void who_came_lately_is_told_with_the_room_also_where_it_is_new() {
        Recent start = rooms().recent(Recent.FROM_NOW);

        Talk talk = room();

        Recent.Moved moved = since(start).get(talk.id());
        assertThat(moved.stateChanged()).isTrue();
        assertThat(moved.people()).containsExactlyInAnyOrder(anna.id(), john.id());
    }

    @Test
    void what_the_platform_wrote_of_a_user_lately_is_told() {
        Recent start = rooms().recent(Recent.FROM_NOW);
        Person person = new Person(anna.id(), "anna", "Änna");

        given.ports().users().write(person, Optional.of(Role.ADMIN));

        assertThat(rooms().recent(start.mark()).users())
                .contains(new User(person, Optional.of(Role.ADMIN), true, false));
    }

    // --- opening

    @Test
    void a_room_is_made_on_first_opening_and_found_ever_after() {
        RoomKey key = new RoomKey.OfAll(given.unique("lobby"));
        Instant at = given.now();
        assertThat(rooms().find(key)).isEmpty();

        Rooms.Opened first = open(key, at);
        Rooms.Opened again = open(key, given.now());

        Room room = first.room();
        assertThat(first.created()).isTrue();
        assertThat(first.joined()).isEmpty();
        assertThat(room).isEqualTo(new Room(room.id(), key, at, at, true, 1, 1, 0, 0));
        assertThat(again).isEqualTo(new Rooms.Opened(room, false, Set.of()));
        assertThat(rooms().find(key)).hasValue(room);
        assertThat(rooms().find(room.id())).hasValue(room);
        assertThat(rooms().find(NOWHERE)).isEmpty();
    }

    @Test
    void a_support_room_has_its_opener_in_it_and_there_is_one_per_opener_job_and_topic() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        booking.written();
        Optional<JobId> job = Optional.of(booking.id());
        Optional<String> topic = Optional.of("payment");
        List<RoomKey> keys =
                List.of(
                        new RoomKey.OfSupport(anna.id(), Optional.empty(), Optional.empty()),
                        new RoomKey.OfSupport(anna.id(), job, Optional.empty()),
                        new RoomKey.OfSupport(anna.id(), Optional.empty(), topic),
                        new RoomKey.OfSupport(anna.id(), job, topic),
                        new RoomKey.OfSupport(john.id(), job, topic),
                        new RoomKey.OfJob(booking.id(), topic));

        List<Rooms.Opened> opened = keys.stream().map(k -> open(k, given.now())).toList();
        List<Rooms.Opened> again = keys.stream().map(k -> open(k, given.now())).toList();

        assertThat(opened).allMatch(Rooms.Opened::created);
        assertThat(again).noneMatch(Rooms.Opened::created);
        assertThat(opened).extracting(o -> o.room().id()).doesNotHaveDuplicates();
        assertThat(again)
                .extracting(Rooms.Opened::room)
                .isEqualTo(opened.stream().map(Rooms.Opened::room).toList());
        assertThat(opened).extracting(o -> o.room().key()).isEqualTo(keys);
        assertThat(opened.getFirst().joined()).containsExactly(anna.id());
        assertThat(opened.getFirst().room().participantCount()).isEqualTo(1);
        assertThat(opened.getLast().joined()).containsExactlyInAnyOrder(anna.id(), john.id());
        RoomView view = rooms().view(opened.get(1).room().id(), anna.id()).orElseThrow();
        assertThat(view.membership().isIn()).isTrue();
        assertThat(view.job().orElseThrow().id()).isEqualTo(booking.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100%",
                "a_b",
                "it's",
                "\"x\"",
                "'; DROP TABLE rooms; --",
                "żółć 🧽",
                "a\\b"
            })
    void names_and_topics_are_opaque_text(String text) {
        RoomKey general = new RoomKey.OfAll(given.unique(text));
        RoomKey similar = new RoomKey.OfAll(given.unique(text) + " ");
        RoomKey support =
                new RoomKey.OfSupport(anna.id(), Optional.empty(), Optional.of(given.unique(text)));

        Set<RoomId> ids = new HashSet<>();
        for (RoomKey key : List.of(general, similar, support)) {
            Room room = open(key, given.now()).room();
            ids.add(room.id());
            assertThat(room.key()).isEqualTo(key);
            assertThat(rooms().find(key)).hasValue(room);
        }
        assertThat(ids).hasSize(3);
    }

    @Test
    void a_further_room_has_the_jobs_people_with_everything_unread() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        booking.written();

        Talk further = given.open(new RoomKey.OfJob(booking.id(), Optional.of("keys")));
        further.say(anna, "where?");

        assertThat(further.unread(john)).isEqualTo(1);
        assertThat(further.view(john).people())
                .extracting(m -> m.participant().role())
                .containsExactlyInAnyOrder(Role.CLIENT, Role.CLEANER);
    }

    @Test
    void a_room_of_a_job_that_does_not_exist_is_not_found() {
        JobId no = new JobId(given.unique("no"));

        Refused.as(NOT_FOUND, () -> open(RoomKey.OfJob.main(no), given.now()));
        Refused.as(
                NOT_FOUND,
                () ->
                        open(
                                new RoomKey.OfSupport(anna.id(), Optional.of(no), Optional.empty()),
                                given.now()));
    }

    @Test
    void a_closed_job_gets_no_further_room_and_the_ones_it_has_are_opened_closed() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk main = booking.booked();
        RoomKey keys = new RoomKey.OfJob(booking.id(), Optional.of("keys"));
        Talk further = given.open(keys);
        booking.active(false).written();

        Rooms.Opened opened = open(keys, given.now());

        assertThat(opened.created()).isFalse();
        assertThat(opened.room().id()).isEqualTo(further.id());
        assertThat(opened.room().active()).isFalse();
        assertThat(open(RoomKey.OfJob.main(booking.id()), given.now()).room())
                .isEqualTo(main.room());
        Refused.as(
                ROOM_CLOSED,
                () -> open(new RoomKey.OfJob(booking.id(), Optional.of("other")), given.now()));
        assertThat(
                        open(
                                        new RoomKey.OfSupport(
                                                anna.id(),
                                                Optional.of(booking.id()),
                                                Optional.empty()),
                                        given.now())
                                .room()
                                .active())
                .isTrue();
    }

    @Test
    void a_room_opened_by_many_at_once_is_made_once() throws Exception {
        RoomKey key = new RoomKey.OfAll(given.unique("lobby"));
        Instant at = given.now();
        List<Rooms.Opened> opened = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Rooms.Opened>> work =
                    IntStream.range(0, 16)
                            .<Callable<Rooms.Opened>>mapToObj(i -> () -> open(key, at))
                            .toList();
            for (Future<Rooms.Opened> done : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
                opened.add(done.get());
            }
        }

        assertThat(opened).filteredOn(Rooms.Opened::created).hasSize(1);
        assertThat(opened).extracting(o -> o.room().id()).containsOnly(opened.get(0).room().id());
    }

    // --- seats and views

    @Test
    void a_seat_says_whether_somebody_is_a_participant_now() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();

        assertThat(rooms().seat(talk.id(), john.id()))
                .hasValue(new Seat(talk.room(), Membership.OWN));
        assertThat(rooms().seat(talk.id(), eve.id()))
                .hasValue(new Seat(talk.room(), Membership.NONE));
        assertThat(rooms().seat(NOWHERE, john.id())).isEmpty();

        booking.noCleaner().written();
        assertThat(rooms().seat(talk.id(), john.id()))
                .hasValue(new Seat(talk.room(), Membership.NONE));
    }

    @Test
    void a_view_shows_the_room_its_job_its_people_and_the_newest_message() {
        Given.Booking booking = given.job("5").client(anna).title("Kitchen").status("assigned");
        Talk talk = booking.booked();
        talk.say(anna, "one");
        booking.cleaner(john).written();
        talk.say(eve, "two");
        talk.read(john, 1);
        Message newest = talk.say(anna, "three");

        RoomView view = talk.view(john);

        assertThat(view.room()).isEqualTo(talk.room());
        assertThat(view.job().orElseThrow()).isEqualTo(jobOf(booking));
        assertThat(view.people())
                .extracting(Member::person)
                .containsExactly(anna.person(), john.person(), eve.person());
        assertThat(view.people())
                .extracting(m -> m.participant().role())
                .containsExactly(Role.CLIENT, Role.CLEANER, Role.ADMIN);
        assertThat(view.people())
                .extracting(m -> m.participant().lastReadSeq())
                .containsExactly(0L, 1L, 1L);
        assertThat(view.lastReadSeq()).isEqualTo(1);
        assertThat(view.unread()).isEqualTo(2);
        assertThat(view.membership().isIn()).isTrue();
        assertThat(view.lastMessage()).hasValue(newest);
    }

    @Test
    void a_view_of_one_who_is_no_participant_has_no_mark_and_no_unread() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        talk.say(anna, "one");
        talk.read(john, 1);
        talk.say(anna, "two");
        booking.noCleaner().written();

        for (Somebody other : List.of(john, eve)) {
            RoomView view = talk.view(other);
            assertThat(view.lastReadSeq()).isZero();
            assertThat(view.unread()).isZero();
            assertThat(view.membership().isIn()).isFalse();
        }
    }

    @Test
    void an_empty_room_has_no_newest_message_and_a_general_room_no_job() {
        Talk talk = given.general("lobby");

        RoomView view = talk.view(anna);

        assertThat(view.lastMessage()).isEmpty();
        assertThat(view.job()).isEmpty();
        assertThat(view.people()).isEmpty();
        assertThat(rooms().view(NOWHERE, anna.id())).isEmpty();
    }

    @Test
    void the_newest_message_shows_as_it_is_now() {
        Talk talk = room();
        Message one = talk.say(anna, "one");

        talk.read(john, 1);
        assertThat(talk.view(anna).lastMessage().orElseThrow().read()).isTrue();
        talk.edit(anna, one, "uno");
        assertThat(talk.view(anna).lastMessage().orElseThrow().content()).isEqualTo("uno");
        talk.delete(anna, one);
        assertThat(talk.view(anna).lastMessage().orElseThrow().isDeleted()).isTrue();
    }

    @Test
    void views_of_several_are_what_each_would_see() {
        Talk talk = room();
        talk.say(anna, "one");
        talk.say(john, "two");
        talk.read(john, 1);

        Map<UserId, RoomView> views =
                rooms().views(talk.id(), Set.of(anna.id(), john.id(), eve.id()));

        assertThat(views)
                .isEqualTo(
                        Map.of(
                                anna.id(), talk.view(anna),
                                john.id(), talk.view(john),
                                eve.id(), talk.view(eve)));
        assertThat(rooms().views(NOWHERE, Set.of(anna.id()))).isEmpty();
        assertThat(rooms().views(talk.id(), Set.of())).isEmpty();
    }

    @Test
    void of_more_than_fifty_people_the_last_active_are_shown_and_all_are_counted() {
        Talk talk = given.general("square");
        List<Somebody> crowd =
                IntStream.range(0, 60).mapToObj(i -> given.client("visitor" + i)).toList();
        crowd.forEach(talk::join);
        talk.say(anna, "welcome");
        talk.read(crowd.getFirst(), 1);

        RoomView view = talk.view(crowd.getLast());

        assertThat(view.people()).hasSize(Room.SMALL);
        assertThat(view.room().participantCount()).isEqualTo(61);
        assertThat(view.people())
                .extracting(m -> m.person().id())
                .contains(crowd.getFirst().id(), crowd.getLast().id(), anna.id())
                .doesNotContain(crowd.get(1).id());
        assertThat(view.membership().isIn()).isTrue();
        assertThat(talk.view(crowd.get(1)).membership().isIn()).isTrue();
        assertThat(talk.unread(crowd.get(1))).isEqualTo(1);
    }

    // --- lists

    @Test
    void the_list_has_the_viewers_rooms_most_recently_active_first() {
        Talk first = room();
        Talk second = given.support(anna);
        Talk third = given.general("lobby");
        third.say(anna, "hello");
        room6().say(john, "not hers");
        first.say(john, "news");

        RoomPage page = list(anna, RoomFilter.OWN, Optional.empty(), 100);

        assertThat(ids(page)).containsExactly(first.id(), third.id(), second.id());
        assertThat(page.next()).isEmpty();
        assertThat(page.rooms().getFirst()).isEqualTo(first.view(anna));
        assertThat(page.rooms().getLast()).isEqualTo(second.view(anna));
    }

    private Talk room6() {
        return given.job("6").cleaner(john).booked();
    }

    @Test
    void rooms_that_were_left_or_lost_are_not_listed() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        booking.written();
        Talk lobby = given.general("lobby");
        lobby.join(john);
        assertThat(ids(list(john, RoomFilter.OWN, Optional.empty(), 10))).hasSize(2);

        booking.noCleaner().written();
        lobby.leave(john);

        assertThat(ids(list(john, RoomFilter.OWN, Optional.empty(), 10))).isEmpty();
    }

    @Test
    void reading_editing_and_deleting_do_not_move_a_room_up() {
        Talk lower = room();
        Message one = lower.say(anna, "one");
        Talk upper = given.job("6").client(anna).cleaner(john).booked();
        upper.say(anna, "one");

        lower.read(john, 1);
        lower.edit(anna, one, "uno");
        lower.delete(anna, one);

        assertThat(ids(list(anna, RoomFilter.OWN, Optional.empty(), 10)))
                .containsExactly(upper.id(), lower.id());
    }

    @Test
    void pages_follow_each_other_without_repeats_or_omissions() {
        List<RoomId> all = rooms(7).reversed().stream().map(Talk::id).toList();

        assertThat(paged(anna, RoomFilter.OWN, 1)).isEqualTo(all);
        assertThat(paged(anna, RoomFilter.OWN, 3)).isEqualTo(all);
        assertThat(paged(anna, RoomFilter.OWN, 7)).isEqualTo(all);
        assertThat(list(anna, RoomFilter.OWN, Optional.empty(), 7).next()).isEmpty();
        assertThat(list(anna, RoomFilter.OWN, Optional.empty(), 6).next()).isPresent();
    }

    @Test
    void rooms_of_the_same_time_are_paged_by_id_without_repeats_or_omissions() {
        Instant at = given.now();
        List<RoomId> made = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RoomKey key = new RoomKey.OfSupport(anna.id(), Optional.empty(), Optional.of("t" + i));
            made.add(open(key, at).room().id());
        }

        assertThat(paged(anna, RoomFilter.OWN, 2)).isEqualTo(made.reversed());
    }

    @Test
    void while_rooms_move_up_those_that_do_not_are_listed_once_each() {
        List<Talk> made = rooms(8);
        List<RoomId> seen = new ArrayList<>();
        Optional<RoomCursor> cursor = Optional.empty();
        List<Talk> movers = List.of(made.get(0), made.get(7), made.get(3), made.get(5));
        int turn = 0;
        do {
            RoomPage page = list(anna, RoomFilter.OWN, cursor, 2);
            seen.addAll(ids(page));
            cursor = page.next();
            if (turn < movers.size()) {
                movers.get(turn++).say(john, "I move up");
            }
        } while (cursor.isPresent());

        List<RoomId> still =
                made.reversed().stream().filter(t -> !movers.contains(t)).map(Talk::id).toList();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen.stream().filter(still::contains).toList()).isEqualTo(still);
    }

    @Test
    void the_list_can_be_of_one_type_and_of_open_or_closed_rooms() {
        Given.Booking over = given.job("over").client(anna);
        Talk closedJob = over.booked();
        over.active(false).written();
        Talk job = room();
        Talk support = given.support(anna);
        Talk lobby = given.general("lobby");
        lobby.join(anna);
        lobby.close(eve);

        assertThat(ids(filtered(Optional.of(RoomType.JOB), Optional.empty())))
                .containsExactly(job.id(), closedJob.id());
        assertThat(ids(filtered(Optional.of(RoomType.JOB), Optional.of(true))))
                .containsExactly(job.id());
        assertThat(ids(filtered(Optional.empty(), Optional.of(false))))
                .containsExactly(lobby.id(), closedJob.id());
        assertThat(ids(filtered(Optional.of(RoomType.SUPPORT), Optional.of(true))))
                .containsExactly(support.id());
        assertThat(ids(filtered(Optional.of(RoomType.SUPPORT), Optional.of(false)))).isEmpty();
    }

    private RoomPage filtered(Optional<RoomType> type, Optional<Boolean> active) {
        return list(anna, new RoomFilter(false, type, active), Optional.empty(), 10);
    }

    @Test
    void an_admin_can_list_every_room_and_has_no_unread_in_those_not_joined() {
        Talk job = room();
        job.say(anna, "one");
        Talk support = given.support(john);
        support.say(john, "help");
        support.say(eve, "yes?");
        support.say(john, "my key broke");
        Talk closed = given.support(anna);
        closed.close(eve);

        List<RoomId> open =
                paged(eve, new RoomFilter(true, Optional.empty(), Optional.of(true)), 100);
        List<RoomId> queue =
                paged(
                        eve,
                        new RoomFilter(true, Optional.of(RoomType.SUPPORT), Optional.empty()),
                        100);

        assertThat(open).contains(job.id(), support.id()).doesNotContain(closed.id());
        assertThat(queue).contains(support.id(), closed.id()).doesNotContain(job.id());
        assertThat(ids(list(eve, RoomFilter.OWN, Optional.empty(), 100)))
                .containsExactly(support.id());
        RoomFilter everyRoom = new RoomFilter(true, Optional.empty(), Optional.empty());
        assertThat(pagedViews(eve, everyRoom, 100))
                .contains(job.view(eve), support.view(eve), closed.view(eve));
        assertThat(support.view(eve).unread()).isEqualTo(1);
        assertThat(job.view(eve).unread()).isZero();
    }

    @Test
    void who_opens_a_support_room_for_themselves_is_in_it_as_what_they_came_as() {
        Instant at = given.now();
        RoomKey johns = new RoomKey.OfSupport(john.id(), Optional.empty(), Optional.empty());
        RoomKey evesByToken = new RoomKey.OfSupport(eve.id(), Optional.empty(), Optional.empty());
        Somebody written = given.cleaner("written");
        given.ports().users().write(written.person(), Optional.of(Role.CLEANER));
        RoomKey theirs = new RoomKey.OfSupport(written.id(), Optional.empty(), Optional.empty());

        Room own = rooms().open(johns, john.actor(), at).room();
        Room admins = rooms().open(evesByToken, eve.actor(), at).room();
        Room forAnother = rooms().open(theirs, eve.actor(), at).room();

        assertThat(roleOf(own, john)).isEqualTo(Role.CLEANER);
        assertThat(roleOf(admins, eve)).isEqualTo(Role.ADMIN);
        assertThat(roleOf(forAnother, written)).isEqualTo(Role.CLEANER);
    }

    private Role roleOf(Room room, Somebody who) {
        return rooms().view(room.id(), who.id()).orElseThrow().people().stream()
                .map(Member::participant)
                .filter(p -> p.user().equals(who.id()))
                .findFirst()
                .orElseThrow()
                .role();
    }

    // --- totals and levels

    @Test
    void the_total_is_the_sum_over_the_rooms_one_is_in() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk job = booking.booked();
        job.say(anna, "one");
        job.say(anna, "two");
        Talk support = given.support(john);
        support.say(eve, "anything else?");
        Talk lobby = given.general("lobby");
        lobby.join(john);
        lobby.say(anna, "hello");
        lobby.say(john, "hello");
        assertThat(rooms().totalUnread(john.actor())).isEqualTo(4);
        assertThat(rooms().totalUnread(anna.actor())).isEqualTo(1);
        assertThat(rooms().totalUnread(eve.actor())).isZero();
        assertThat(rooms().totalUnread(new Actor(new UserId(given.unique("nobody")), Role.CLIENT)))
                .isZero();

        booking.noCleaner().written();
        assertThat(rooms().totalUnread(john.actor())).isEqualTo(2);
        lobby.leave(john);
        assertThat(rooms().totalUnread(john.actor())).isEqualTo(1);
    }

    @Test
    void the_rooms_an_admin_wrote_in_are_theirs_for_whoever_comes_as_an_admin_alone() {
        Talk job = room();
        job.say(eve, "support here");
        job.say(anna, "thanks");
        Talk support = given.support(anna);
        support.say(eve, "how can I help?");
        Talk own = given.support(eve);
        Talk lobby = given.general("lobby");
        lobby.say(eve, "hello");
        lobby.say(anna, "hello");
        Somebody client = eve.as(Role.CLIENT);

        assertThat(ids(list(eve, RoomFilter.OWN, Optional.empty(), 50)))
                .containsExactlyInAnyOrder(job.id(), support.id(), own.id(), lobby.id());
        assertThat(rooms().totalUnread(eve.actor())).isEqualTo(2);
        assertThat(ids(list(client, RoomFilter.OWN, Optional.empty(), 50)))
                .containsExactlyInAnyOrder(own.id(), lobby.id());
        assertThat(paged(client, RoomFilter.OWN, 1))
                .containsExactlyInAnyOrder(own.id(), lobby.id());
        assertThat(rooms().totalUnread(client.actor())).isEqualTo(1);
        assertThat(rooms().seat(job.id(), eve.id()))
                .hasValue(new Seat(job.room(), Membership.AS_ADMIN));
        assertThat(rooms().seat(own.id(), eve.id())).hasValue(new Seat(own.room(), Membership.OWN));
        assertThat(rooms().levels(eve.id()))
                .extracting(level -> level.room().id(), RoomLevel::membership)
                .containsExactlyInAnyOrder(
                        tuple(job.id(), Membership.AS_ADMIN),
                        tuple(support.id(), Membership.AS_ADMIN),
                        tuple(own.id(), Membership.OWN),
                        tuple(lobby.id(), Membership.OWN));
        Refused.as(NOT_FOUND, () -> job.say(client, "and I?"));
        Refused.as(NOT_FOUND, () -> job.read(client, 2));
    }

    @Test
    void levels_tell_how_far_each_of_ones_rooms_and_oneself_have_come() {
        Talk job = room();
        job.say(anna, "one");
        job.say(anna, "two");
        job.read(john, 1);
        Talk support = given.support(john);
        given.general("lobby").say(anna, "not his");

        assertThat(rooms().levels(john.id()))
                .containsExactlyInAnyOrder(
                        new RoomLevel(job.room(), 1, 1, Membership.OWN),
                        new RoomLevel(support.room(), 0, 0, Membership.OWN));
    }

    // --- history

    /** A log of ten, and what each position of it shows, as first and last number. */
    @ParameterizedTest
    @CsvSource({
        "latest,  0,   3,  8, 10, true,  false",
        "latest,  0,  10,  1, 10, false, false",
        "latest,  0, 200,  1, 10, false, false",
        "before,  5,   3,  2,  4, true,  true",
        "before,  4,   3,  1,  3, false, true",
        "before,  2,   3,  1,  1, false, true",
        "before,  1,   3,  0,  0, false, true",
        "before,  0,   3,  0,  0, false, true",
        "before, 11,   3,  8, 10, true,  false",
        "before, 99,   3,  8, 10, true,  false",
        "after,   0,   3,  1,  3, false, true",
        "after,   5,   3,  6,  8, true,  true",
        "after,   7,   3,  8, 10, true,  false",
        "after,   9,   3, 10, 10, true,  false",
        "after,  10,   3,  0,  0, true,  false",
        "after,  99,   3,  0,  0, true,  false",
        "around,  5,   5,  3,  7, true,  true",
        "around,  5,   1,  5,  5, true,  true",
        "around,  3,   5,  1,  5, false, true",
        "around,  1,   5,  1,  3, false, true",
        "around,  0,   5,  1,  3, false, true",
        "around,  8,   5,  6, 10, true,  false",
        "around, 10,   5,  8, 10, true,  false",
        "around, 99,   5,  8, 10, true,  false",
        "around,  5, 200,  1, 10, false, false",
        "before, 9223372036854775807, 2,  9, 10, true, false",
        "after,  9223372036854775807, 2,  0,  0, true, false",
        "around, 9223372036854775807, 3,  9, 10, true, false"
    })
    void history_shows_the_run_at_its_position_and_whether_it_goes_on(
            String where,
            long seq,
            int limit,
            long first,
            long last,
            boolean before,
            boolean after) {
        Talk talk = room();
        fill(talk, 10);

        MessagePage page = talk.history(john, position(where, seq), limit);

        assertThat(page.messages())
                .extracting(Message::seq)
                .containsExactlyElementsOf(
                        first == 0
                                ? List.of()
                                : LongStream.rangeClosed(first, last).boxed().toList());
        assertThat(page.moreBefore()).as("more before").isEqualTo(before);
        assertThat(page.moreAfter()).as("more after").isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "before", "after", "around"})
    void the_history_of_an_empty_room_is_empty_and_does_not_go_on(String where) {
        Talk talk = room();

        for (long seq : new long[] {0, 1, 7}) {
            assertThat(talk.history(anna, position(where, seq), 50))
                    .isEqualTo(new MessagePage(List.of(), false, false));
        }
    }

    @Test
    void an_even_page_around_a_message_is_full_and_has_it_in_the_middle() {
        Talk talk = room();
        fill(talk, 20);

        List<Long> seqs =
                talk.history(anna, new Position.Around(10), 6).messages().stream()
                        .map(Message::seq)
                        .toList();

        assertThat(seqs).hasSize(6).contains(8L, 9L, 10L, 11L, 12L).isSorted();
    }

    @Test
    void history_shows_messages_as_they_are_now() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        Message two = talk.say(anna, "two");
        talk.post(john, Draft.text("three").inReplyTo(one.id()));
        talk.edit(anna, one, "uno");
        talk.delete(anna, two);
        talk.read(john, 1);

        List<Message> log = talk.log(john);

        assertThat(log).extracting(Message::content).containsExactly("uno", "", "three");
        assertThat(log).extracting(Message::read).containsExactly(true, false, false);
        assertThat(log.get(2).replyTo().orElseThrow().excerpt()).isEqualTo("uno");
    }

    @Test
    void a_read_of_history_asks_for_admission_with_the_readers_seat_and_stops_where_refused() {
        Talk talk = room();
        talk.say(anna, "secret");
        List<Optional<Seat>> asked = new ArrayList<>();

        rooms().history(talk.id(), john.id(), asked::add, new Position.Latest(), 50);
        rooms().history(talk.id(), eve.id(), asked::add, new Position.Latest(), 50);
        rooms().changes(talk.id(), john.id(), asked::add, 0, 0);

        assertThat(asked)
                .containsExactly(
                        Optional.of(new Seat(talk.room(), Membership.OWN)),
                        Optional.of(new Seat(talk.room(), Membership.NONE)),
                        Optional.of(new Seat(talk.room(), Membership.OWN)));
        Refused.as(
                Refusal.Code.FORBIDDEN,
                () ->
                        rooms().history(
                                        talk.id(),
                                        john.id(),
                                        seat -> {
                                            throw Refusal.forbidden("not today");
                                        },
                                        new Position.Latest(),
                                        50));
        Refused.as(
                Refusal.Code.FORBIDDEN,
                () ->
                        rooms().changes(
                                        talk.id(),
                                        john.id(),
                                        seat -> {
                                            throw Refusal.forbidden("not today");
                                        },
                                        0,
                                        0));
    }

    @Test
    void admission_to_a_room_that_does_not_exist_is_asked_without_a_seat() {
        List<Optional<Seat>> asked = new ArrayList<>();

        Refused.as(
                NOT_FOUND,
                () -> rooms().history(NOWHERE, john.id(), asked::add, new Position.Latest(), 50));
        Refused.as(NOT_FOUND, () -> rooms().changes(NOWHERE, john.id(), asked::add, 0, 0));

        assertThat(asked).containsExactly(Optional.empty(), Optional.empty());
    }

    // --- what a message said before

    private EarlierPage earlier(Talk talk, Message message, long after, int limit) {
        return rooms().earlier(talk.id(), john.id(), Talk.ANYBODY, message.id(), after, limit);
    }

    private List<String> saidBefore(Talk talk, Message message) {
        return earlier(talk, message, 0, 100).contents().stream().map(Earlier::content).toList();
    }

    @Test
    void what_a_message_said_before_is_told_with_the_time_it_was_said_first_wording_first() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        assertThat(saidBefore(talk, one)).isEmpty();
        Message uno = talk.edit(anna, one, "uno");
        talk.edit(anna, one, "eins");
        Message other = talk.say(anna, "another");
        talk.edit(anna, other, "another one");

        EarlierPage before = earlier(talk, one, 0, 100);

        assertThat(before)
                .isEqualTo(
                        new EarlierPage(
                                List.of(
                                        new Earlier(one.version(), "one", one.timestamp()),
                                        new Earlier(
                                                uno.version(),
                                                "uno",
                                                uno.editedAt().orElseThrow())),
                                OptionalLong.empty()));
        assertThat(talk.message(john, 1).content()).isEqualTo("eins");
    }

    @Test
    void edits_that_wait_for_one_commit_are_all_kept() {
        Talk talk = room();
        Message one = talk.say(anna, "0");
        List<CompletableFuture<Outcome>> edits = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            edits.add(
                    given.ports()
                            .log()
                            .append(
                                    new RoomChange.Edit(
                                            talk.id(),
                                            anna.actor(),
                                            one.id(),
                                            Integer.toString(i),
                                            given.now())));
        }
        edits.forEach(Talk::outcome);

        assertThat(saidBefore(talk, one))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(Integer::toString).toList());
    }

    @Test
    void earlier_contents_come_in_pages_that_meet() {
        Talk talk = room();
        Message one = talk.say(anna, "0");
        for (int i = 1; i <= 5; i++) {
            talk.edit(anna, one, Integer.toString(i));
        }

        EarlierPage first = earlier(talk, one, 0, 2);
        EarlierPage second = earlier(talk, one, first.next().orElseThrow(), 2);
        EarlierPage third = earlier(talk, one, second.next().orElseThrow(), 2);

        assertThat(first.contents()).extracting(Earlier::content).containsExactly("0", "1");
        assertThat(second.contents()).extracting(Earlier::content).containsExactly("2", "3");
        assertThat(third.contents()).extracting(Earlier::content).containsExactly("4");
        assertThat(third.next()).isEmpty();
        assertThat(earlier(talk, one, 0, 5).next()).isEmpty();
    }

    @Test
    void a_deleted_message_has_no_earlier_contents_any_more() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        talk.edit(anna, one, "uno");
        talk.delete(anna, one);

        assertThat(saidBefore(talk, one)).isEmpty();
    }

    @Test
    void an_edit_and_a_deletion_that_wait_for_one_commit_leave_no_earlier_contents() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        List<CompletableFuture<Outcome>> changes =
                List.of(
                        given.ports()
                                .log()
                                .append(
                                        new RoomChange.Edit(
                                                talk.id(),
                                                anna.actor(),
                                                one.id(),
                                                "uno",
                                                given.now())),
                        given.ports()
                                .log()
                                .append(
                                        new RoomChange.Delete(
                                                talk.id(), anna.actor(), one.id(), given.now())));
        changes.forEach(Talk::outcome);

        assertThat(saidBefore(talk, one)).isEmpty();
    }

    @Test
    void what_an_erased_user_said_before_is_gone() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        talk.edit(anna, one, "uno");
        Message his = talk.say(john, "his");
        talk.edit(john, his, "his own");

        given.ports().users().erase(anna.id(), given.now());

        assertThat(saidBefore(talk, one)).isEmpty();
        assertThat(saidBefore(talk, his)).containsExactly("his");
    }

    @Test
    void earlier_contents_ask_for_admission_and_know_the_messages_of_their_room_only() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        talk.edit(anna, one, "uno");
        Talk elsewhere = given.general("elsewhere");

        Refused.as(NOT_FOUND, () -> earlier(elsewhere, one, 0, 10));
        List<Optional<Seat>> asked = new ArrayList<>();
        rooms().earlier(talk.id(), john.id(), asked::add, one.id(), 0, 10);
        assertThat(asked).containsExactly(Optional.of(new Seat(talk.room(), Membership.OWN)));
        Refused.as(
                NOT_FOUND,
                () ->
                        rooms().earlier(
                                        talk.id(),
                                        eve.id(),
                                        seat -> {
                                            throw Refusal.notFound("room");
                                        },
                                        one.id(),
                                        0,
                                        10));
    }

    // --- what changed

    @Test
    void nothing_changed_above_what_one_holds() {
        Talk talk = room();
        talk.say(anna, "one");
        talk.read(john, 1);
        Room now = talk.room();

        for (long more : new long[] {0, 100}) {
            Changes changes = talk.changes(john, now.lastSeq() + more, now.version() + more);

            assertThat(changes.room()).isEqualTo(now);
            assertThat(changes.posted()).isEmpty();
            assertThat(changes.rewritten()).isEmpty();
            assertThat(changes.moved()).isEmpty();
            assertThat(changes.gap()).isEmpty();
            assertThat(changes.reader().orElseThrow().lastReadSeq()).isEqualTo(1);
        }
    }

    @Test
    void changes_tell_what_was_posted_above_the_seq_and_changed_above_the_version() {
        Talk talk = room();
        Message one = talk.say(anna, "one");
        Message two = talk.say(anna, "two");
        Message three = talk.say(anna, "three");
        talk.edit(anna, three, "tre");
        Room held = talk.room();
        talk.delete(anna, two);
        talk.edit(anna, one, "uno");
        Message four = talk.say(john, "four");
        talk.edit(john, four, "quattro");
        talk.read(anna, 1);
        talk.read(john, 2);
        talk.read(anna, 4);

        Changes changes = talk.changes(john, held.lastSeq(), held.version());

        assertThat(changes.room()).isEqualTo(talk.room());
        assertThat(changes.posted()).containsExactly(talk.message(john, 4));
        assertThat(changes.rewritten())
                .containsExactly(talk.message(john, 2), talk.message(john, 1));
        assertThat(changes.moved())
                .extracting(Participant::user)
                .containsExactly(john.id(), anna.id());
        assertThat(changes.moved()).extracting(Participant::lastReadSeq).containsExactly(2L, 4L);
        assertThat(changes.gap()).isEmpty();
        assertThat(changes.reader().orElseThrow().lastReadSeq()).isEqualTo(2);
    }

    @Test
    void changes_from_the_very_beginning_tell_everything() {
        Talk talk = room();
        fill(talk, 3);

        Changes changes = talk.changes(eve, 0, 0);

        assertThat(changes.posted()).isEqualTo(talk.log(eve));
        assertThat(changes.rewritten()).isEmpty();
        assertThat(changes.moved())
                .extracting(Participant::user)
                .containsExactlyInAnyOrder(anna.id(), john.id());
        assertThat(changes.reader()).isEmpty();
    }

    @Test
    void changes_tell_of_people_who_came_and_went() {
        Given.Booking booking = given.job("5").client(anna).cleaner(john);
        Talk talk = booking.booked();
        Somebody mary = given.cleaner("mary");
        long held = talk.room().version();

        booking.cleaner(mary).written();

        Changes changes = talk.changes(anna, 0, held);
        assertThat(changes.moved())
                .extracting(Participant::user, Participant::present)
                .containsExactlyInAnyOrder(tuple(john.id(), false), tuple(mary.id(), true));
        assertThat(changes.room().stateVersion()).isGreaterThan(held);
        assertThat(talk.changes(john, 0, held).reader().orElseThrow().present()).isFalse();
    }

    @Test
    void changes_tell_the_messages_of_an_erased_user_as_deleted() {
        Talk talk = room();
        talk.say(anna, "one");
        talk.say(john, "two");
        talk.say(anna, "three");
        Room held = talk.room();

        given.ports().users().erase(anna.id(), given.now());

        Changes changes = talk.changes(john, held.lastSeq(), held.version());
        assertThat(changes.rewritten()).extracting(Message::seq).containsExactlyInAnyOrder(1L, 3L);
        assertThat(changes.rewritten())
                .allMatch(m -> m.isDeleted() && m.sender().equals(Person.nameless(anna.id())));
    }

    @Test
    void up_to_500_missing_messages_are_told_and_more_are_a_gap() {
        Talk talk = room();
        fill(talk, 502);
        Message first = talk.message(anna, 1);
        long version = talk.room().version();
        talk.edit(anna, first, "edited");

        Changes told = talk.changes(john, 2, version);
        Changes gap = talk.changes(john, 1, version);

        assertThat(told.posted())
                .extracting(Message::seq)
                .containsExactlyElementsOf(LongStream.rangeClosed(3, 502).boxed().toList());
        assertThat(told.gap()).isEmpty();
        assertThat(told.rewritten()).extracting(Message::seq).containsExactly(1L);
        assertThat(gap.posted()).isEmpty();
        assertThat(gap.gap()).hasValue(new Changes.Gap(2, 502));
        assertThat(gap.rewritten()).extracting(Message::seq).containsExactly(1L);
    }

    @Test
    void more_than_500_rewritten_messages_are_a_gap() {
        Talk talk = room();
        talk.say(john, "mine");
        fill(talk, 501);
        Room held = talk.room();
        given.ports().users().erase(anna.id(), given.now());
        talk.say(john, "she is gone");

        Changes changes = talk.changes(john, held.lastSeq(), held.version());

        assertThat(changes.rewritten()).isEmpty();
        Changes.Gap gap = changes.gap().orElseThrow();
        assertThat(gap.fromSeq()).isLessThanOrEqualTo(2);
        assertThat(gap.toSeq()).isGreaterThanOrEqualTo(502);
        boolean posted = changes.posted().stream().anyMatch(m -> m.seq() == 503);
        assertThat(posted || gap.toSeq() == 503).as("the newest is told or in the gap").isTrue();
    }

    @Test
    void taking_changes_step_by_step_ends_at_the_rooms_log_and_version() {
        Talk talk = room();
        Map<Long, Message> held = new TreeMap<>();
        long seq = 0;
        long version = 0;
        for (int step = 0; step < 6; step++) {
            Message m = talk.say(anna, "m" + step);
            talk.say(john, "n" + step);
            if (step % 2 == 0) {
                talk.edit(anna, m, "edited" + step);
            } else {
                talk.delete(anna, m);
            }
            talk.read(john, 2L * step);

            Changes changes = talk.changes(john, seq, version);
            changes.posted().forEach(p -> held.put(p.seq(), p));
            changes.rewritten().forEach(r -> held.put(r.seq(), r));
            seq = changes.room().lastSeq();
            version = changes.room().version();
        }

        assertThat(version).isEqualTo(talk.room().version());
        assertThat(held.values().stream().map(Message::content).toList())
                .isEqualTo(talk.log(john).stream().map(Message::content).toList());
        assertThat(held.values().stream().map(Message::version).toList())
                .isEqualTo(talk.log(john).stream().map(Message::version).toList());
    }

    // --- helpers

    private Job jobOf(Given.Booking booking) {
        return given.ports().jobs().find(booking.id()).orElseThrow();
    }

    /** That many rooms of anna's, each with a message, in order of it. */
    private List<Talk> rooms(int count) {
        List<Talk> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Talk talk = given.job("r" + i).client(anna).cleaner(john).booked();
            talk.say(anna, "hello");
            made.add(talk);
        }
        return made;
    }

    private void fill(Talk talk, int count) {
        List<CompletableFuture<Outcome>> sent = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            sent.add(
                    given.ports()
                            .log()
                            .append(
                                    new RoomChange.Post(
                                            talk.id(),
                                            anna.actor(),
                                            Draft.text("m" + i),
                                            given.now())));
        }
        sent.forEach(Talk::outcome);
    }

    private static Position position(String where, long seq) {
        return switch (where) {
            case "latest" -> new Position.Latest();
            case "before" -> new Position.Before(seq);
            case "after" -> new Position.After(seq);
            case "around" -> new Position.Around(seq);
            default -> throw new IllegalArgumentException(where);
        };
    }

    private Rooms.Opened open(RoomKey key, Instant at) {
        return rooms().open(key, given.platform().actor(), at);
    }

    private RoomPage list(
            Somebody viewer, RoomFilter filter, Optional<RoomCursor> after, int limit) {
        return rooms().list(viewer.actor(), filter, after, limit);
    }

    private static List<RoomId> ids(RoomPage page) {
        return page.rooms().stream().map(view -> view.room().id()).toList();
    }

    private List<RoomId> paged(Somebody viewer, RoomFilter filter, int limit) {
        return pagedViews(viewer, filter, limit).stream().map(view -> view.room().id()).toList();
    }

    private List<RoomView> pagedViews(Somebody viewer, RoomFilter filter, int limit) {
        List<RoomView> all = new ArrayList<>();
        Optional<RoomCursor> cursor = Optional.empty();
        do {
            RoomPage page = list(viewer, filter, cursor, limit);
            assertThat(page.rooms()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.rooms());
            cursor = page.next();
        } while (cursor.isPresent());
        return all;
    }
}
