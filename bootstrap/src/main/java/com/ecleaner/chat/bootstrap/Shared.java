package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.application.memory.InMemoryTickets;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.application.signin.Tickets;
import com.ecleaner.chat.bootstrap.limits.TokenBuckets;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.redis.Redis;

import java.time.InstantSource;
import java.util.Optional;

/**
 * What nodes share besides the record: through the Redis the settings name, or inside this process
 * where they name none.
 *
 * @param redis what carries them between nodes; nothing on a node of its own
 * @param ending ends what carries them
 */
record Shared(
        EventBus bus,
        Presence presence,
        Tickets tickets,
        RateLimits limits,
        Optional<Redis> redis,
        Runnable ending)
        implements AutoCloseable {
    /** Returns at once, whether Redis answers or not: a node without it works alone. */
    static Shared of(Settings settings, InstantSource clock) {
        return settings.redis()
                .map(address -> through(Redis.open(address.nodes()), settings))
                .orElseGet(() -> alone(settings, clock));
    }

    private static Shared alone(Settings settings, InstantSource clock) {
        InProcessEventBus bus = new InProcessEventBus();
        return new Shared(
                bus,
                new InMemoryPresence(),
                new InMemoryTickets(clock),
                own(settings),
                Optional.empty(),
                bus::close);
    }

    private static Shared through(Redis redis, Settings settings) {
        RateLimits own = own(settings);
        return new Shared(
                redis.bus(),
                redis.presence(),
                redis.tickets(),
                settings.rateLimit()
                        .map(limit -> redis.limits(own, limit.perSecond(), limit.burst()))
                        .orElse(own),
                Optional.of(redis),
                redis::close);
    }

    private static RateLimits own(Settings settings) {
        return settings.rateLimit().<RateLimits>map(TokenBuckets::new).orElse(RateLimits.NONE);
    }

    @Override
    public void close() {
        ending.run();
    }
}
