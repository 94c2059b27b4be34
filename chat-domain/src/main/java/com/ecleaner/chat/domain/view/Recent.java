package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.util.List;
import java.util.Set;

/**
 * What changed lately, for whoever may have missed an event of it. It may tell again what it told
 * before.
 *
 * @param mark to ask with next time; means something to its store only
 * @param rooms which rooms changed, in whatever way
 * @param users whom the platform wrote something about
 */
public record Recent(long mark, List<Moved> rooms, List<User> users) {
    /** A first question: the answer has the mark, and tells of nothing. */
    public static final long FROM_NOW = 0;

    /**
     * A room that changed.
     *
     * @param version how far it has come
     * @param people who is in it, where people or state changed: at least those who came lately
     */
    public record Moved(
            RoomId room, RoomType type, long version, boolean stateChanged, Set<UserId> people) {}
}
