package com.ecleaner.chat.rest;

import java.time.Duration;

/** Hears of every request that was answered, on the thread that answers: it must be quick. */
@FunctionalInterface
public interface RequestWatch {
    /** Ignores everything. */
    RequestWatch NONE = (method, route, status, took) -> {};

    /** The route of what was answered before anybody looked for a resource. */
    String NO_ROUTE = "none";

    /**
     * A request was answered.
     *
     * @param method one of the usual ones, or {@code OTHER}
     * @param route the resource's address with its variables in braces, or {@link #NO_ROUTE}: one
     *     of a few dozen
     * @param status the answer's
     * @param took from its body's arrival until the answer was ready to be written
     */
    void answered(String method, String route, int status, Duration took);
}
