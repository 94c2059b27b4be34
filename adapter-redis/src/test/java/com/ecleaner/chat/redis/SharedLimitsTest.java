package com.ecleaner.chat.redis;

import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.port.RateLimitsContract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SharedLimitsTest extends RateLimitsContract {
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
    protected RateLimits limits(int perSecond, int burst) {
        return nodes.one.limits(RateLimits.NONE, perSecond, burst);
    }
}
