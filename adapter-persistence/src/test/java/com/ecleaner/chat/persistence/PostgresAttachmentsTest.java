package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.AttachmentsContract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What the port promises, kept by PostgreSQL. */
class PostgresAttachmentsTest extends AttachmentsContract {
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
}
