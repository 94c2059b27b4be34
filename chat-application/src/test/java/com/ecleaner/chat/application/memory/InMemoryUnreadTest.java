package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.UnreadContract;

import java.util.stream.LongStream;

class InMemoryUnreadTest extends UnreadContract {
    @Override
    protected Ports ports() {
        return InMemoryPorts.fresh();
    }

    @Override
    protected LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }
}
