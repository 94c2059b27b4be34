package com.ecleaner.chat.domain.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rule book against a table that was written from the product's, not from the code. */
class AccessRulesTest {
    /** The columns of {@link #EXPECTED}, in its order. */
    private static final List<Action> COLUMNS =
            List.of(
                    Action.READ,
                    Action.MARK_READ,
                    Action.WRITE,
                    Action.EDIT_OWN,
                    Action.DELETE_OWN,
                    Action.DELETE_ANY,
                    Action.JOIN,
                    Action.LEAVE,
                    Action.CLOSE,
                    Action.SPEAK_FOR_PLATFORM);

    /** y: yes; o: yes, while the room is open; f: forbidden; -: there is no such room for them. */
    private static final String EXPECTED =
            """
            room    who      read mark write edit delete delete-any join leave close speak
            job     in       y    y    o     o    y      f          f    f     f     f
            job     out      -    -    -     -    -      -          -    -     -     -
            job     admin    y    y    o     o    y      y          f    f     f     f
            job     platform y    y    f     o    y      f          f    f     f     o
            support in       y    y    o     o    y      f          f    f     f     f
            support out      -    -    -     -    -      -          -    -     -     -
            support admin    y    y    o     o    y      y          f    f     y     f
            support platform y    y    f     o    y      f          f    f     y     o
            general in       y    y    o     o    y      f          o    y     f     f
            general out      y    y    o     o    y      f          o    y     f     f
            general admin    y    y    o     o    y      y          o    y     y     f
            general platform y    y    f     o    y      f          f    f     y     o
            """;

    @Test
    void the_rule_book_reads_as_the_products_table() {
        String[] lines = EXPECTED.split("\n");
        List<String> book = new ArrayList<>();
        book.add(lines[0]);
        for (RoomType where : RoomType.values()) {
            for (Standing who : Standing.values()) {
                book.add(line(where, who, lines[0]));
            }
        }

        System.out.println(String.join(System.lineSeparator(), book));

        assertThat(book).containsExactly(lines);
    }

