package com.ecleaner.chat.redis;

import com.ecleaner.chat.application.signin.Tickets;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/**
 * What this node shares with others through one Redis or a cluster. Works without it, alone, and
 * resumes by itself when it is back: opening never waits longer than a moment and never fails.
 * Thread-safe.
 */
public final class Redis implements AutoCloseable {
    private static final Duration LOOK_FOR = Duration.ofSeconds(2);

    private final RedisLink link;
    private final RedisEventBus bus;
    private final RedisPresence presence;
    private final RedisTickets tickets;

    private Redis(List<URI> nodes) {
        link = new RedisLink(nodes);
        long node = new SecureRandom().nextLong();
        bus = new RedisEventBus(link, node);
        presence = new RedisPresence(link, node);
        tickets = new RedisTickets(link);
    }

    /**
     * Opens the way to it.
     *
     * @param nodes {@code redis://} or {@code rediss://} (TLS) addresses, with a password where
     *     there is one, which counts for all; more than one is a cluster
     */
    public static Redis open(List<URI> nodes) {
        return new Redis(nodes);
    }

    /**
     * Looks whether it answers, changing nothing, within two seconds or so.
     *
     * @return what it is, in a few words
     * @throws IOException where it does not answer, with the reason
     */
    public static String look(List<URI> nodes) throws IOException {
        try (RedisLink link = new RedisLink(nodes)) {
            long end = System.nanoTime() + LOOK_FOR.toNanos();
            while (!link.isUp() && System.nanoTime() < end) {
                Thread.sleep(50);
            }
            if (!link.isUp()) {
                throw new IOException(link.fault());
            }
            return "Redis "
                    + link.serverVersion()
                    + (nodes.size() > 1 ? ", a cluster" : "")
                    + (link.isSharded() ? " with sharded channels" : "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    public EventBus bus() {
        return bus;
    }

    public Presence presence() {
        return presence;
    }

    public Tickets tickets() {
        return tickets;
    }

    /**
     * Limits on messages that count on all nodes together.
     *
     * @param own decides on this node at once, and alone while Redis is away
     * @param perSecond messages a second of one user, 1 and up
     * @param burst messages of one user at once, 1 and up
     */
    public RateLimits limits(RateLimits own, int perSecond, int burst) {
        return new SharedLimits(own, link, perSecond, burst);
    }

    /** Whether it answered when it was last asked, at most half a second ago. */
    public boolean answers() {
        return link.isUp();
    }

    /** How many events Redis took for other nodes since the start. */
    public long published() {
        return bus.published();
    }

    /** How many events of other nodes were not understood: a newer release, or damage. */
    public long notUnderstood() {
        return bus.notUnderstood();
    }

    /** How many events other nodes could not be told of since the start. */
    public long dropped() {
        return bus.dropped();
    }

    /** How many rooms' channels this node listens to. */
    public int followedRooms() {
        return bus.followed();
    }

    /** Nothing is published or heard any more. */
    @Override
    public void close() {
        presence.leave();
        bus.close();
        link.close();
    }
}
