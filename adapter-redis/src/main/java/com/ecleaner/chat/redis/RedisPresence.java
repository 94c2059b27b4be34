package com.ecleaner.chat.redis;

import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.user.UserId;

import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RMapAsync;
import org.redisson.api.RScript;
import org.redisson.api.RSet;
import org.redisson.api.RSetAsync;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Who is connected, on all nodes. A node says of each of its users how many connections they have
 * there, and says every few seconds that it lives; what a dead node said counts no more. So a node
 * that is killed takes its users offline within {@link #NODE_LIVES}, and a connection costs Redis
 * nothing while it is quiet.
 *
 * <p>Nobody waits for a write: what could not be written is written later, and all of it again
 * where Redis has forgotten it. Thread-safe.
 */
final class RedisPresence implements Presence {
    private static final Logger log = LoggerFactory.getLogger(RedisPresence.class);

    /** A node that has not said for this long that it lives, does not. */
    static final Duration NODE_LIVES = Duration.ofSeconds(10);

    /** Whoever only changes nodes is back within this time. */
    private static final Duration COMES_BACK_WITHIN = Duration.ofSeconds(3);

    private static final Duration SAYS_SO_EVERY = Duration.ofSeconds(2);

    /** When somebody was last seen is remembered this long. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final String NODES = "chat:nodes";
    private static final String LAST_SEEN = "seen";

    /** Who is on a node, so that others can say so once it is dead; kept as long as it lives. */
    private static final Duration USERS_KEPT = Duration.ofMinutes(10);

    /** Longer than a node takes to say goodbye: whom it sends away is to be looked after. */
    private static final Duration LOOKED_AFTER = Duration.ofSeconds(15);

    private static final int LOST_AT_ONCE = 100;
    private static final int BATCH = 500;

    /** Says that a node lives; answers whether that was known, the time, and who else does. */
    private static final String ALIVE =
            """
            local now = redis.call('time')
            local at = now[1] * 1000 + math.floor(now[2] / 1000)
            local known = redis.call('zscore', KEYS[1], ARGV[1])
            local last = '0'
            if known and tonumber(known) > at then last = '1' end
            redis.call('zremrangebyscore', KEYS[1], '-inf', string.format('%.0f', at - 60000))
            redis.call('zadd', KEYS[1], string.format('%.0f', at + ARGV[2]), ARGV[1])
            local alive = redis.call('zrangebyscore', KEYS[1], string.format('%.0f', at), '+inf')
            table.insert(alive, 1, string.format('%.0f', at))
            table.insert(alive, 1, last)
            return alive
            """;

    private final RedisLink link;
    private final String node;
    private final InMemoryPresence here = new InMemoryPresence();
    private final Map<UserId, Instant> gone = new ConcurrentHashMap<>();
    private final Set<UserId> unwritten = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile Set<String> alive = Set.of();
    private volatile BiConsumer<UserId, Instant> lost = (user, at) -> {};

    /** Whether others may just have taken this node for dead. Used by the upkeep's thread. */
    private boolean unsure;

    /** Redis's time when it last answered. */
    private volatile Instant now = Instant.EPOCH;

    /** Who has left, and when: still among this node's users in Redis. */
    private final Map<UserId, Long> left = new ConcurrentHashMap<>();

    RedisPresence(RedisLink link, long node) {
        this.link = link;
        this.node = Long.toUnsignedString(node, Character.MAX_RADIX);
        link.whenUp(this::live);
        var unused =
                link.upkeep()
                        .scheduleWithFixedDelay(
                                this::live,
                                SAYS_SO_EVERY.toMillis(),
                                SAYS_SO_EVERY.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean arrived(UserId user, String session) {
        boolean first = here.arrived(user, session);
        write(user);
        return first && elsewhere(user) == 0;
    }

    /**
     * Whether it was their last here: to ask the others before anybody is told that they are gone
     * is for {@link #of}, a moment later, when those who only change nodes are back.
     */
    @Override
    public boolean left(UserId user, String session, Instant at) {
        boolean last = here.left(user, session, at);
        if (last) {
            gone.put(user, at);
        }
        write(user);
        return last;
    }

    @Override
    public Map<UserId, Seen> of(Set<UserId> users) {
        Map<UserId, Seen> seen = new HashMap<>(here.of(users));
        List<UserId> unknown =
                seen.entrySet().stream()
                        .filter(entry -> !entry.getValue().online())
                        .map(Map.Entry::getKey)
                        .toList();
        said(unknown).forEach((user, fields) -> seen.put(user, seen(fields)));
        return seen;
    }

    @Override
    public int elsewhere(UserId user) {
        Map<String, String> fields = said(List.of(user)).getOrDefault(user, Map.of());
        int open = 0;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!field.getKey().equals(node) && alive.contains(field.getKey())) {
                open += number(field.getValue());
            }
        }
        return open;
    }

    @Override
    public void whenLost(BiConsumer<UserId, Instant> listener) {
        lost = listener;
    }

    private Seen seen(Map<String, String> fields) {
        for (String name : fields.keySet()) {
            if (!name.equals(node) && alive.contains(name)) {
                return new Seen(true, Optional.empty());
            }
        }
        String last = fields.get(LAST_SEEN);
        return new Seen(
                false, Optional.ofNullable(last).map(l -> Instant.ofEpochMilli(Long.parseLong(l))));
    }

    private static int number(String value) {
        return value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
    }

    /** What is written of these users; nothing while Redis is away. */
    private Map<UserId, Map<String, String>> said(List<UserId> users) {
        try {
            return ask(users);
        } catch (RedisLink.RedisAway away) {
            return Map.of();
        }
    }

    private Map<UserId, Map<String, String>> ask(List<UserId> users) throws RedisLink.RedisAway {
        if (users.isEmpty()) {
            return Map.of();
        }
        List<?> answers =
                link.ask(
                        redis -> {
                            RBatch batch = redis.createBatch(options());
                            for (UserId user : users) {
                                var unused = entry(batch, user).readAllMapAsync();
                            }
                            return batch.executeAsync().thenApply(result -> result.getResponses());
                        });
        Map<UserId, Map<String, String>> said = new HashMap<>();
        for (int i = 0; i < users.size(); i++) {
            @SuppressWarnings("unchecked")
            Map<String, String> fields = (Map<String, String>) answers.get(i);
            said.put(users.get(i), fields);
        }
        return said;
    }

    private static RMapAsync<String, String> entry(RBatch batch, UserId user) {
        return batch.getMap("chat:user:" + user, StringCodec.INSTANCE);
    }

    private static BatchOptions options() {
        return BatchOptions.defaults().retryAttempts(0);
    }

    // --- writing

    private void write(UserId user) {
        unwritten.add(user);
        writeSoon();
    }

    private void writeSoon() {
        if (link.isUp() && writing.compareAndSet(false, true)) {
            try {
                link.upkeep().execute(this::writeSome);
            } catch (java.util.concurrent.RejectedExecutionException closed) {
                log.debug("closed");
            }
        }
    }

    private void writeSome() {
        List<UserId> some = unwritten.stream().limit(BATCH).toList();
        some.forEach(unwritten::remove);
        Map<UserId, Instant> settled = new HashMap<>();
        boolean written = some.isEmpty();
        try {
            if (!written) {
                RBatch batch = link.client().createBatch(options());
                some.forEach(user -> write(batch, user, settled));
                var unused = batch.executeAsync().toCompletableFuture().get(1, TimeUnit.SECONDS);
                written = true;
                // Not before: what failed is written again, with the time it happened at.
                settled.forEach(gone::remove);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception away) {
            link.suspect();
            log.debug("presence is written later", away);
        } finally {
            if (!written) {
                unwritten.addAll(some);
            }
            writing.set(false);
        }
        if (written && !unwritten.isEmpty()) {
            writeSoon();
        }
    }

    /**
     * Adds to a batch what there is to write of a user.
     *
     * @param settled takes when they went, where that is written by it or counts no more
     */
    private void write(RBatch batch, UserId user, Map<UserId, Instant> settled) {
        RMapAsync<String, String> entry = entry(batch, user);
        RSetAsync<String> users = batch.getSet(usersOf(node), StringCodec.INSTANCE);
        // Before their connections are counted: whoever goes after that is written again.
        Instant at = gone.get(user);
        int count = here.connections(user);
        if (at != null) {
            settled.put(user, at);
        }
        if (count > 0) {
            var unused = entry.fastPutAsync(node, Integer.toString(count));
            var unused2 = users.addAsync(user.value());
            left.remove(user);
        } else {
            var unused = entry.fastRemoveAsync(node);
            left.put(user, System.nanoTime());
            if (at != null) {
                var unused2 = entry.fastPutAsync(LAST_SEEN, Long.toString(at.toEpochMilli()));
            }
        }
        var unused = entry.expireAsync(REMEMBERED);
    }

    /** Says that this node lives, and hears who else does. */
    private void live() {
        if (!link.isUp()) {
            return;
        }
        try {
            List<Object> answer =
                    link.client()
                            .getScript(StringCodec.INSTANCE)
                            .<List<Object>>evalAsync(
                                    RScript.Mode.READ_WRITE,
                                    ALIVE,
                                    RScript.ReturnType.LIST,
                                    List.of(NODES),
                                    node,
                                    Long.toString(NODE_LIVES.toMillis()))
                            .toCompletableFuture()
                            .get(1, TimeUnit.SECONDS);
            boolean known = "1".equals(String.valueOf(answer.getFirst()));
            Set<String> names = new HashSet<>();
            now = Instant.ofEpochMilli(Long.parseLong(String.valueOf(answer.get(1))));
            new ArrayList<>(answer.subList(2, answer.size()))
                    .forEach(name -> names.add(String.valueOf(name)));
            Set<String> silent = new HashSet<>(alive);
            silent.removeAll(names);
            alive = names;
            silent.forEach(this::bury);
            keepUsers();
            if (!known || unsure) {
                // New here, or Redis lost its memory, or this node was taken for dead. Twice:
                // whoever was about to bury it may have taken away what is written first.
                unwritten.addAll(here.users());
                unsure = !known;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (Exception away) {
            link.suspect();
            return;
        }
        if (!unwritten.isEmpty()) {
            writeSoon();
        }
    }

    private static String usersOf(String node) {
        return "chat:node:" + node + ":users";
    }

    private void keepUsers() {
        RSet<String> users = link.client().getSet(usersOf(node), StringCodec.INSTANCE);
        long before = System.nanoTime() - LOOKED_AFTER.toNanos();
        List<String> names = new ArrayList<>();
        left.forEach(
                (user, at) -> {
                    if (at - before < 0 && left.remove(user, at)) {
                        names.add(user.value());
                    }
                });
        if (!names.isEmpty()) {
            var unused = users.removeAllAsync(names);
        }
        var unused = users.expireAsync(USERS_KEPT);
    }

    /**
     * A node lives no more. Each of those that do takes some of its users, so that each of them is
     * looked at once: who has not come back by another node is gone.
     */
    private void bury(String dead) {
        var unused =
                link.upkeep()
                        .schedule(
                                () -> takeUsersOf(dead),
                                COMES_BACK_WITHIN.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    private void takeUsersOf(String dead) {
        if (alive.contains(dead)) {
            return;
        }
        try {
            Set<String> names =
                    link.ask(
                            redis ->
                                    redis.<String>getSet(usersOf(dead), StringCodec.INSTANCE)
                                            .removeRandomAsync(LOST_AT_ONCE));
            if (!names.isEmpty()) {
                Set<UserId> users = new HashSet<>();
                names.forEach(name -> users.add(new UserId(name)));
                lookAfter(dead, users);
                link.upkeep().execute(() -> takeUsersOf(dead));
            }
        } catch (RedisLink.RedisAway away) {
            bury(dead);
        }
    }

    /**
     * Tells of those who were on that node and are on none now. Asks until Redis answers: who was
     * taken from the node's users is looked at by nobody else, and no answer says nothing of them.
     */
    private void lookAfter(String dead, Set<UserId> users) {
        Map<UserId, Map<String, String>> said;
        try {
            said = ask(List.copyOf(users));
        } catch (RedisLink.RedisAway away) {
            var unused =
                    link.upkeep()
                            .schedule(
                                    () -> lookAfter(dead, users),
                                    COMES_BACK_WITHIN.toMillis(),
                                    TimeUnit.MILLISECONDS);
            return;
        }
        Map<UserId, Seen> seenHere = here.of(users);
        said.forEach(
                (user, fields) -> {
                    Seen seen = seen(fields);
                    if (!seen.online() && !seenHere.getOrDefault(user, seen).online()) {
                        boolean killed = fields.containsKey(dead);
                        Instant at = killed ? now : seen.lastSeen().orElse(now);
                        gone.putIfAbsent(user, at);
                        write(user);
                        lost.accept(user, at);
                    }
                });
        forget(dead, users);
    }

    /** What a dead node said of these users counts no more, and would stay for weeks. */
    private void forget(String dead, Set<UserId> users) {
        RBatch batch = link.client().createBatch(options());
        for (UserId user : users) {
            var unused = entry(batch, user).fastRemoveAsync(dead);
        }
        // Not waited for: it counts for nobody while it is there.
        var unused = batch.executeAsync();
    }

    /** Its users are no longer here: others need not wait until this node counts as dead. */
    void leave() {
        try {
            link.<Integer>ask(
                    redis ->
                            redis.getScoredSortedSet(NODES, StringCodec.INSTANCE)
                                    .removeAsync(node)
                                    .thenApply(removed -> removed ? 1 : 0));
        } catch (RedisLink.RedisAway away) {
            log.debug("Redis is away");
        }
    }
}
