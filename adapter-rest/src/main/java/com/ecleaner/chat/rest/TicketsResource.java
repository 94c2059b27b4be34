package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.application.wire.JsonOut;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

/** Tickets stand in for a token where an address has to carry it. */
@Path("chat/tickets")
@Produces(MediaType.APPLICATION_JSON)
public final class TicketsResource {
    private final Doorkeeper doorkeeper;

    TicketsResource(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    /** A ticket for the asker: good once, for half a minute or what is left of their token. */
    @POST
    public Response issue(@Context SecurityContext security) {
        Doorkeeper.Ticket ticket = doorkeeper.ticket(Asker.visitor(security));
        return Answers.json(
                200,
                new JsonOut()
                        .object()
                        .name("ticket")
                        .value(ticket.secret())
                        .name("expires_in")
                        .value(ticket.life().toSeconds())
                        .end());
    }
}
