package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.room.RoomId;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** A change on its way into the record, and whoever waits for it. */
record Pending(RoomChange change, CompletableFuture<Outcome> answer) {
    static Pending of(RoomChange change) {
        return new Pending(change, new CompletableFuture<>());
    }

    RoomId room() {
        return change.room();
    }

    void refuse(Throwable reason) {
        answer.completeExceptionally(reason);
    }

    static void unavailable(Collection<Pending> all, String why) {
        Refusal refusal = Refusal.unavailable(why);
        all.forEach(pending -> pending.refuse(refusal));
    }
}
