package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.AttachmentsContract;

class InMemoryAttachmentsTest extends AttachmentsContract {
    @Override
    protected Ports ports() {
        return InMemoryPorts.fresh();
    }
}
