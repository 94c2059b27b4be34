package com.ecleaner.chat.domain.port;

import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;

import java.util.concurrent.CompletableFuture;

/**
 * The record: every change of every room, durable and in one order per room.
 *
 * <p>An implementation locks the room, lets a {@link com.ecleaner.chat.domain.log.RoomLedger}
 * decide, and commits what it says, all or nothing. Changes of one room that one caller appends one
 * after another are decided in that order, without waiting for each other's commit. Thread-safe;
 * {@code append} does not block on the store.
 */
public interface RoomLog {
    /**
     * Completes once the change is durable. Callbacks of one room's outcomes run in order of
     * version, on a thread that commits: keep them short.
     *
     * @return completes exceptionally with a {@link com.ecleaner.chat.domain.Refusal}: the
     *     ledger's, or {@code unavailable} where the store is away or too busy (then the change may
     *     still have happened)
     */
    CompletableFuture<Outcome> append(RoomChange change);
}