    private static String line(RoomType where, Standing who, String header) {
        List<String> widths =
                Stream.of(header.split("(?<=\\s)(?=\\S)")).collect(Collectors.toList());
        List<String> cells =
                Stream.concat(
                                Stream.of(where.wireName(), who.name().toLowerCase(Locale.ROOT)),
                                COLUMNS.stream().map(action -> cell(action, who, where)))
                        .toList();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(cells.get(i))
                    .repeat(' ', Math.max(0, widths.get(i).length() - cells.get(i).length()));
        }
        return line.toString().stripTrailing();
    }

    private static String cell(Action action, Standing who, RoomType where) {
        String open = answer(action, who, where, true);
        String closed = answer(action, who, where, false);
        if (open.equals(closed)) {
            return open;
        }
        return open.equals("y") && closed.equals("closed") ? "o" : open + "/" + closed;
    }

    private static String answer(Action action, Standing who, RoomType where, boolean open) {
        try {
            AccessRules.require(action, who, where, open);
            return "y";
        } catch (Refusal refusal) {
            return switch (refusal.code()) {
                case NOT_FOUND -> "-";
                case FORBIDDEN -> "f";
                case ROOM_CLOSED -> "closed";
                default -> refusal.code().wireName();
            };
        }
    }

    @Test
    void the_book_has_one_line_for_each_pair_and_no_action_is_left_out_of_the_table() {
        assertThat(AccessRules.book()).hasSize(12);
        assertThat(AccessRules.book().stream().map(r -> r.who() + " " + r.where()))
                .doesNotHaveDuplicates();
        assertThat(COLUMNS).containsExactlyInAnyOrder(Action.values());
    }

    @Test
    void who_may_not_know_of_a_room_is_told_the_same_whatever_they_ask() {
        for (Action action : Action.values()) {
            for (boolean open : new boolean[] {true, false}) {
                Refusal refusal =
                        Refused.as(
                                Refusal.Code.NOT_FOUND,
                                () ->
                                        AccessRules.require(
                                                action, Standing.OUT, RoomType.JOB, open));
                assertThat(refusal.detail()).isEqualTo("no such room");
            }
        }
    }

    @Test
    void standing_comes_from_the_role_first_and_from_the_seat_for_everybody_else() {
        UserId id = new UserId("26");

        assertThat(Standing.of(new Actor(id, Role.ADMIN), Membership.NONE))
                .isEqualTo(Standing.ADMIN);
        assertThat(Standing.of(new Actor(id, Role.ADMIN), Membership.OWN))
                .isEqualTo(Standing.ADMIN);
        assertThat(Standing.of(new Actor(id, Role.SERVICE), Membership.OWN))
                .isEqualTo(Standing.PLATFORM);
        assertThat(Standing.of(new Actor(id, Role.CLIENT), Membership.OWN)).isEqualTo(Standing.IN);
        assertThat(Standing.of(new Actor(id, Role.CLEANER), Membership.OWN)).isEqualTo(Standing.IN);
        assertThat(Standing.of(new Actor(id, Role.CLEANER), Membership.NONE))
                .isEqualTo(Standing.OUT);
    }

    @Test
    void who_wrote_in_a_room_as_an_admin_is_in_it_for_as_long_as_they_are_one() {
        UserId id = new UserId("26");
        Participant row = Participant.joining(id, Role.ADMIN, Instant.EPOCH, 0, 1);
        JobId job = new JobId("5");

        assertThat(row.membership(RoomKey.OfJob.main(job))).isEqualTo(Membership.AS_ADMIN);
        assertThat(row.membership(support(new UserId("7")))).isEqualTo(Membership.AS_ADMIN);
        assertThat(row.leaving(2).membership(RoomKey.OfJob.main(job))).isEqualTo(Membership.NONE);
        for (Role role : List.of(Role.CLIENT, Role.CLEANER)) {
            assertThat(Standing.of(new Actor(id, role), Membership.AS_ADMIN))
                    .isEqualTo(Standing.OUT);
        }
        assertThat(Standing.of(new Actor(id, Role.ADMIN), Membership.AS_ADMIN))
                .isEqualTo(Standing.ADMIN);
    }

    @Test
    void what_an_admin_opened_joined_or_booked_stays_theirs_whatever_they_become() {
        UserId id = new UserId("26");
        Participant admin = Participant.joining(id, Role.ADMIN, Instant.EPOCH, 0, 1);
        Participant client = Participant.joining(id, Role.CLIENT, Instant.EPOCH, 0, 1);

        assertThat(admin.membership(support(id))).isEqualTo(Membership.OWN);
        assertThat(admin.membership(new RoomKey.OfAll("lobby"))).isEqualTo(Membership.OWN);
        assertThat(client.membership(RoomKey.OfJob.main(new JobId("5")))).isEqualTo(Membership.OWN);
        assertThat(Standing.of(new Actor(id, Role.CLIENT), Membership.OWN)).isEqualTo(Standing.IN);
    }

    private static RoomKey support(UserId opener) {
        return new RoomKey.OfSupport(opener, Optional.empty(), Optional.empty());
    }

    @Test
    void a_cleaner_who_was_unassigned_can_no_longer_read_the_room() {
        Actor cleaner = new Actor(new UserId("26"), Role.CLEANER);

        assertThatCode(
                        () ->
                                AccessRules.require(
                                        Action.READ,
                                        Standing.of(cleaner, Membership.OWN),
                                        RoomType.JOB,
                                        true))
                .doesNotThrowAnyException();
        Refused.as(
                Refusal.Code.NOT_FOUND,
                () ->
                        AccessRules.require(
                                Action.READ,
                                Standing.of(cleaner, Membership.NONE),
                                RoomType.JOB,
                                true));
    }
}
