package com.ecleaner.chat.rest;

import com.ecleaner.chat.domain.Refusal;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

import org.glassfish.jersey.message.internal.HeaderValueException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns whatever ends a request early into a {@link Problem}. */
final class Problems implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    @Override
    public Response toResponse(Throwable error) {
        return switch (error) {
            case ProblemException own -> answer(own.problem()).build();
            case Refusal refusal -> answer(Problem.of(refusal)).build();
            case WebApplicationException web -> ofStandard(web);
            case HeaderValueException header ->
                    answer(Problem.badFrame("a header cannot be read")).build();
            default -> answer(unexpected(error)).build();
        };
    }

    /** Writes the fault to the log, and what the asker may know of it. */
    static Problem unexpected(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Refusal refusal) {
            return Problem.of(refusal);
        }
        String reference = UUID.randomUUID().toString().substring(0, 8);
        LOG.error("A request failed, reference {}", reference, error);
        return Problem.internal(reference);
    }

    private static Response ofStandard(WebApplicationException error) {
        Response given = error.getResponse();
        Problem problem =
                switch (given.getStatus()) {
                    case 404 -> Problem.of(404, "not_found", "no such address");
                    case 405 -> Problem.of(405, "method_not_allowed", "see Allow");
                    case 406 -> Problem.of(406, "not_acceptable", "answers are application/json");
                    case 413 -> Problem.of(413, "too_large", "the body is too large");
                    case 415 ->
                            Problem.of(
                                    415,
                                    "unsupported_media_type",
                                    "the body must be application/json, an upload"
                                            + " multipart/form-data");
                    case 400 -> Problem.badFrame("the request cannot be read");
                    default -> unexpected(error);
                };
        Response.ResponseBuilder answer = answer(problem);
        String allow = given.getHeaderString(HttpHeaders.ALLOW);
        if (allow != null) {
            answer.header(HttpHeaders.ALLOW, allow);
        }
        return answer.build();
    }

    private static Response.ResponseBuilder answer(Problem problem) {
        Response.ResponseBuilder answer =
                Response.status(problem.status(), problem.title())
                        .type(Problem.CONTENT_TYPE)
                        .entity(problem.json());
        problem.retryAfterHeader().ifPresent(s -> answer.header(HttpHeaders.RETRY_AFTER, s));
        if (problem.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return answer;
    }
}
