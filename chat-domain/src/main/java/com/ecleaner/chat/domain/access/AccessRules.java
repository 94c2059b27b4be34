package com.ecleaner.chat.domain.access;

import static com.ecleaner.chat.domain.access.Action.CLOSE;
import static com.ecleaner.chat.domain.access.Action.DELETE_ANY;
import static com.ecleaner.chat.domain.access.Action.DELETE_OWN;
import static com.ecleaner.chat.domain.access.Action.EDIT_OWN;
import static com.ecleaner.chat.domain.access.Action.JOIN;
import static com.ecleaner.chat.domain.access.Action.LEAVE;
import static com.ecleaner.chat.domain.access.Action.MARK_READ;
import static com.ecleaner.chat.domain.access.Action.READ;
import static com.ecleaner.chat.domain.access.Action.SPEAK_FOR_PLATFORM;
import static com.ecleaner.chat.domain.access.Action.WRITE;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.room.RoomType;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The rule book: who may do what in which room. Read it as a table; nothing else in the chat
 * decides access.
 *
 * <p>Who may not even read a room is told that there is none; who may read it is told what they may
 * not do.
 */
public final class AccessRules {
    /** One line of the book. */
    public record Rule(Standing who, RoomType where, Set<Action> may) {}

    private static final List<Rule> BOOK =
            List.of(
                    rule(Standing.IN, RoomType.JOB, READ, WRITE, EDIT_OWN, DELETE_OWN, MARK_READ),
                    rule(
                            Standing.IN,
                            RoomType.SUPPORT,
                            READ,
                            WRITE,
                            EDIT_OWN,
                            DELETE_OWN,
                            MARK_READ),
                    rule(
                            Standing.IN,
                            RoomType.GENERAL,
                            READ,
                            WRITE,
                            EDIT_OWN,
                            DELETE_OWN,
                            MARK_READ,
                            JOIN,
                            LEAVE),
                    rule(Standing.OUT, RoomType.JOB),
                    rule(Standing.OUT, RoomType.SUPPORT),
                    rule(
                            Standing.OUT,
                            RoomType.GENERAL,
                            READ,
                            WRITE,
                            EDIT_OWN,
                            DELETE_OWN,
                            MARK_READ,
                            JOIN,
                            LEAVE),
                    rule(
                            Standing.ADMIN,
                            RoomType.JOB,
                            READ,
                            WRITE,
                            EDIT_OWN,
                            DELETE_OWN,
                            DELETE_ANY,
                            MARK_READ),
                    rule(
                            Standing.ADMIN,
                            RoomType.SUPPORT,
                            READ,
                            WRITE,
                            EDIT_OWN,
                            DELETE_OWN,
                            DELETE_ANY,
                            MARK_READ,
                            CLOSE),
                    rule(
                            Standing.ADMIN,
                            RoomType.GENERAL,
                            READ,
                            WRITE,
                            EDIT_OWN,
                            DELETE_OWN,
                            DELETE_ANY,
                            MARK_READ,
                            JOIN,
                            LEAVE,
                            CLOSE),
                    rule(
                            Standing.PLATFORM,
                            RoomType.JOB,
                            READ,
                            EDIT_OWN,
                            DELETE_OWN,
                            MARK_READ,
                            SPEAK_FOR_PLATFORM),
                    rule(
                            Standing.PLATFORM,
                            RoomType.SUPPORT,
                            READ,
                            EDIT_OWN,
                            DELETE_OWN,
                            MARK_READ,
                            SPEAK_FOR_PLATFORM,
                            CLOSE),
                    rule(
                            Standing.PLATFORM,
                            RoomType.GENERAL,
                            READ,
                            EDIT_OWN,
                            DELETE_OWN,
                            MARK_READ,
                            SPEAK_FOR_PLATFORM,
                            CLOSE));

    private AccessRules() {}

    /** The whole book, a line for each pair of standing and room type. */
    public static List<Rule> book() {
        return BOOK;
    }

    /** Whether the book allows it while the room is open. */
    public static boolean allows(Standing who, RoomType where, Action action) {
        for (Rule rule : BOOK) {
            if (rule.who == who && rule.where == where) {
                return rule.may.contains(action);
            }
        }
        return false;
    }

    /**
     * Returns where {@code who} may do it, refuses otherwise.
     *
     * @throws Refusal {@code not_found} where they may not know of the room, {@code forbidden}
     *     where they may not do it, {@code room_closed} where only an open room allows it
     */
    public static void require(Action action, Standing who, RoomType where, boolean open) {
        if (!allows(who, where, READ)) {
            throw Refusal.notFound("room");
        }
        if (!allows(who, where, action)) {
            throw Refusal.forbidden(
                    switch (action) {
                        case CLOSE -> "this room follows its job, or is not yours to close";
                        case SPEAK_FOR_PLATFORM ->
                                "system and job_update messages come from the platform only";
                        case WRITE -> "the platform posts system and job_update messages only";
                        case DELETE_ANY, DELETE_OWN -> "only one's own messages can be deleted";
                        case EDIT_OWN -> "only one's own messages can be edited";
                        case JOIN, LEAVE -> "only general rooms are joined and left";
                        case READ, MARK_READ -> "not for you";
                    });
        }
        if (!open && !action.goesOnWhenClosed()) {
            throw Refusal.roomClosed();
        }
    }

    private static Rule rule(Standing who, RoomType where, Action... may) {
        Set<Action> actions = EnumSet.noneOf(Action.class);
        actions.addAll(List.of(may));
        return new Rule(who, where, Collections.unmodifiableSet(actions));
    }
}
