package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Carries events inside one process: to every listener, one event after the other, in the order
 * they were published, on one thread of its own. Thread-safe.
 *
 * <p>At most {@value #MAX_WAITING} events wait; what comes beyond is lost, as a bus may, and found
 * again in the record.
 */
public final class InMemoryEventBus implements EventBus, AutoCloseable {
    private static final Logger LOG = System.getLogger(InMemoryEventBus.class.getName());

    private static final int MAX_WAITING = 100_000;

    private final BlockingQueue<ChatEvent> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final List<Consumer<ChatEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Thread carrier;

    /** A bus that carries from now on. */
    public InMemoryEventBus() {
        carrier = Thread.ofPlatform().daemon().name("events").start(this::carry);
    }

    @Override
    public void publish(ChatEvent event) {
        if (!waiting.offer(event)) {
            LOG.log(Level.WARNING, "an event is lost: {0} wait already", MAX_WAITING);
        }
    }

    @Override
    public void listen(Consumer<ChatEvent> listener) {
        listeners.add(listener);
    }

    /** Nothing to do: every event passes here anyway. */
    @Override
    public CompletionStage<Void> follow(RoomId room) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void unfollow(RoomId room) {
        // Nothing was done to follow it.
    }

    /** Stops carrying; what still waits is lost. */
    @Override
    public void close() {
        carrier.interrupt();
    }

    private void carry() {
        try {
            while (true) {
                ChatEvent event = waiting.take();
                for (Consumer<ChatEvent> listener : listeners) {
                    tell(listener, event);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Consumer<ChatEvent> listener, ChatEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "a listener failed", fault);
        }
    }
}
