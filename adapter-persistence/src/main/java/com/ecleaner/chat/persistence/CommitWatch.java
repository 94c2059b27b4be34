package com.ecleaner.chat.persistence;

import java.time.Duration;

/** Hears of every commit of the log, on the thread that made it: it must be quick. */
@FunctionalInterface
public interface CommitWatch {
    /** Ignores everything. */
    CommitWatch NONE = (changes, messages, took) -> {};

    /**
     * A transaction was committed.
     *
     * @param changes how many it decided, refused ones included, 1 and up
     * @param messages how many messages it added
     * @param took from its begin until the database had confirmed it
     */
    void committed(int changes, int messages, Duration took);
}
