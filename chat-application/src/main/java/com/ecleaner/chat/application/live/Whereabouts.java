package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomView;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Who of a room's people is online, where it is told. Presence may lie on the network: it is read
 * along with the room, under no lock, and travels with it; what is heard of somebody after that and
 * before the room is told counts more. Thread-safe.
 */
final class Whereabouts {
    /** Of so many people is remembered what was heard of them last. */
    private static final int MAX_HEARD = 10_000;

    /**
     * What was known of some people.
     *
     * @param at how much had been heard by then
     */
    record Read(Map<UserId, Presence.Seen> seen, long at) {
        static final Read NOTHING = new Read(Map.of(), Long.MAX_VALUE);
    }

    private record Heard(Presence.Seen seen, long at) {}

    private final Presence presence;
    private final Map<UserId, Heard> heard =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<UserId, Heard> eldest) {
                    return size() > MAX_HEARD;
                }
            };
    private long count;

    Whereabouts(Presence presence) {
        this.presence = presence;
    }

    /** What is known of the people whom these rooms show. May wait for the network a moment. */
    Read of(Collection<RoomView> rooms) {
        Set<UserId> people = new HashSet<>();
        rooms.forEach(room -> people.addAll(room.presenceShown()));
        if (people.isEmpty()) {
            return Read.NOTHING;
        }
        long at = heardSoFar();
        return new Read(presence.of(people), at);
    }

    /** Somebody came or went. */
    synchronized void heard(Passing.PresenceChanged news) {
        heard.remove(news.user());
        heard.put(
                news.user(), new Heard(new Presence.Seen(news.online(), news.lastSeen()), ++count));
    }

    private synchronized long heardSoFar() {
        return count;
    }

    /** What is known of these people by now, without asking anybody. */
    synchronized Map<UserId, Presence.Seen> now(Read read) {
        if (read.at() >= count) {
            return read.seen();
        }
        Map<UserId, Presence.Seen> now = new HashMap<>(read.seen());
        now.replaceAll(
                (user, seen) -> {
                    Heard later = heard.get(user);
                    return later != null && later.at() > read.at() ? later.seen() : seen;
                });
        return now;
    }
}
