package com.ecleaner.chat.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;

import org.glassfish.jersey.server.ExtendedUriInfo;

import java.time.Duration;
import java.util.Set;

/** Tells a {@link RequestWatch} of what resources answer. */
final class Watching implements ContainerResponseFilter {
    /** Where {@link RestHandler} writes when a request began, in {@link System#nanoTime}. */
    static final String BEGUN = "chat.begun";

    /** Others are counted together: a stranger shall not make up figures' names. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final RequestWatch watch;

    Watching(RequestWatch watch) {
        this.watch = watch;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        Object begun = request.getProperty(BEGUN);
        watch.answered(
                method(request.getMethod()),
                route(request),
                response.getStatus(),
                Duration.ofNanos(begun instanceof Long at ? System.nanoTime() - at : 0));
    }

    static String method(String method) {
        return METHODS.contains(method) ? method : "OTHER";
    }

    private static String route(ContainerRequestContext request) {
        if (!(request.getUriInfo() instanceof ExtendedUriInfo info)
                || info.getMatchedResourceMethod() == null) {
            return RequestWatch.NO_ROUTE;
        }
        StringBuilder route = new StringBuilder();
        // The innermost comes first.
        info.getMatchedTemplates()
                .forEach(template -> route.insert(0, template.getTemplate().replaceAll("/+$", "")));
        return route.isEmpty() ? "/" : route.toString();
    }
}
