package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.JobsContract;

import org.junit.jupiter.api.AutoClose;

/** What the port promises, kept by PostgreSQL. */
class PostgresJobsTest extends JobsContract {
    @AutoClose private static final Store STORE = Store.fresh();

    @Override
    protected Ports ports() {
        return STORE.ports();
    }
}
