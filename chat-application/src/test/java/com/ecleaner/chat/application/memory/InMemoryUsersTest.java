package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.UsersContract;

class InMemoryUsersTest extends UsersContract {
    @Override
    protected Ports ports() {
        return InMemoryPorts.fresh();
    }
}
