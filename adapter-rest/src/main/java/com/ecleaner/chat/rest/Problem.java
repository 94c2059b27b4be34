package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.domain.Refusal;

import java.util.Optional;

/**
 * An error as RFC 9457 writes it, with the chat's own {@code code} beside the status.
 *
 * @param field the wrong field's wire name, with {@code invalid}
 * @param retryAfterSeconds when asking again may help; 0 where that is not said
 */
record Problem(
        int status, String code, String detail, Optional<String> field, double retryAfterSeconds) {
    static final String CONTENT_TYPE = "application/problem+json";

    static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, Optional.empty(), 0);
    }

    static Problem of(Refusal refusal) {
        int status =
                switch (refusal.code()) {
                    case INVALID -> 422;
                    case FORBIDDEN -> 403;
                    case NOT_FOUND -> 404;
                    case ROOM_CLOSED -> 409;
                    case TOO_LARGE -> 413;
                    case RATE_LIMITED -> 429;
                    case UNAVAILABLE -> 503;
                };
        return new Problem(
                status,
                refusal.code().wireName(),
                refusal.detail(),
                refusal.field(),
                refusal.retryAfterSeconds());
    }

    static Problem unavailable(String detail) {
        return of(503, "unavailable", detail);
    }

    static Problem badFrame(String detail) {
        return of(400, "bad_frame", detail);
    }

    /** Says nothing of the fault; the reference leads whoever reads the log to it. */
    static Problem internal(String reference) {
        return of(500, "internal", "something went wrong, reference " + reference);
    }

    /** The status's name as RFC 9110 and its kin have it. */
    String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 422 -> "Unprocessable Content";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Error";
        };
    }

    /** Whole seconds for the {@code Retry-After} header, where there is one. */
    Optional<String> retryAfterHeader() {
        if (retryAfterSeconds > 0) {
            return Optional.of(Long.toString((long) Math.ceil(retryAfterSeconds)));
        }
        return status == 503 ? Optional.of("1") : Optional.empty();
    }

    byte[] json() {
        JsonOut out = new JsonOut(256).object();
        out.name("type").value("about:blank");
        out.name("title").value(title());
        out.name("status").value(status);
        out.name("code").value(code);
        out.name("detail").value(detail);
        field.ifPresent(name -> out.name("field").value(name));
        if (retryAfterSeconds > 0) {
            out.name("retry_after").value(retryAfterSeconds);
        }
        return out.end().toByteArray();
    }
}
