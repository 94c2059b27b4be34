package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.application.signin.Tickets;
import com.ecleaner.chat.domain.Refusal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tickets of one process. Thread-safe; holds at most 100,000. */
public final class InMemoryTickets implements Tickets {
    private static final int MAX_TICKETS = 100_000;

    private record Kept(Identity identity, Instant until) {}

    private final InstantSource clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    public InMemoryTickets(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void keep(String ticket, Identity identity, Duration keptFor) {
        Instant now = clock.instant();
        if (kept.size() >= MAX_TICKETS) {
            kept.values().removeIf(k -> k.until().isBefore(now));
        }
        if (kept.size() >= MAX_TICKETS) {
            throw Refusal.unavailable("too many tickets are waiting to be used");
        }
        kept.put(ticket, new Kept(identity, now.plus(keptFor)));
    }

    @Override
    public synchronized Optional<Identity> take(String ticket) {
        return Optional.ofNullable(kept.remove(ticket))
                .filter(k -> clock.instant().isBefore(k.until()))
                .map(Kept::identity);
    }
}
