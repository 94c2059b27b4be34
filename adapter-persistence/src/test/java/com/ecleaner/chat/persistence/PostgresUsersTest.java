package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.UsersContract;

import org.junit.jupiter.api.AutoClose;

/** What the port promises, kept by PostgreSQL. */
class PostgresUsersTest extends UsersContract {
    @AutoClose private static final Store STORE = Store.fresh();

    @Override
    protected Ports ports() {
        return STORE.ports();
    }
}
