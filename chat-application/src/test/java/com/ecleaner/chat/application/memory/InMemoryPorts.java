package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;

/** A fresh store in memory, as the contract tests want it. */
final class InMemoryPorts {
    private InMemoryPorts() {}

    static Ports fresh() {
        InMemoryStore store = new InMemoryStore();
        return new Ports(
                store.log(),
                store.rooms(),
                store.jobs(),
                store.users(),
                store.attachments(),
                store.search());
    }
}
