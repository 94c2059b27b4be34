package com.ecleaner.chat.application.commit;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.log.RoomChange;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.RoomLog;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The only way from a use case into the log. What became durable is told to the bus, in order of
 * version and before the asker's own answer completes; what did not, is not told to anybody.
 * Thread-safe.
 */
public final class Commits {
    /** Longer than any bounded wait inside a store, so that the store's own answer comes first. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RoomLog log;
    private final EventBus bus;

    public Commits(RoomLog log, EventBus bus) {
        this.log = log;
        this.bus = bus;
    }

    /** Appends one change; see {@link RoomLog#append}. */
    public CompletableFuture<Outcome> append(RoomChange change) {
        return log.append(change).thenApply(this::tell);
    }

    /** Tells the bus of changes that became durable in another way than by {@link #append}. */
    public Outcome tell(Outcome outcome) {
        outcome.events().forEach(bus::publish);
        return outcome;
    }

    /**
     * Waits for an outcome, for callers that may block.
     *
     * @throws Refusal the change's own, or {@code unavailable} where no answer comes within 30
     *     seconds
     */
    public static Outcome await(CompletableFuture<Outcome> outcome) {
        try {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw new IllegalStateException("a change failed", e.getCause());
        } catch (TimeoutException e) {
            throw Refusal.unavailable("no answer in time; the change may still happen");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("shutting down");
        }
    }
}
