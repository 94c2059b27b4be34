package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.event.RoomEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Events inside one process. Each room belongs to one of a few threads, so its events, passing ones
 * included, reach every listener in the order they were published; a slow listener delays the rooms
 * of that thread and no publisher. Where a thread is too far behind, events are dropped: listeners
 * heal from the record. Thread-safe.
 */
public final class InProcessEventBus implements EventBus, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InProcessEventBus.class.getName());
    private static final int STRIPES = 4;
    private static final int CAPACITY = 10_000;

    private final List<Consumer<ChatEvent>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong dropped = new AtomicLong();
    private final List<Stripe> stripes;

    /** Over four threads, with room for ten thousand waiting events each. */
    public InProcessEventBus() {
        this(STRIPES, CAPACITY);
    }

    /**
     * Starts the threads.
     *
     * @param threads 1 and up
     * @param capacity how many events may wait for each thread, 1 and up
     */
    public InProcessEventBus(int threads, int capacity) {
        stripes = IntStream.range(0, threads).mapToObj(i -> new Stripe(i, capacity)).toList();
        stripes.forEach(stripe -> stripe.thread.start());
    }

    @Override
    public void publish(ChatEvent event) {
        Stripe stripe = stripes.get(Math.floorMod(key(event), stripes.size()));
        // After close nobody takes events any more, and that is no loss worth telling.
        if (!stripe.closed && !stripe.waiting.offer(event) && dropped.getAndIncrement() == 0) {
            LOG.log(System.Logger.Level.WARNING, "listeners are too slow: events are dropped");
        }
    }

    private static int key(ChatEvent event) {
        return switch (event) {
            case RoomEvent change -> change.room().hashCode();
            case Passing.TypingChanged typing -> typing.room().hashCode();
            case Passing.PresenceChanged presence -> presence.user().hashCode();
            case Passing.UserChanged change -> change.user().id().hashCode();
        };
    }

    @Override
    public void listen(Consumer<ChatEvent> listener) {
        listeners.add(listener);
    }

    /** Completed at once: what is published later reaches every listener anyway. */
    @Override
    public CompletionStage<Void> follow(RoomId room) {
        return CompletableFuture.completedStage(null);
    }

    /** Changes nothing: events of all rooms are here. */
    @Override
    public void unfollow(RoomId room) {}

    /** How many events found no place since the start. */
    public long dropped() {
        return dropped.get();
    }

    /** Ends the threads; what waits is not delivered any more. Closing again does nothing. */
    @Override
    public void close() {
        for (Stripe stripe : stripes) {
            stripe.closed = true;
            stripe.thread.interrupt();
        }
    }

    private final class Stripe implements Runnable {
        private final BlockingQueue<ChatEvent> waiting;
        private final Thread thread;
        private volatile boolean closed;

        private Stripe(int number, int capacity) {
            waiting = new ArrayBlockingQueue<>(capacity);
            thread = Thread.ofPlatform().daemon().name("chat-events-" + number).unstarted(this);
        }

        @Override
        public void run() {
            while (!closed) {
                try {
                    deliver(waiting.take());
                } catch (InterruptedException e) {
                    // Closed, or a stray interrupt of a listener: the loop's condition tells.
                }
            }
        }

        private void deliver(ChatEvent event) {
            for (Consumer<ChatEvent> listener : listeners) {
                try {
                    listener.accept(event);
                } catch (RuntimeException | Error fault) {
                    // One listener's fault must not cost the others their events.
                    LOG.log(System.Logger.Level.ERROR, "a listener failed", fault);
                }
            }
        }
    }
}
