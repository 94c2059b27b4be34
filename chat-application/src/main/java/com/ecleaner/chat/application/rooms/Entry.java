package com.ecleaner.chat.application.rooms;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.access.AccessRules;
import com.ecleaner.chat.domain.access.Action;
import com.ecleaner.chat.domain.access.Standing;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.Admission;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.domain.view.Seat;

import java.util.Optional;

/**
 * What every read checks at its entry: the access rules asked of a seat, and the size of a page.
 */
public final class Entry {
    private Entry() {}

    /** Admits whom the rules let read the room; to anybody else there is no such room. */
    public static Admission reading(Actor actor) {
        return seat -> require(Action.READ, actor, seat);
    }

    /**
     * Returns the seat where {@code actor} may do it.
     *
     * @throws Refusal as {@link AccessRules#require}, {@code not_found} where there is no room
     */
    public static Seat require(Action action, Actor actor, Optional<Seat> seat) {
        Seat found = seat.orElseThrow(() -> Refusal.notFound("room"));
        AccessRules.require(
                action,
                Standing.of(actor, found.membership()),
                found.room().type(),
                found.room().active());
        return found;
    }

    /** Whether the rules let {@code actor} read the room of this seat. */
    public static boolean mayRead(Actor actor, Seat seat) {
        return AccessRules.allows(
                Standing.of(actor, seat.membership()), seat.room().type(), Action.READ);
    }

    /**
     * Returns where the rules let {@code actor} read the room of this seat.
     *
     * @throws Refusal {@code not_found}
     */
    public static void requireSeat(Actor actor, Optional<Seat> seat) {
        reading(actor).admit(seat);
    }

    /**
     * Returns where the rules let {@code actor} read the room of this view.
     *
     * @throws Refusal {@code not_found}
     */
    public static void requireRead(Actor actor, RoomView view) {
        require(Action.READ, actor, Optional.of(new Seat(view.room(), view.membership())));
    }

    /**
     * A page's size as it will be: cut to {@code max}.
     *
     * @throws Refusal {@code invalid} below 1
     */
    public static int limit(int asked, int max) {
        if (asked < 1) {
            throw Refusal.invalid("limit", "must be 1 or above");
        }
        return Math.min(asked, max);
    }
}
