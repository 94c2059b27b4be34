package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is connected to this process. Thread-safe. Remembers when the last 100,000 who left were last
 * seen.
 */
public final class InMemoryPresence implements Presence {
    private static final int MAX_REMEMBERED = 100_000;

    private final Map<UserId, Set<String>> here = new HashMap<>();
    private final Map<UserId, Instant> lastSeen =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<UserId, Instant> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    @Override
    public synchronized boolean arrived(UserId user, String session) {
        Set<String> sessions = here.computeIfAbsent(user, u -> HashSet.newHashSet(1));
        boolean first = sessions.isEmpty();
        sessions.add(session);
        return first;
    }

    @Override
    public synchronized boolean left(UserId user, String session, Instant at) {
        Set<String> sessions = here.getOrDefault(user, Set.of());
        if (!sessions.contains(session)) {
            return false;
        }
        sessions.remove(session);
        if (!sessions.isEmpty()) {
            return false;
        }
        here.remove(user);
        lastSeen.put(user, at);
        return true;
    }

    /** How many connections of the user are open here. */
    public synchronized int connections(UserId user) {
        return here.getOrDefault(user, Set.of()).size();
    }

    /** Everybody who is connected here now. */
    public synchronized Set<UserId> users() {
        return Set.copyOf(here.keySet());
    }

    @Override
    public synchronized Map<UserId, Seen> of(Set<UserId> users) {
        Map<UserId, Seen> seen = HashMap.newHashMap(users.size());
        for (UserId user : users) {
            seen.put(
                    user,
                    here.containsKey(user)
                            ? new Seen(true, Optional.empty())
                            : new Seen(false, Optional.ofNullable(lastSeen.get(user))));
        }
        return seen;
    }
}
