package com.ecleaner.chat.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;

import java.util.List;
import java.util.Map;

/**
 * What every answer says to browsers and proxies, after OWASP's REST security sheet: not to be
 * guessed at, kept, framed or told of. A resource's own header wins.
 */
final class AnswerHeaders implements ContainerResponseFilter {
    static final Map<String, String> ALL =
            Map.of(
                    "X-Content-Type-Options", "nosniff",
                    "Cache-Control", "no-store",
                    "X-Frame-Options", "DENY",
                    "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
                    "Referrer-Policy", "no-referrer");

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        ALL.forEach((name, value) -> response.getHeaders().putIfAbsent(name, List.of(value)));
    }
}
