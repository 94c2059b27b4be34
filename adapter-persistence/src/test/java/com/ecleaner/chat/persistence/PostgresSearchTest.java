package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.SearchContract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.sql.SQLException;

/** What the port promises, kept by PostgreSQL. */
class PostgresSearchTest extends SearchContract {
    private static Store store;

    @BeforeAll
    static void open() {
        store = Store.fresh();
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Override
    protected Ports ports() {
        return store.ports();
    }

    /** Every word is where it is found by index. */
    @Override
    protected void settle() {
        try {
            while (store.database().words().move() > 0) {
                // There may be more.
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
