package com.ecleaner.chat.application.live;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does things later; tests move it by hand. Thread-safe. */
interface Timer {
    /** Further away than this is as good as never. */
    Duration NEVER = Duration.ofDays(3650);

    /** Runs {@code work}, which must return at once, when {@code delay} is over. */
    Future<?> after(Duration delay, Runnable work);

    /** Cancels what waits; later calls do nothing. */
    void stop();

    /** By the machine's clock, on a thread of its own. */
    static Timer onItsOwnThread() {
        ScheduledThreadPoolExecutor thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("hub-timer").factory());
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new Timer() {
            @Override
            public Future<?> after(Duration delay, Runnable work) {
                Duration bounded = delay.compareTo(NEVER) > 0 ? NEVER : delay;
                return thread.schedule(
                        work, Math.max(0, bounded.toMillis()), TimeUnit.MILLISECONDS);
            }

            @Override
            public void stop() {
                thread.shutdownNow();
            }
        };
    }
}
