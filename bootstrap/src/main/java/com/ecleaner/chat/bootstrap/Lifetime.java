package com.ecleaner.chat.bootstrap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs a server until a signal ends the process, in order and with exit code 0.
 *
 * <p>The JVM answers SIGTERM and Ctrl-C by running shutdown hooks and would then exit with 143 or
 * 130; the hook here ends the process itself once all is done.
 */
final class Lifetime {
    private static final Logger log = LoggerFactory.getLogger(Lifetime.class);

    /** A start that was broken off needs this long at most to clean up behind itself. */
    private static final int START_SECONDS = 60;

    private Lifetime() {}

    /** Never returns, unless the start fails or the thread is interrupted. */
    static void run(Supplier<? extends AutoCloseable> start) {
        Thread starter = Thread.currentThread();
        CompletableFuture<AutoCloseable> running = new CompletableFuture<>();
        Thread hook =
                Thread.ofPlatform().name("shutdown").unstarted(() -> shutDown(starter, running));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            running.complete(start.get());
        } catch (RuntimeException | Error e) {
            // A signal may have broken off the start: then the hook ends the process.
            running.completeExceptionally(e);
            boolean signalled = !forget(hook);
            if (!signalled) {
                throw e;
            }
        }
        waitForEver();
    }

    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return false;
        }
    }

    private static void shutDown(Thread starter, CompletableFuture<AutoCloseable> running) {
        if (!running.isDone()) {
            starter.interrupt();
        }
        try {
            log.info("shutting down");
            running.get(START_SECONDS, TimeUnit.SECONDS).close();
            log.info("stopped");
        } catch (ExecutionException | TimeoutException e) {
            log.info("stopped while starting");
        } catch (Exception e) {
            log.error("not stopped in order", e);
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
