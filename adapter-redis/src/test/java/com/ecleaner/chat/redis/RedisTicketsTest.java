package com.ecleaner.chat.redis;

import com.ecleaner.chat.application.signin.Tickets;
import com.ecleaner.chat.application.signin.TicketsContract;

import org.junit.jupiter.api.AutoClose;

class RedisTicketsTest extends TicketsContract {
    @AutoClose private static final TwoNodes NODES = new TwoNodes();

    @Override
    protected Tickets tickets() {
        return NODES.one.tickets();
    }

    @Override
    protected Tickets elsewhere(Tickets tickets) {
        return NODES.two.tickets();
    }
}
