package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.room.RoomId;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Carries events to whoever listens, in this process or on all nodes. It may lose, repeat and
 * disorder them: listeners heal from the record. Thread-safe.
 */
public interface EventBus {
    /** Hands the event on and returns; never throws, never waits for a listener or the network. */
    void publish(ChatEvent event);

    /**
     * From now on {@code listener} gets every event that reaches this process, on threads of the
     * bus.
     */
    void listen(Consumer<ChatEvent> listener);

    /**
     * This process wants the room's events; completes once none that is published later can be
     * missed.
     */
    CompletionStage<Void> follow(RoomId room);

    /** This process does not want the room's events any more. */
    void unfollow(RoomId room);
}
