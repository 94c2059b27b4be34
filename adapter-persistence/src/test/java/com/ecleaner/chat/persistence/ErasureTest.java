package com.ecleaner.chat.persistence;

import static com.ecleaner.chat.domain.Refusal.Code.NOT_FOUND;
import static com.ecleaner.chat.domain.Refusal.Code.UNAVAILABLE;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.given.Somebody;
import com.ecleaner.chat.domain.given.Talk;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.user.Role;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Somebody is forgotten entirely, also where it takes two attempts. */
class ErasureTest {
    @AutoClose
    private static final Store STORE =
            Store.fresh(new PostgresRoomLog.Settings(2, 500, 20_000, 4, Duration.ofMillis(300)));

    private Given given;
    private Somebody anna;
    private Somebody john;

    @BeforeEach
    void people() {
        given = new Given(STORE.ports());
        anna = given.client("anna");
        john = given.cleaner("john");
    }

    @Test
    void an_erasure_that_was_interrupted_is_finished_by_the_next_and_nothing_is_done_twice()
            throws SQLException {
        Talk first = given.job("1").client(anna).cleaner(john).booked();
        Talk second = given.job("2").client(anna).cleaner(john).booked();
        first.say(anna, "one");
        second.say(anna, "two");
        try (Connection holder = hold(second)) {
            Refused.as(UNAVAILABLE, () -> STORE.ports().users().erase(anna.id(), given.now()));
            holder.rollback();
        }
        // Nobody lets them in any more, and the first room is done.
        Refused.as(NOT_FOUND, () -> second.say(anna, "me again"));
        assertThat(first.message(john, 1).isDeleted()).isTrue();
        assertThat(second.message(john, 1).isDeleted()).isFalse();
        Room done = first.room();

        Users.Erasure rest = STORE.ports().users().erase(anna.id(), given.now());

        assertThat(rest.messages()).isEqualTo(1);
        assertThat(rest.outcomes()).extracting(Outcome::room).containsExactly(second.id());
        assertThat(second.message(john, 1).isDeleted()).isTrue();
        assertThat(first.room()).isEqualTo(done);
        assertThat(STORE.ports().users().erase(anna.id(), given.now()).outcomes()).isEmpty();
        assertThat(Recount.differences(STORE)).isEmpty();
    }

    @Test
    void nothing_of_what_they_said_is_left_in_any_column() {
        Talk talk = given.job("1").client(anna).cleaner(john).booked();
        Message one = talk.say(anna, "secret-one");
        talk.edit(anna, one, "secret-two");
        talk.edit(anna, one, "secret-three");
        talk.post(john, Draft.text("really?").inReplyTo(one.id()));
        assertThat(STORE.ask("select content from message_edit where content like 'secret%'"))
                .hasSize(2);

        STORE.ports().users().erase(anna.id(), given.now());

        assertThat(STORE.ask("select content from message where content like 'secret%'")).isEmpty();
        assertThat(STORE.ask("select content from message_edit where content like 'secret%'"))
                .isEmpty();
        assertThat(STORE.ask("select username from chat_user where id = '" + anna.id() + "'"))
                .containsExactly("");
    }

    @Test
    void the_platform_itself_can_be_erased_though_it_is_in_no_room() {
        Somebody service = given.platform();
        STORE.ports().users().write(service.person(), Optional.of(Role.SERVICE));
        Given.Booking booking = given.job("1").client(anna).status("assigned");
        Talk talk = booking.booked();
        booking.status("done").written();
        assertThat(talk.unread(anna)).isEqualTo(1);

        Users.Erasure erasure = STORE.ports().users().erase(service.id(), given.now());

        assertThat(erasure.messages()).isEqualTo(1);
        assertThat(talk.unread(anna)).isZero();
        assertThat(talk.message(anna, 1).data()).isEmpty();
        assertThat(Recount.differences(STORE)).isEmpty();
    }

    @Test
    void who_writes_in_new_rooms_while_they_are_erased_leaves_nothing_behind() throws Exception {
        for (int round = 0; round < 10; round++) {
            Somebody guest = given.client("guest-" + round);
            List<Talk> rooms =
                    List.of(
                            given.general("a" + round),
                            given.general("b" + round),
                            given.general("c" + round));
            rooms.get(0).say(guest, "hello");
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                CompletableFuture<Users.Erasure> erasing =
                        CompletableFuture.supplyAsync(
                                () -> STORE.ports().users().erase(guest.id(), given.now()),
                                threads);
                for (int i = 0; i < 10; i++) {
                    for (Talk room : rooms) {
                        STORE.ports()
                                .log()
                                .append(
                                        new RoomChange.Post(
                                                room.id(),
                                                guest.actor(),
                                                Draft.text("still here"),
                                                given.now()))
                                .exceptionally(refused -> null)
                                .join();
                    }
                }
                erasing.join();
            }
            assertThat(
                            STORE.ask(
                                    "select content from message where sender_id = '"
                                            + guest.id()
                                            + "' and deleted_at is null"))
                    .isEmpty();
            assertThat(
                            STORE.ask(
                                    "select room_id from participant where is_present and user_id"
                                            + " = '"
                                            + guest.id()
                                            + "'"))
                    .isEmpty();
        }
        assertThat(Recount.differences(STORE)).isEmpty();
    }

    private static Connection hold(Talk talk) throws SQLException {
        Connection holder = STORE.connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("select 1 from room where id = " + talk.id() + " for update");
        }
        return holder;
    }
}
