package com.ecleaner.chat.redis;

import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.UserId;

import org.jspecify.annotations.Nullable;
import org.redisson.api.RTopicAsync;
import org.redisson.api.listener.MessageListener;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Events on all nodes, by Redis' publish and subscribe. Listeners of the own node hear of an event
 * from a bus inside the process, whether Redis is there or not; other nodes by a channel for each
 * room, which a node subscribes to only while somebody there follows the room. So what Redis
 * carries for a message does not grow with the number of nodes.
 *
 * <p>What brings a user into a room, or concerns users as such, must be heard where nobody follows
 * that room yet: it goes over a few channels that every node listens to. So does the presence of
 * whoever is in very many rooms: it names them all, and would do so in each of them. Such events
 * are rare next to messages.
 *
 * <p>Thread-safe.
 */
final class RedisEventBus implements EventBus, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RedisEventBus.class);

    /** Over which people's channels spread, so that a cluster's shards share them. */
    private static final int PEOPLES_CHANNELS = 16;

    /** A subscription that is not confirmed by then is not waited for. */
    private static final Duration CONFIRMED_WITHIN = Duration.ofMillis(1_500);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Who types on a node that dies stops by itself, a moment after they would have there. */
    private static final Duration TYPING_ENDS_AFTER = Duration.ofSeconds(7);

    private static final int MAX_TYPING = 10_000;

    /** Presence that concerns more rooms than these is sent once, and not to each of them. */
    private static final int MAX_ROOMS_EACH = 50;

    private record Typist(RoomId room, UserId user) {}

    private final RedisLink link;
    private final long node;
    private final InProcessEventBus here = new InProcessEventBus();
    private final Outgoing outgoing;
    private final Map<RoomId, Subscription> rooms = new ConcurrentHashMap<>();
    private final Map<Integer, Subscription> peoples = new ConcurrentHashMap<>();
    private final Map<Typist, Future<?>> typing = new ConcurrentHashMap<>();
    private final AtomicLong notUnderstood = new AtomicLong();

    /** A bus over that link, under a node's number that no other has. */
    RedisEventBus(RedisLink link, long node) {
        this.link = link;
        this.node = node;
        this.outgoing = new Outgoing(link);
        for (int i = 0; i < PEOPLES_CHANNELS; i++) {
            peoples.put(i, new Subscription("chat:people:" + i, null));
        }
        link.whenUp(this::subscribeToWhatIsMissing);
        var unused =
                link.upkeep()
                        .scheduleWithFixedDelay(
                                this::subscribeToWhatIsMissing,
                                RETRY.toMillis(),
                                RETRY.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public void publish(ChatEvent event) {
        here.publish(event);
        if (!link.isUp()) {
            return;
        }
        byte[] bytes = EventCodec.encode(node, event);
        switch (event) {
            case RoomEvent.RoomChanged changed when concernsPeople(changed) ->
                    outgoing.send(peoplesChannel(changed.room().hashCode()), bytes);
            case RoomEvent change -> outgoing.send(channel(change.room()), bytes);
            case Passing.TypingChanged typist -> outgoing.send(channel(typist.room()), bytes);
            case Passing.PresenceChanged seen when seen.rooms().size() > MAX_ROOMS_EACH ->
                    outgoing.send(peoplesChannel(seen.user().hashCode()), bytes);
            case Passing.PresenceChanged seen ->
                    seen.rooms().forEach(room -> outgoing.send(channel(room), bytes));
            case Passing.UserChanged changed ->
                    outgoing.send(peoplesChannel(changed.user().id().hashCode()), bytes);
        }
    }

    /** Who comes into a room does not follow it yet, nor does an admin who watches the queue. */
    private static boolean concernsPeople(RoomEvent.RoomChanged changed) {
        return !changed.joined().isEmpty() || changed.type() == RoomType.SUPPORT;
    }

    private static String channel(RoomId room) {
        return "chat:room:" + room;
    }

    private static String peoplesChannel(int hash) {
        return "chat:people:" + Math.floorMod(hash, PEOPLES_CHANNELS);
    }

    @Override
    public void listen(Consumer<ChatEvent> listener) {
        here.listen(listener);
    }

    /** Fails at once while Redis is away; the room is then subscribed to when it is back. */
    @Override
    public CompletionStage<Void> follow(RoomId room) {
        return rooms.computeIfAbsent(
                        room,
                        r -> {
                            Subscription subscription = new Subscription(channel(r), r);
                            subscription.begin();
                            return subscription;
                        })
                .confirmed();
    }

    @Override
    public void unfollow(RoomId room) {
        Subscription subscription = rooms.remove(room);
        if (subscription != null) {
            subscription.end();
        }
    }

    /** How many rooms' channels this node is subscribed to, or will be once Redis is there. */
    int followed() {
        return rooms.size();
    }

    /** How many events Redis took for other nodes since the start. */
    long published() {
        return outgoing.published();
    }

    /** How many events other nodes could not be told of since the start. */
    long dropped() {
        return outgoing.dropped();
    }

    /** How many events of other nodes nobody here understood: a newer release, or damage. */
    long notUnderstood() {
        return notUnderstood.get();
    }

    private void subscribeToWhatIsMissing() {
        if (link.isUp()) {
            peoples.values().forEach(Subscription::beginAgain);
            rooms.values().forEach(Subscription::beginAgain);
        }
    }

    private void heard(byte[] bytes, @Nullable RoomId channel) {
        EventCodec.Sent sent = EventCodec.decode(bytes).orElse(null);
        if (sent == null) {
            if (notUnderstood.getAndIncrement() == 0) {
                log.warn("another node sends events this one does not understand");
            }
        } else if (sent.node() != node && isFirst(sent.event(), channel)) {
            if (sent.event() instanceof Passing.TypingChanged typist) {
                expire(typist);
            }
            here.publish(sent.event());
        }
    }

    /** Presence comes by all rooms it concerns; the first of those followed here brings it. */
    private boolean isFirst(ChatEvent event, @Nullable RoomId channel) {
        return channel == null
                || !(event instanceof Passing.PresenceChanged seen)
                || seen.rooms().stream()
                        .filter(rooms::containsKey)
                        .min(Comparator.naturalOrder())
                        .filter(channel::equals)
                        .isPresent();
    }

    private void expire(Passing.TypingChanged typist) {
        Typist who = new Typist(typist.room(), typist.user().id());
        Future<?> before = typing.remove(who);
        if (before != null) {
            before.cancel(false);
        }
        if (typist.typing() && typing.size() < MAX_TYPING && !link.upkeep().isShutdown()) {
            Person person = typist.user();
            typing.put(
                    who,
                    link.upkeep()
                            .schedule(
                                    () -> {
                                        typing.remove(who);
                                        here.publish(
                                                new Passing.TypingChanged(
                                                        who.room(), person, false));
                                    },
                                    TYPING_ENDS_AFTER.toMillis(),
                                    TimeUnit.MILLISECONDS));
        }
    }

    @Override
    public void close() {
        outgoing.close();
        here.close();
    }

    /**
     * One channel this node wants to hear; Redisson renews it by itself after a lost connection.
     */
    private final class Subscription implements MessageListener<byte[]> {
        private final String channel;
        private final @Nullable RoomId room;
        private @Nullable CompletableFuture<Void> confirmed;
        private boolean ended;

        private Subscription(String channel, @Nullable RoomId room) {
            this.channel = channel;
            this.room = room;
        }

        private RTopicAsync topic() {
            return link.isSharded()
                    ? link.client().getShardedTopic(channel, ByteArrayCodec.INSTANCE)
                    : link.client().getTopic(channel, ByteArrayCodec.INSTANCE);
        }

        @Override
        public void onMessage(CharSequence name, byte[] bytes) {
            heard(bytes, room);
        }

        private synchronized void begin() {
            if (!link.isUp()) {
                confirmed = CompletableFuture.failedFuture(new RedisLink.RedisAway(null));
                return;
            }
            confirmed =
                    topic().addListenerAsync(byte[].class, this)
                            .toCompletableFuture()
                            .thenAccept(number -> {});
        }

        private synchronized void beginAgain() {
            CompletableFuture<Void> last = confirmed;
            if (!ended && (last == null || last.isCompletedExceptionally())) {
                begin();
            }
        }

        private synchronized CompletionStage<Void> confirmed() {
            CompletableFuture<Void> last = confirmed;
            return last == null
                    ? CompletableFuture.failedFuture(new RedisLink.RedisAway(null))
                    : last.copy().orTimeout(CONFIRMED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized void end() {
            ended = true;
            CompletableFuture<Void> last = confirmed;
            if (last != null) {
                var unused = last.thenCompose(confirmed -> topic().removeListenerAsync(this));
            }
        }
    }
}
