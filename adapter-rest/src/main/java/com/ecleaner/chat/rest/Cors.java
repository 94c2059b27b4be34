package com.ecleaner.chat.rest;

import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

import java.util.function.Predicate;

/**
 * Lets pages of allowed origins read the answers (the Fetch standard's CORS protocol), and tells
 * pages of others nothing. Credentials are not allowed: who asks is said by the Authorization
 * header alone.
 */
record Cors(Predicate<String> allowed) {
    /** Marks the answer for its origin. */
    void mark(Request request, Response response) {
        response.setHeader("Vary", "Origin");
        String origin = request.getHeader("Origin");
        if (origin != null && !origin.equals("null") && allowed.test(origin)) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader(
                    "Access-Control-Expose-Headers",
                    "Location, Retry-After, ETag, Accept-Ranges, Content-Range,"
                            + " Content-Disposition");
        }
    }

    /**
     * Whether a browser asks beforehand what a page may do. It carries no token, so it is answered
     * before anybody is asked for one; it names no resource, so it gives nothing away.
     */
    static boolean isPreflight(Request request) {
        return Method.OPTIONS.equals(request.getMethod())
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Answers it, on a response that is {@link #mark}ed. */
    static void answerPreflight(Response response) {
        response.setStatus(204);
        if (response.containsHeader("Access-Control-Allow-Origin")) {
            response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
            response.setHeader(
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, If-None-Match, If-Range, Range");
            response.setHeader("Access-Control-Max-Age", "600");
        }
    }
}
