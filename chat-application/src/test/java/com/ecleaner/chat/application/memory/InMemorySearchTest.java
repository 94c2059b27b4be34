package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.SearchContract;

class InMemorySearchTest extends SearchContract {
    @Override
    protected Ports ports() {
        return InMemoryPorts.fresh();
    }
}
