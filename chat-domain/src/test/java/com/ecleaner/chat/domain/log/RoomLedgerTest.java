package com.ecleaner.chat.domain.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** Several changes in one commit: each has to see what those before it did. */
class RoomLedgerTest {
    private static final Instant AT = Instant.parse("2025-10-25T10:30:00.123Z");
    private static final RoomId ROOM = new RoomId(7);
    private static final UserId ANNA = new UserId("anna");
    private static final UserId JOHN = new UserId("john");
    private static final UserId MARY = new UserId("mary");
    private static final UserId EVE = new UserId("eve");
    private static final UserId PLATFORM = new UserId("platform");

    private final ScriptedRecord job =
            known(RoomKey.OfJob.main(new JobId("5")))
                    .has(ANNA, Role.CLIENT)
                    .has(JOHN, Role.CLEANER);

    private static ScriptedRecord known(RoomKey key) {
        ScriptedRecord record = new ScriptedRecord(key, AT);
        for (UserId user : List.of(ANNA, JOHN, MARY, EVE, PLATFORM)) {
            record.knows(user, Optional.empty());
        }
        return record;
    }

    private static Actor actor(UserId user) {
        Role role =
                user.equals(EVE)
                        ? Role.ADMIN
                        : user.equals(PLATFORM)
                                ? Role.SERVICE
                                : user.equals(ANNA) ? Role.CLIENT : Role.CLEANER;
        return new Actor(user, role);
    }

    private static RoomChange post(UserId who, String text) {
        return post(who, Draft.text(text));
    }

    private static RoomChange post(UserId who, Draft draft) {
        return new RoomChange.Post(ROOM, actor(who), draft, AT);
    }

    private static RoomChange read(UserId who, long upTo) {
        return new RoomChange.Read(ROOM, actor(who), upTo);
    }

    private static RoomChange delete(UserId who, long id) {
        return new RoomChange.Delete(ROOM, actor(who), new MessageId(id), AT);
    }

    private static RoomChange edit(UserId who, long id, String text) {
        return new RoomChange.Edit(ROOM, actor(who), new MessageId(id), text, AT);
    }

    private static RoomChange erase(UserId who) {
        return new RoomChange.EraseAuthor(ROOM, who, AT);
    }

    private static Outcome outcome(Object answer) {
        return (Outcome) answer;
    }

    // --- repeats

    @Test
    void a_repeat_inside_a_commit_gives_the_first_message_as_it_is_by_then() {
        Draft draft = Draft.text("one").with(new ClientId("c-1"));

        List<Object> answers =
                job.commit(
                        List.of(
                                post(ANNA, draft),
                                post(ANNA, draft),
                                read(JOHN, 1),
                                post(ANNA, draft),
                                edit(ANNA, 1, "uno"),
                                post(ANNA, draft),
                                delete(ANNA, 1),
                                post(ANNA, draft)));

        assertThat(job.log).hasSize(1);
        assertThat(List.of(1, 3, 5, 7)).allMatch(i -> outcome(answers.get(i)).repeated());
        Message third = outcome(answers.get(3)).message().orElseThrow();
        assertThat(third.read()).isTrue();
        assertThat(outcome(answers.get(5)).message().orElseThrow().content()).isEqualTo("uno");
        assertThat(outcome(answers.get(7)).message().orElseThrow().isDeleted()).isTrue();
        assertThat(job.room.version()).isEqualTo(5);
    }

    // --- marks

    @Test
    void reading_twice_in_a_commit_counts_each_message_once() {
        List<Object> answers =
                job.commit(
                        List.of(
                                post(ANNA, "one"),
                                post(JOHN, "two"),
                                read(JOHN, 1),
                                post(ANNA, "three"),
                                post(JOHN, "four"),
                                read(JOHN, 3),
                                read(JOHN, 2),
                                post(ANNA, "five")));

        assertThat(outcome(answers.get(2)).unread()).isZero();
        assertThat(outcome(answers.get(5)).unread()).isZero();
        assertThat(outcome(answers.get(6)).lastReadSeq()).isEqualTo(3);
        assertThat(outcome(answers.get(6)).events()).isEmpty();
        assertThat(job.unread(JOHN)).isEqualTo(1);
        assertThat(job.unread(ANNA)).isEqualTo(2);
        assertThat(job.rows.get(JOHN).skipped()).isEqualTo(1);
    }

    @Test
    void a_message_deleted_before_or_after_it_was_read_counts_the_same() {
        job.commit(List.of(post(ANNA, "one"), post(ANNA, "two"), post(ANNA, "three")));

        List<Object> answers =
                job.commit(
                        List.of(delete(ANNA, 1), read(JOHN, 2), delete(ANNA, 2), delete(ANNA, 3)));

        assertThat(outcome(answers.get(1)).unread()).isEqualTo(1);
        assertThat(job.unread(JOHN)).isZero();
        assertThat(job.rows.get(JOHN).skipped()).isEqualTo(1);
        assertThat(job.rows.get(ANNA).skipped()).isEqualTo(3);
    }

