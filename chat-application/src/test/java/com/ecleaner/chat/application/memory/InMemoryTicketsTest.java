package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.application.signin.Tickets;
import com.ecleaner.chat.application.signin.TicketsContract;

import java.time.InstantSource;

class InMemoryTicketsTest extends TicketsContract {
    @Override
    protected Tickets tickets() {
        return new InMemoryTickets(InstantSource.system());
    }

    @Override
    protected Tickets elsewhere(Tickets tickets) {
        return tickets;
    }
}
