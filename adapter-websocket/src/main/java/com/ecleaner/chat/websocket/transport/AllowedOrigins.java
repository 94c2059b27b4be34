package com.ecleaner.chat.websocket.transport;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses pages of foreign origins with {@link Closing#FOREIGN_ORIGIN}: a browser sends cookies and
 * opens WebSockets for any page, and only the Origin header tells which.
 *
 * <p>Allowed are the server's own origin (the Origin's host and port are those of the Host header),
 * the listed ones, and clients that send no Origin, because they are no browsers. {@code null} (a
 * sandboxed page, a file) is foreign. Immutable.
 */
public final class AllowedOrigins implements HandshakeGate {

    private final Set<String> listed;

    private AllowedOrigins(Set<String> listed) {
        this.listed = listed;
    }

    /** The server's own origin alone. */
    public static AllowedOrigins same() {
        return new AllowedOrigins(Set.of());
    }

    /**
     * The server's own origin and these.
     *
     * @param origins such as {@code https://www.example.com} or {@code http://localhost:3000}
     * @throws IllegalArgumentException if one is no origin: it names the one
     */
    public static AllowedOrigins of(Collection<String> origins) {
        return new AllowedOrigins(
                origins.stream()
                        .map(
                                text ->
                                        Origin.parse(text)
                                                .orElseThrow(
                                                        () ->
                                                                new IllegalArgumentException(
                                                                        "not an origin: " + text)))
                        .map(Origin::toString)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Optional<Closing> refusal(Handshake handshake) {
        return handshake.origin().filter(text -> !allows(text, handshake.host())).isEmpty()
                ? Optional.empty()
                : Optional.of(Closing.FOREIGN_ORIGIN);
    }

    /** Whether pages of this origin may talk to a server that was addressed as {@code host}. */
    public boolean allows(String origin, String host) {
        return Origin.parse(origin)
                .filter(parsed -> parsed.isServedAt(host) || listed.contains(parsed.toString()))
                .isPresent();
    }

    private record Origin(String scheme, String host, int port) {

        private static final int NO_PORT = -1;

        static Optional<Origin> parse(String text) {
            try {
                var uri = new URI(text);
                String scheme = uri.getScheme();
                String host = uri.getHost();
                boolean bare =
                        uri.getRawPath() != null
                                && uri.getRawPath().isEmpty()
                                && uri.getRawQuery() == null
                                && uri.getRawFragment() == null
                                && uri.getRawUserInfo() == null;
                if (scheme == null || host == null || !bare) {
                    return Optional.empty();
                }
                scheme = scheme.toLowerCase(Locale.ROOT);
                int port = uri.getPort() == NO_PORT ? defaultPort(scheme) : uri.getPort();
                return Optional.of(new Origin(scheme, host.toLowerCase(Locale.ROOT), port));
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }

        /**
         * Same host and port; the scheme is not compared, because TLS may end at a proxy in front
         * of us. A Host without a port has the default one of the Origin's scheme.
         */
        boolean isServedAt(String hostHeader) {
            return parse(scheme + "://" + hostHeader).filter(this::equals).isPresent();
        }

        private static int defaultPort(String scheme) {
            return switch (scheme) {
                case "http" -> 80;
                case "https" -> 443;
                default -> NO_PORT;
            };
        }

        @Override
        public String toString() {
            return scheme + "://" + host + ":" + port;
        }
    }
}
