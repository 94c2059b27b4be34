package com.ecleaner.chat.websocket;

import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.room.RoomId;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Another bus, but for what a test lets go wrong on the way to it. */
class ForwardingBus implements EventBus {
    private final EventBus bus;

    ForwardingBus(EventBus bus) {
        this.bus = bus;
    }

    @Override
    public void publish(ChatEvent event) {
        bus.publish(event);
    }

    @Override
    public void listen(Consumer<ChatEvent> listener) {
        bus.listen(listener);
    }

    @Override
    public CompletionStage<Void> follow(RoomId room) {
        return bus.follow(room);
    }

    @Override
    public void unfollow(RoomId room) {
        bus.unfollow(room);
    }
}
