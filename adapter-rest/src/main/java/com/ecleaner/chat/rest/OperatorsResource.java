package com.ecleaner.chat.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Set;

/** For whoever operates this or writes against it: figures, and the contracts as documents. */
@Path("/")
public final class OperatorsResource {
    /** The addresses, which are not for users' tokens. */
    static final Set<String> PATHS =
            Set.of(
                    "metrics",
                    "metrics/",
                    "openapi.json",
                    "openapi.json/",
                    "asyncapi.json",
                    "asyncapi.json/");

    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String SCHEME = "Bearer ";

    private final Operators operators;
    private final byte[] requests = contract();

    OperatorsResource(Operators operators) {
        this.operators = operators;
    }

    /** Figures for Prometheus. */
    @GET
    @Path("metrics")
    @Produces(MediaType.TEXT_PLAIN)
    public Response metrics(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String bearer) {
        admit(bearer);
        return Response.ok(operators.metrics().get().getBytes(UTF_8)).type(TEXT_FORMAT).build();
    }

    /** The REST contract. */
    @GET
    @Path("openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Response openapi(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String bearer) {
        admit(bearer);
        return Response.ok(requests).build();
    }

    /** The WebSocket's contract. */
    @GET
    @Path("asyncapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Response asyncapi(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String bearer) {
        admit(bearer);
        return Response.ok(operators.sockets().get()).build();
    }

    private void admit(@Nullable String bearer) {
        boolean welcome =
                switch (operators.access()) {
                    case Operators.Access.Everybody everybody -> true;
                    case Operators.Access.Nobody nobody -> false;
                    case Operators.Access.Holder holder ->
                            bearer != null
                                    && bearer.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                                    // In the same time, whatever of it is right.
                                    && MessageDigest.isEqual(
                                            bearer.substring(SCHEME.length()).getBytes(UTF_8),
                                            holder.secret().getBytes(UTF_8));
                };
        if (!welcome) {
            throw new ProblemException(
                    Problem.of(401, "unauthorized", "the operators' token is needed"));
        }
    }

    private static byte[] contract() {
        try (InputStream in = OperatorsResource.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing in this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
