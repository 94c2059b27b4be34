package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.limits.Gate;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.user.Actor;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Asks everybody for a token before the address is so much as looked at. Only the addresses named
 * here are open, letter by letter: an address in disguise is not among them.
 */
@PreMatching
final class SignInFilter implements ContainerRequestFilter {
    private static final Set<String> OPEN =
            Set.of("health/live", "health/live/", "health/ready", "health/ready/");
    private static final Pattern DOWNLOAD =
            Pattern.compile("chat/attachments/[0-9A-Za-z_-]{1,64}(/thumbnail)?/?");

    /** Where {@link RestHandler} finds what is to be run when the answer is written. */
    static final String AT_THE_END = "chat.atTheEnd";

    private static final String SCHEME = "Bearer ";

    private final Doorkeeper doorkeeper;
    private final Operators.Access operators;
    private final Gate atWork;

    /**
     * A filter for those the doorkeeper knows.
     *
     * @param atWork their requests at work, from here until the answer is written; the platform's
     *     own are not counted, it asks for everybody
     */
    SignInFilter(Doorkeeper doorkeeper, Operators.Access operators, Gate atWork) {
        this.doorkeeper = doorkeeper;
        this.operators = operators;
        this.atWork = atWork;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath(false);
        boolean forOperators =
                !(operators instanceof Operators.Access.Nobody)
                        && OperatorsResource.PATHS.contains(path);
        if (OPEN.contains(path) || forOperators) {
            return;
        }
        List<String> headers =
                request.getHeaders().getOrDefault(HttpHeaders.AUTHORIZATION, List.of());
        Optional<Visitor> admitted =
                headers.isEmpty() && isDownload(request)
                        ? ticket(request).flatMap(doorkeeper::admitTicket)
                        : token(headers).flatMap(doorkeeper::admit);
        Visitor visitor = admitted.orElseThrow(SignInFilter::notSignedIn);
        Actor actor = visitor.actor();
        if (!actor.isPlatform()) {
            atWork.enter(actor.id());
            request.setProperty(AT_THE_END, (Runnable) () -> atWork.leave(actor.id()));
        }
        request.setSecurityContext(
                new Signed(new Asker(visitor), request.getSecurityContext().isSecure()));
    }

    static ProblemException notSignedIn() {
        return new ProblemException(
                Problem.of(401, "unauthorized", "a valid bearer token is needed"));
    }

    /** Where a plain link must do, which has no headers. */
    private static boolean isDownload(ContainerRequestContext request) {
        return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                && DOWNLOAD.matcher(request.getUriInfo().getPath(false)).matches();
    }

    /** The one ticket of an address; several are none. */
    private static Optional<String> ticket(ContainerRequestContext request) {
        List<String> tickets =
                request.getUriInfo().getQueryParameters().getOrDefault("ticket", List.of());
        return tickets.size() == 1 ? Optional.of(tickets.getFirst()) : Optional.empty();
    }

    /** The one token of the one header; several are none. */
    private static Optional<String> token(List<String> headers) {
        if (headers.size() != 1) {
            return Optional.empty();
        }
        String header = headers.getFirst();
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(header.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    private record Signed(Asker asker, boolean secure) implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return asker;
        }

        @Override
        public boolean isUserInRole(String role) {
            return asker.actor().role().wireName().equals(role);
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getAuthenticationScheme() {
            return "Bearer";
        }
    }
}
