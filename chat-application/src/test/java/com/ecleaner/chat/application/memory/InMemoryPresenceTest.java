package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.PresenceContract;

class InMemoryPresenceTest extends PresenceContract {
    @Override
    protected Presence presence() {
        return new InMemoryPresence();
    }

    @Override
    protected Presence elsewhere(Presence presence) {
        return presence;
    }
}
