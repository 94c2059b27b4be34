package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.RoomLogContract;

class InMemoryRoomLogTest extends RoomLogContract {
    @Override
    protected Ports ports() {
        return InMemoryPorts.fresh();
    }
}
