package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.wire.JsonOut;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import java.util.function.BooleanSupplier;

/** For whoever operates this: whether the process lives, and whether to send it people. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {
    private final BooleanSupplier ready;

    HealthResource(BooleanSupplier ready) {
        this.ready = ready;
    }

    /** The process answers: that is all. */
    @GET
    @Path("live")
    public Response live() {
        return says("live");
    }

    /** It serves: not draining, and its database is there. */
    @GET
    @Path("ready")
    public Response ready() {
        if (!ready.getAsBoolean()) {
            throw new ProblemException(Problem.unavailable("not ready to serve"));
        }
        return says("ready");
    }

    private static Response says(String status) {
        return Answers.json(200, new JsonOut().object().name("status").value(status).end());
    }
}
