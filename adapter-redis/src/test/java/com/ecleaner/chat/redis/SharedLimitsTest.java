package com.ecleaner.chat.redis;

import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.port.RateLimitsContract;

import org.junit.jupiter.api.AutoClose;

class SharedLimitsTest extends RateLimitsContract {
    @AutoClose private static final TwoNodes NODES = new TwoNodes();

    @Override
    protected RateLimits limits(int perSecond, int burst) {
        return NODES.one.limits(RateLimits.NONE, perSecond, burst);
    }
}
