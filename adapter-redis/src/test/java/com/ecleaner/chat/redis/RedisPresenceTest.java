package com.ecleaner.chat.redis;

import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.PresenceContract;

import org.junit.jupiter.api.AutoClose;

class RedisPresenceTest extends PresenceContract {
    @AutoClose private static final TwoNodes NODES = new TwoNodes();

    @Override
    protected Presence presence() {
        return NODES.one.presence();
    }

    @Override
    protected Presence elsewhere(Presence presence) {
        return NODES.two.presence();
    }
}
