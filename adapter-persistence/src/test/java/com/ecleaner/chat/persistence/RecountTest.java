package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.user.Role;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What is kept as a number always equals what can be counted, whatever happened. */
class RecountTest {
    @AutoClose private static final Store STORE = Store.fresh();

    @Test
    void a_number_that_is_wrong_is_found() {
        Given given = new Given(STORE.ports());
        Talk talk = given.general("lobby");
        talk.say(given.client("anna"), "Hello");
        String mine = " where room_id = " + talk.id();

        STORE.execute("update participant set skipped = 0" + mine);

        assertThat(Recount.differences(STORE)).hasSize(1);
        STORE.execute("update participant set skipped = 1" + mine);
        assertThat(Recount.differences(STORE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void any_sequence_of_changes_keeps_the_numbers(long seed) {
        Random random = new Random(seed);
        Given given = new Given(STORE.ports());
        List<Somebody> people =
                List.of(
                        given.client("anna"),
                        given.cleaner("john"),
                        given.cleaner("mary"),
                        given.admin("eve"),
                        given.client("ida"));
        Given.Booking booking = given.job("5").client(people.get(0)).cleaner(people.get(1));
        List<Talk> rooms =
                List.of(booking.booked(), given.general("lobby"), given.support(people.get(4)));
        List<Message> told = new ArrayList<>();

        for (int round = 0; round < 15; round++) {
            List<CompletableFuture<Outcome>> burst = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Talk talk = rooms.get(random.nextInt(rooms.size()));
                Somebody who = people.get(random.nextInt(people.size()));
                burst.add(
                        STORE.ports().log().append(change(given, random, talk, who, told, round)));
            }
            for (CompletableFuture<Outcome> one : burst) {
                try {
                    Talk.outcome(one).message().ifPresent(told::add);
                } catch (Refusal refusal) {
                    assertThat(refusal.code()).isNotEqualTo(Refusal.Code.UNAVAILABLE);
                }
            }
            between(given, random, round, booking, people);
            assertThat(Recount.differences(STORE)).as("round " + round).isEmpty();
        }
    }

    private static void between(
            Given given, Random random, int round, Given.Booking booking, List<Somebody> people) {
        if (round == 12) {
            given.ports().users().erase(people.get(random.nextInt(2) + 1).id(), given.now());
        } else if (round < 12) {
            booking.cleaner(people.get(1 + random.nextInt(2)))
                    .status(random.nextBoolean() ? "assigned" : "in_progress")
                    .active(random.nextInt(4) > 0)
                    .written();
        }
    }

    private static RoomChange change(
            Given given, Random random, Talk talk, Somebody who, List<Message> told, int round) {
        MessageId some =
                told.isEmpty() ? new MessageId(1) : told.get(random.nextInt(told.size())).id();
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 ->
                    new RoomChange.Post(
                            talk.id(),
                            who.actor(),
                            Draft.text("round " + round)
                                    .with(new ClientId("c-" + random.nextInt(200))),
                            given.now());
            case 4 ->
                    new RoomChange.Post(
                            talk.id(),
                            who.actor(),
                            Draft.text("reply").inReplyTo(some),
                            given.now());
            case 5, 6 ->
                    new RoomChange.Read(talk.id(), who.actor(), random.nextInt(4 * (round + 1)));
            case 7 -> new RoomChange.Edit(talk.id(), who.actor(), some, "edited", given.now());
            case 8, 9 ->
                    new RoomChange.Delete(
                            talk.id(),
                            (random.nextBoolean() ? who : who.as(Role.ADMIN)).actor(),
                            some,
                            given.now());
            case 10 -> new RoomChange.Join(talk.id(), who.actor(), given.now());
            default -> new RoomChange.Leave(talk.id(), who.actor());
        };
    }
}
