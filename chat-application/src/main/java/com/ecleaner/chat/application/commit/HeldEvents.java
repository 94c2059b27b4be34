package com.ecleaner.chat.application.commit;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Keeps the events of a transaction that somebody else owns until it has committed: before that
 * nothing has happened. Where it rolls back, drop this object. Not thread-safe; one transaction.
 */
public final class HeldEvents implements EventBus {
    private final List<ChatEvent> held = new ArrayList<>();

    @Override
    public void publish(ChatEvent event) {
        held.add(event);
    }

    /** The transaction has committed: everybody may know. */
    public void releaseTo(EventBus bus) {
        held.forEach(bus::publish);
        held.clear();
    }

    /** Nobody listens to what has not happened. */
    @Override
    public void listen(Consumer<ChatEvent> listener) {
        throw new UnsupportedOperationException("listen to the bus that these are released to");
    }

    @Override
    public CompletionStage<Void> follow(RoomId room) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void unfollow(RoomId room) {
        // Nothing was followed.
    }
}
