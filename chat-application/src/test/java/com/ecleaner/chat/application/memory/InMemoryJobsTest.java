package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.given.Ports;
import com.ecleaner.chat.domain.port.JobsContract;

class InMemoryJobsTest extends JobsContract {
    @Override
    protected Ports ports() {
        return InMemoryPorts.fresh();
    }
}
