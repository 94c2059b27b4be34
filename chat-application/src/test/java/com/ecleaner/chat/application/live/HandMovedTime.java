package com.ecleaner.chat.application.live;

import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.Rooms;
import com.ecleaner.chat.domain.port.Users;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A clock that stands still until it is moved, and what was put off until then. Thread-safe. */
public final class HandMovedTime implements InstantSource {
    private record Task(Instant due, Runnable work, CompletableFuture<Void> done) {}

    private final List<Task> tasks = new ArrayList<>();
    private Instant now = Instant.parse("2025-10-25T10:30:00Z");

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** A hub that lives by this time. */
    public Hub hub(
            Rooms rooms, Users users, EventBus bus, Presence presence, int maxSessionsPerUser) {
        return new Hub(
                rooms,
                users,
                bus,
                presence,
                this,
                maxSessionsPerUser,
                new Timer() {
                    @Override
                    public Future<?> after(Duration delay, Runnable work) {
                        return put(delay, work);
                    }

                    @Override
                    public void stop() {}
                });
    }

    private synchronized Future<?> put(Duration delay, Runnable work) {
        Task task = new Task(now.plus(delay), work, new CompletableFuture<>());
        tasks.add(task);
        return task.done();
    }

    /** How much is put off until then at the latest, and not cancelled. */
    public synchronized long dueWithin(Duration from) {
        Instant until = now.plus(from);
        return tasks.stream()
                .filter(task -> !task.done().isDone() && !task.due().isAfter(until))
                .count();
    }

    /** Goes on by that much, and does what is due by then. */
    public void move(Duration by) {
        List<Task> due;
        synchronized (this) {
            now = now.plus(by);
            due =
                    tasks.stream()
                            .filter(task -> !task.due().isAfter(now) && !task.done().isDone())
                            .sorted(Comparator.comparing(Task::due))
                            .toList();
            tasks.removeAll(due);
        }
        due.forEach(
                task -> {
                    if (task.done().complete(null)) {
                        task.work().run();
                    }
                });
    }
}
