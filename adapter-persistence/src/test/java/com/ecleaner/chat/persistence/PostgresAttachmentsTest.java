package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.AttachmentsContract;

import org.junit.jupiter.api.AutoClose;

/** What the port promises, kept by PostgreSQL. */
class PostgresAttachmentsTest extends AttachmentsContract {
    @AutoClose private static final Store STORE = Store.fresh();

    @Override
    protected Ports ports() {
        return STORE.ports();
    }
}
