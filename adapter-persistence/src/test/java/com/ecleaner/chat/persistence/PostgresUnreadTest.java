package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.UnreadContract;

import org.junit.jupiter.api.AutoClose;

/** What the port promises, kept by PostgreSQL. */
class PostgresUnreadTest extends UnreadContract {
    @AutoClose private static final Store STORE = Store.fresh();

    @Override
    protected Ports ports() {
        return STORE.ports();
    }
}
