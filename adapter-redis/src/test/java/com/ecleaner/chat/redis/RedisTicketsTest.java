package com.ecleaner.chat.redis;

import com.ecleaner.chat.application.signin.Tickets;
import com.ecleaner.chat.application.signin.TicketsContract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisTicketsTest extends TicketsContract {
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
    protected Tickets tickets() {
        return nodes.one.tickets();
    }

    @Override
    protected Tickets elsewhere(Tickets tickets) {
        return nodes.two.tickets();
    }
}