    @Test
    void a_deletion_reaches_rows_that_were_asked_for_before_after_and_never() {
        ScriptedRecord lobby =
                known(new RoomKey.OfAll("lobby"))
                        .has(ANNA, Role.CLIENT)
                        .has(JOHN, Role.CLEANER)
                        .has(MARY, Role.CLEANER)
                        .has(EVE, Role.ADMIN);
        lobby.commit(List.of(post(ANNA, "one"), post(ANNA, "two")));

        lobby.commit(List.of(post(JOHN, "three"), delete(ANNA, 1), read(MARY, 0), post(MARY, "4")));

        // John's row was asked for before the deletion, Mary's after it, Eve's never.
        for (UserId user : List.of(ANNA, JOHN, MARY, EVE)) {
            assertThat(lobby.unread(user)).as(user.value()).isEqualTo(lobby.recount(user));
        }
    }

    @Test
    void a_message_deleted_twice_in_a_commit_counts_once() {
        job.commit(List.of(post(ANNA, "one")));

        List<Object> answers = job.commit(List.of(delete(ANNA, 1), delete(EVE, 1)));

        assertThat(outcome(answers.get(1)).events()).isEmpty();
        assertThat(outcome(answers.get(1)).message()).isEqualTo(outcome(answers.get(0)).message());
        assertThat(job.rows.get(JOHN).skipped()).isEqualTo(1);
    }

    @Test
    void marks_are_asked_for_only_where_an_old_message_is_told_again() {
        job.commit(List.of(post(ANNA, "one"), read(JOHN, 1), post(EVE, "hello"), read(EVE, 2)));
        assertThat(job.asked).isEmpty();

        job.commit(List.of(edit(ANNA, 1, "uno")));
        assertThat(job.asked).containsExactly("readMarks");
    }

    // --- people and state

    @Test
    void the_openers_message_reopens_a_support_room_once_for_the_whole_commit() {
        ScriptedRecord support =
                known(new RoomKey.OfSupport(ANNA, Optional.empty(), Optional.empty()))
                        .has(ANNA, Role.CLIENT);

        List<Object> answers =
                support.commit(
                        List.of(
                                new RoomChange.SetOpen(ROOM, actor(EVE), false),
                                post(EVE, "too early"),
                                post(ANNA, "still there?"),
                                post(ANNA, "hello?"),
                                post(EVE, "yes")));

        assertThat(answers.get(1)).asString().startsWith("ROOM_CLOSED");
        assertThat(outcome(answers.get(2)).events())
                .extracting(RoomEvent::version)
                .containsExactly(3L, 4L);
        assertThat(outcome(answers.get(3)).events()).hasSize(1);
        assertThat(support.room)
                .isEqualTo(new Room(ROOM, support.room.key(), AT, AT, true, 7, 6, 3, 2));
        assertThat(support.unread(ANNA)).isEqualTo(1);
        assertThat(support.unread(EVE)).isZero();
    }

    @Test
    void who_joins_by_writing_is_in_for_the_rest_of_the_commit_and_has_read_what_was_there() {
        ScriptedRecord lobby = known(new RoomKey.OfAll("lobby")).has(ANNA, Role.CLIENT);

        List<Object> answers =
                lobby.commit(
                        List.of(
                                post(ANNA, "one"),
                                edit(ANNA, 1, "uno"),
                                post(JOHN, "two"),
                                edit(ANNA, 1, "un"),
                                post(JOHN, "three"),
                                read(JOHN, 2)));

        assertThat(outcome(answers.get(1)).message().orElseThrow().read()).isFalse();
        assertThat(outcome(answers.get(2)).events())
                .hasSize(2)
                .first()
                .isEqualTo(
                        new RoomEvent.RoomChanged(
                                ROOM, 4, lobby.room.type(), Set.of(JOHN), Set.of()));
        assertThat(outcome(answers.get(3)).message().orElseThrow().read()).isTrue();
        assertThat(outcome(answers.get(4)).events()).hasSize(1);
        assertThat(lobby.rows.get(JOHN).lastReadSeq()).isEqualTo(2);
        assertThat(lobby.room.participantCount()).isEqualTo(2);
        assertThat(lobby.unread(JOHN)).isEqualTo(lobby.recount(JOHN)).isZero();
        assertThat(lobby.told().getFirst().read()).isTrue();
    }

