package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.SearchContract;

import org.junit.jupiter.api.AutoClose;

import java.sql.SQLException;

/** What the port promises, kept by PostgreSQL. */
class PostgresSearchTest extends SearchContract {
    @AutoClose private static final Store STORE = Store.fresh();

    @Override
    protected Ports ports() {
        return STORE.ports();
    }

    /** Every word is where it is found by index. */
    @Override
    protected void settle() {
        try {
            while (STORE.database().words().move() > 0) {
                // There may be more.
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
