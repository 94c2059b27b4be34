package com.ecleaner.chat.persistence;

import org.awaitility.Awaitility;

import java.util.List;

/** Who waits for somebody else in a database. */
final class WaitingForLocks {
    private WaitingForLocks() {}

    /** Their process ids. */
    static List<String> in(Store store) {
        return store.ask(
                "select pid::text from pg_stat_activity where datname = current_database()"
                        + " and wait_event_type = 'Lock'");
    }

    /** Returns once somebody does. */
    static void await(Store store) {
        Awaitility.await().until(() -> !in(store).isEmpty());
    }
}
