package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.port.RoomLog;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The record in memory: durable for as long as the process lives. */
final class InMemoryRoomLog implements RoomLog {
    private final Memory memory;

    InMemoryRoomLog(Memory memory) {
        this.memory = memory;
    }

    @Override
    public CompletableFuture<Outcome> append(RoomChange change) {
        Optional<RoomMemory> room = memory.find(change.room());
        if (room.isEmpty()) {
            return CompletableFuture.failedFuture(Refusal.notFound("room"));
        }
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        room.get().append(change, outcome);
        return outcome;
    }
}
