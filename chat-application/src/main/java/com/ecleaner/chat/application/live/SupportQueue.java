package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomView;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The support queue: admins hear of support rooms they are not in. One room after the other, so
 * that of two looks at a room the later is shown last. Thread-safe; waits for the store on the
 * hub's own threads alone.
 */
final class SupportQueue {
    private static final Logger LOG = System.getLogger(SupportQueue.class.getName());
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Hub hub;

    /** With the states of support rooms that each was shown last. */
    private final Map<LiveSession, LastShown> admins = new ConcurrentHashMap<>();

    /** Support rooms that changed and that admins are still to be shown. */
    private final Set<RoomId> queue = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean showing = new AtomicBoolean();

    /**
     * A state of a room may be told of by an event, and found in the record as well. Used by one
     * thread at a time.
     */
    private static final class LastShown extends LinkedHashMap<RoomId, Long> {
        private static final long serialVersionUID = 1L;
        private static final int MAX = 1_000;

        boolean isNews(RoomId room, long stateVersion) {
            Long before = put(room, stateVersion);
            return before == null || before < stateVersion;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<RoomId, Long> eldest) {
            return size() > MAX;
        }
    }

    SupportQueue(Hub hub) {
        this.hub = hub;
    }

    /** The session's user became an admin, or is one no more. */
    void roleChanged(LiveSession session) {
        if (session.actor().isAdmin()) {
            admins.putIfAbsent(session, new LastShown());
        } else {
            admins.remove(session);
        }
    }

    void closed(LiveSession session) {
        admins.remove(session);
    }

    /** People or state of a support room changed. */
    void changed(RoomId room) {
        if (!admins.isEmpty()) {
            queue.add(room);
            hub.async(this::showAll);
        }
    }

    private void showAll() {
        while (!queue.isEmpty() && showing.compareAndSet(false, true)) {
            try {
                for (RoomId room : List.copyOf(queue)) {
                    queue.remove(room);
                    show(room);
                }
            } catch (Refusal storeIsAway) {
                LOG.log(Level.DEBUG, "the support queue is shown later", storeIsAway);
                hub.later(RETRY, this::showAll);
                return;
            } finally {
                showing.set(false);
            }
        }
    }

    private void show(RoomId room) {
        List<LiveSession> onlookers =
                admins.keySet().stream().filter(s -> s.only().isEmpty() && !s.shows(room)).toList();
        if (onlookers.isEmpty()) {
            return;
        }
        Set<UserId> users = new HashSet<>();
        onlookers.forEach(session -> users.add(session.user()));
        Map<UserId, RoomView> views;
        Whereabouts.Read people;
        try {
            views = hub.rooms().views(room, users);
            people = hub.whereabouts().of(views.values());
            // Afterwards: they see what was there while they were admins still.
            onlookers.forEach(LiveSession::confirm);
        } catch (Refusal storeIsAway) {
            queue.add(room);
            throw storeIsAway;
        }
        for (LiveSession session : onlookers) {
            RoomView view = views.get(session.user());
            LastShown shown = admins.get(session);
            if (view != null
                    && shown != null
                    && !view.membership().isIn()
                    && session.actor().isAdmin()
                    && shown.isNews(room, view.room().stateVersion())) {
                session.show(view, people);
            }
        }
    }
}