    @Test
    void a_cleaner_who_goes_and_comes_back_in_one_commit_keeps_their_row() {
        RoomChange without = follow(Map.of(ANNA, Role.CLIENT));
        RoomChange with = follow(Map.of(ANNA, Role.CLIENT, JOHN, Role.CLEANER));

        List<Object> answers =
                job.commit(
                        List.of(
                                post(ANNA, "one"),
                                post(JOHN, "two"),
                                read(JOHN, 1),
                                without,
                                post(JOHN, "am I out?"),
                                post(ANNA, "three"),
                                delete(ANNA, 1),
                                with,
                                with,
                                post(JOHN, "back")));

        assertThat(answers.get(4)).asString().startsWith("NOT_FOUND");
        assertThat(outcome(answers.get(8)).events()).isEmpty();
        Participant john = job.rows.get(JOHN);
        assertThat(john.present()).isTrue();
        assertThat(john.lastReadSeq()).isEqualTo(1);
        assertThat(job.unread(JOHN)).isEqualTo(job.recount(JOHN)).isEqualTo(1);
        assertThat(job.room.participantCount()).isEqualTo(2);
    }

    private static RoomChange follow(Map<UserId, Role> people) {
        return new RoomChange.FollowJob(ROOM, people, true, AT);
    }

    // --- erasing

    @Test
    void who_is_erased_in_a_commit_has_said_nothing_in_it_and_is_out_for_the_rest_of_it() {
        job.commit(List.of(post(ANNA, "old"), post(ANNA, "older, deleted"), post(JOHN, "mine")));

        List<Object> answers =
                job.commit(
                        List.of(
                                delete(ANNA, 2),
                                post(ANNA, "new"),
                                edit(ANNA, 1, "edited"),
                                erase(ANNA),
                                post(ANNA, "me again"),
                                read(ANNA, 4),
                                post(JOHN, Draft.text("why?").inReplyTo(new MessageId(1))),
                                delete(EVE, 1),
                                delete(EVE, 4),
                                edit(JOHN, 3, "still mine"),
                                erase(ANNA)));

        assertThat(List.of(4, 5))
                .allSatisfy(i -> assertThat(answers.get(i)).asString().startsWith("NOT_FOUND"));
        Message reply = outcome(answers.get(6)).message().orElseThrow();
        assertThat(reply.replyTo().orElseThrow().excerpt()).isEmpty();
        assertThat(reply.replyTo().orElseThrow().sender()).isEqualTo(Person.nameless(ANNA));
        assertThat(List.of(7, 8))
                .allSatisfy(
                        i -> {
                            Outcome again = outcome(answers.get(i));
                            assertThat(again.events()).isEmpty();
                            assertThat(again.message().orElseThrow().content()).isEmpty();
                        });
        assertThat(outcome(answers.get(10)).events()).isEmpty();
        assertThat(job.told())
                .filteredOn(m -> m.sender().id().equals(ANNA))
                .hasSize(3)
                .allMatch(m -> m.isDeleted() && m.sender().equals(Person.nameless(ANNA)));
        assertThat(job.unread(JOHN)).isEqualTo(job.recount(JOHN)).isZero();
        assertThat(job.room.participantCount()).isEqualTo(1);
    }

    @Test
    void a_reply_that_is_edited_beside_the_deletion_of_what_it_answers_does_not_tell_it() {
        job.commit(
                List.of(
                        post(ANNA, "my door code is 1234"),
                        post(JOHN, Draft.text("noted").inReplyTo(new MessageId(1)))));

        List<Object> answers = job.commit(List.of(delete(ANNA, 1), edit(JOHN, 2, "Noted.")));

        assertThat(
                        outcome(answers.get(1))
                                .message()
                                .orElseThrow()
                                .replyTo()
                                .orElseThrow()
                                .excerpt())
                .isEmpty();
    }

    // --- refusals

    @Test
    void a_refused_change_leaves_no_trace_among_the_others() {
        AttachmentId file = new AttachmentId("a-1");
        job.uploads.put(file, ANNA);
        job.files.put(
                file,
                new Attachment(
                        file,
                        "stain.jpg",
                        "image/jpeg",
                        1,
                        OptionalInt.of(4),
                        OptionalInt.of(3),
                        false));
        Draft picture =
                new Draft(
                        MessageType.IMAGE,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(file),
                        Optional.empty());

        List<Object> answers =
                job.commit(
                        List.of(
                                post(ANNA, Draft.text("?").inReplyTo(new MessageId(99))),
                                post(JOHN, picture),
                                post(ANNA, picture),
                                post(ANNA, picture),
                                post(MARY, "let me in"),
                                edit(JOHN, 1, "mine"),
                                new RoomChange.SetOpen(ROOM, actor(EVE), false)));

        assertThat(answers.get(0)).asString().startsWith("INVALID reply_to");
        assertThat(answers.get(1)).asString().startsWith("INVALID attachment_id");
        assertThat(outcome(answers.get(2)).message().orElseThrow().attachment()).isPresent();
        assertThat(answers.get(3)).asString().startsWith("INVALID attachment_id");
        assertThat(answers.get(4)).asString().startsWith("NOT_FOUND");
        assertThat(answers.get(5)).asString().startsWith("FORBIDDEN");
        assertThat(answers.get(6)).asString().startsWith("FORBIDDEN");
        assertThat(job.room.version()).isEqualTo(2);
        assertThat(job.log).hasSize(1);
        assertThat(job.rows).containsOnlyKeys(ANNA, JOHN);
    }

