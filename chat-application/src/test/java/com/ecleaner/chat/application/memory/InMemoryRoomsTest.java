package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.RoomsContract;

class InMemoryRoomsTest extends RoomsContract {
    @Override
    protected Ports ports() {
        return InMemoryPorts.fresh();
    }
}
