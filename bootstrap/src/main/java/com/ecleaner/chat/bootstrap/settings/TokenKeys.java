package com.ecleaner.chat.bootstrap.settings;

import java.net.URI;
import java.util.Set;

/** What tokens are verified with. It alone fixes the algorithms; a token never chooses. */
public sealed interface TokenKeys {
    /** HS256 with a secret of at least 32 bytes that the platform shares. */
    record Shared(Secret secret) implements TokenKeys {
        public static final int MIN_BYTES = 32;
    }

    /** RS256, ES256 or EdDSA with the public keys found at this address, and nowhere else. */
    record Published(URI jwks) implements TokenKeys {
        private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

        /** Whether the keys come over a network without TLS. */
        public boolean isExposed() {
            return "http".equals(jwks.getScheme()) && !LOOPBACK.contains(jwks.getHost());
        }
    }
}