    // --- any batch

    /** However changes are cut into commits, they come to the same, and unread to its recount. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void one_commit_of_many_changes_comes_to_the_same_as_many_commits_of_one(long seed) {
        for (RoomKey key :
                List.of(
                        RoomKey.OfJob.main(new JobId("5")),
                        new RoomKey.OfSupport(ANNA, Optional.empty(), Optional.empty()),
                        new RoomKey.OfAll("lobby"))) {
            Random random = new Random(seed);
            ScriptedRecord many = known(key).has(ANNA, Role.CLIENT);
            ScriptedRecord single = known(key).has(ANNA, Role.CLIENT);
            for (int round = 0; round < 30; round++) {
                List<RoomChange> batch = new ArrayList<>();
                int size = 1 + random.nextInt(12);
                for (int i = 0; i < size; i++) {
                    batch.add(anyChange(random, key, many.log.size()));
                }
                String when = "seed " + seed + ", " + key + ", round " + round + ": " + batch;

                List<Object> together = many.commit(batch);
                List<Object> apart = new ArrayList<>();
                batch.forEach(change -> apart.addAll(single.commit(List.of(change))));

                assertThat(together).as(when).isEqualTo(apart);
                assertThat(many.room).as(when).isEqualTo(single.room);
                assertThat(many.rows).as(when).isEqualTo(single.rows);
                assertThat(many.told()).as(when).isEqualTo(single.told());
                for (UserId user : many.rows.keySet()) {
                    assertThat(many.unread(user)).as(when).isEqualTo(many.recount(user));
                }
                assertThat(many.room.participantCount())
                        .as(when)
                        .isEqualTo(
                                (int)
                                        many.rows.values().stream()
                                                .filter(Participant::present)
                                                .count());
            }
        }
    }

    private static RoomChange anyChange(Random random, RoomKey key, int known) {
        UserId who = List.of(ANNA, JOHN, MARY, EVE).get(random.nextInt(4));
        // Ids of this batch's messages are guessed too: they may or may not be there.
        MessageId message = new MessageId(1 + random.nextInt(known + 6));
        return switch (random.nextInt(40)) {
            case 0, 1, 2, 3, 4 -> post(who, "text " + random.nextInt());
            case 5, 6, 7 ->
                    post(who, Draft.text("named").with(new ClientId("c" + random.nextInt(9))));
            case 8, 9, 10 -> post(who, Draft.text("reply").inReplyTo(message));
            case 11, 12, 13, 14 ->
                    new RoomChange.Edit(ROOM, actor(who), message, "edit " + random.nextInt(), AT);
            case 15, 16, 17, 18 -> new RoomChange.Delete(ROOM, actor(who), message, AT);
            case 19, 20, 21, 22, 23, 24 -> read(who, random.nextInt(known + 8));
            case 25, 26 -> new RoomChange.Join(ROOM, actor(who), AT);
            case 27, 28 -> new RoomChange.Leave(ROOM, actor(who));
            case 29, 30 -> new RoomChange.SetOpen(ROOM, actor(EVE), random.nextInt(3) > 0);
            case 31, 32 ->
                    new RoomChange.Announce(
                            ROOM, actor(PLATFORM), Draft.of(JobChanges.status("a", "b")), AT);
            case 33 ->
                    random.nextInt(6) == 0
                            ? erase(random.nextBoolean() ? MARY : EVE)
                            : read(who, known);
            default ->
                    key instanceof RoomKey.OfJob
                            ? new RoomChange.FollowJob(
                                    ROOM, anyPeople(random), random.nextInt(5) > 0, AT)
                            : post(who, "text");
        };
    }

    private static Map<UserId, Role> anyPeople(Random random) {
        Map<UserId, Role> people = new LinkedHashMap<>();
        people.put(ANNA, Role.CLIENT);
        switch (random.nextInt(4)) {
            case 0 -> people.put(JOHN, Role.CLEANER);
            case 1 -> people.put(MARY, Role.CLEANER);
            case 2 -> people.put(EVE, Role.CLEANER);
            default -> {
                // Nobody is assigned.
            }
        }
        return people;
    }
}
