package com.ecleaner.chat.redis;

import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.PresenceContract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisPresenceTest extends PresenceContract {
    private static TwoNodes nodes;

    @BeforeAll
    static void start() {
        nodes = new TwoNodes();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Override
    protected Presence presence() {
        return nodes.one.presence();
    }

    @Override
    protected Presence elsewhere(Presence presence) {
        return nodes.two.presence();
    }
}
