package com.ecleaner.chat.bootstrap.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.rest.Operators;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything the operator can set, checked. The variables are the wire contract's ("Command line
 * and settings"); an empty variable counts as one that is not set.
 *
 * @param port 0 for any that is free
 * @param database nothing: an embedded PostgreSQL below {@code dataDir}
 * @param redis nothing: one node, events in process
 * @param keys what tokens are verified with; {@code serve} and {@code token} cannot do without
 * @param issuer the {@code iss} a token must have, if any
 * @param audience the {@code aud} a token must have, if any
 * @param allowedOrigins further origins whose pages may connect, as browsers write them: lower
 *     case, without a default port
 * @param rateLimit nothing: no limit on messages and frames
 * @param maxConnectionsPerUser 1 and up
 * @param maxAttachmentMb megabytes (2^20 bytes) of one upload, 1–1024
 * @param operators who gets metrics and the contracts' documents
 */
public record Settings(
        String host,
        int port,
        Optional<DatabaseAddress> database,
        Optional<RedisAddress> redis,
        Path dataDir,
        Optional<TokenKeys> keys,
        Optional<String> issuer,
        Optional<String> audience,
        Set<String> allowedOrigins,
        Optional<RateLimit> rateLimit,
        int maxConnectionsPerUser,
        int maxAttachmentMb,
        Operators.Access operators) {

    private static final RateLimit DEFAULT_RATE_LIMIT = new RateLimit(20, 100);

    private static final Pattern RATE = Pattern.compile("([0-9]{1,7}):([0-9]{1,7})");

    /**
     * Reads and checks all settings.
     *
     * @param environment the variables, by name; others than the chat's are ignored
     * @throws SettingsException the first that is wrong
     */
    public static Settings from(Map<String, String> environment) {
        Variables set = new Variables(environment);
        return new Settings(
                set.text("CHAT_HOST").map(Settings::host).orElse("127.0.0.1"),
                set.number("CHAT_PORT", 8080, 0, 65_535),
                database(set),
                set.text("CHAT_REDIS_URL").map(RedisAddress::parse),
                dataDir(set.text("CHAT_DATA_DIR").orElse("./data")),
                keys(set),
                set.text("CHAT_JWT_ISSUER"),
                set.text("CHAT_JWT_AUDIENCE"),
                set.text("CHAT_ALLOWED_ORIGINS").map(Settings::origins).orElse(Set.of()),
                set.text("CHAT_RATE_LIMIT")
                        .map(Settings::rateLimit)
                        .orElse(Optional.of(DEFAULT_RATE_LIMIT)),
                set.number("CHAT_MAX_CONNECTIONS_PER_USER", 20, 1, 100_000),
                set.number("CHAT_MAX_ATTACHMENT_MB", 20, 1, 1024),
                operators(set));
    }

    /**
     * What tokens are verified with.
     *
     * @throws SettingsException where neither a secret nor an address of keys is set
     */
    public TokenKeys requiredKeys() {
        return keys.orElseThrow(
                () ->
                        SettingsException.of(
                                "CHAT_JWT_SECRET",
                                "is missing; set it (at least 32 bytes), or CHAT_JWKS_URL"));
    }

    /** The same, verifying tokens with these keys and asking for neither issuer nor audience. */
    public Settings withOwnKeys(Secret secret) {
        return new Settings(
                host,
                port,
                database,
                redis,
                dataDir,
                Optional.of(new TokenKeys.Shared(secret)),
                Optional.empty(),
                Optional.empty(),
                allowedOrigins,
                rateLimit,
                maxConnectionsPerUser,
                maxAttachmentMb,
                operators);
    }

    /** The environment, with what is empty left out. */
    private record Variables(Map<String, String> environment) {
        Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
        }

        int number(String name, int otherwise, int min, int max) {
            return text(name)
                    .map(
                            value -> {
                                if (value.matches("[0-9]{1,9}")) {
                                    int number = Integer.parseInt(value);
                                    if (number >= min && number <= max) {
                                        return number;
                                    }
                                }
                                throw SettingsException.of(
                                        name, "must be " + min + "-" + max, value);
                            })
                    .orElse(otherwise);
        }
    }

    private static String host(String value) {
        if (!value.matches("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9]+)?")) {
            throw SettingsException.of("CHAT_HOST", "must be a host name or an IP address", value);
        }
        return value;
    }

    private static Optional<DatabaseAddress> database(Variables set) {
        Optional<String> user = set.text("CHAT_DATABASE_USER");
        Optional<Secret> password = set.text("CHAT_DATABASE_PASSWORD").map(Secret::new);
        Optional<String> url = set.text("CHAT_DATABASE_URL");
        if (url.isEmpty() && (user.isPresent() || password.isPresent())) {
            throw SettingsException.of(
                    user.isPresent() ? "CHAT_DATABASE_USER" : "CHAT_DATABASE_PASSWORD",
                    "goes with CHAT_DATABASE_URL, which is not set");
        }
        return url.map(u -> DatabaseAddress.parse(u, user, password));
    }

    private static Operators.Access operators(Variables set) {
        Optional<String> token = set.text("CHAT_OPERATOR_TOKEN");
        boolean off =
                switch (set.text("CHAT_OPERATOR_ENDPOINTS").orElse("open")) {
                    case "open" -> false;
                    case "off" -> true;
                    default ->
                            throw SettingsException.of(
                                    "CHAT_OPERATOR_ENDPOINTS", "must be open or off");
                };
        if (off && token.isPresent()) {
            throw SettingsException.of(
                    "CHAT_OPERATOR_TOKEN", "is set, but CHAT_OPERATOR_ENDPOINTS is off");
        }
        if (token.isPresent() && !token.get().matches("[\\x21-\\x7e]{16,}")) {
            throw SettingsException.of(
                    "CHAT_OPERATOR_TOKEN", "must have at least 16 characters, and no blanks");
        }
        return off
                ? new Operators.Access.Nobody()
                : token.<Operators.Access>map(Operators.Access.Holder::new)
                        .orElseGet(Operators.Access.Everybody::new);
    }

    private static Path dataDir(String value) {
        try {
            Path path = Path.of(value);
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw SettingsException.of("CHAT_DATA_DIR", "is not a directory", value);
            }
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw SettingsException.of("CHAT_DATA_DIR", "is not a path", value);
        }
    }

    private static Optional<TokenKeys> keys(Variables set) {
        Optional<TokenKeys> secret = set.text("CHAT_JWT_SECRET").map(Settings::shared);
        Optional<TokenKeys> jwks = set.text("CHAT_JWKS_URL").map(Settings::published);
        if (secret.isPresent() && jwks.isPresent()) {
            throw SettingsException.of(
                    "CHAT_JWKS_URL", "is set beside CHAT_JWT_SECRET; set one of the two");
        }
        return secret.or(() -> jwks);
    }

    private static TokenKeys shared(String secret) {
        int bytes = secret.getBytes(UTF_8).length;
        if (bytes < TokenKeys.Shared.MIN_BYTES) {
            throw SettingsException.of(
                    "CHAT_JWT_SECRET",
                    "must have at least "
                            + TokenKeys.Shared.MIN_BYTES
                            + " bytes for HS256, has "
                            + bytes);
        }
        return new TokenKeys.Shared(new Secret(secret));
    }

    private static TokenKeys published(String url) {
        try {
            URI uri = new URI(url);
            boolean scheme = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (scheme
                    && uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= 65_535
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null) {
                return new TokenKeys.Published(uri);
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw SettingsException.of("CHAT_JWKS_URL", "must be an http or https address", url);
    }

    private static Set<String> origins(String value) {
        Set<String> origins = new LinkedHashSet<>();
        for (String origin : value.split(",", -1)) {
            origins.add(origin(origin.strip()));
        }
        return Set.copyOf(origins);
    }

    private static String origin(String value) {
        try {
            URI uri = new URI(value);
            boolean plain = "http".equalsIgnoreCase(uri.getScheme());
            boolean tls = "https".equalsIgnoreCase(uri.getScheme());
            boolean bare =
                    "".equals(uri.getRawPath())
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null
                            && uri.getRawUserInfo() == null;
            int port = uri.getPort();
            if ((plain || tls) && bare && uri.getHost() != null && port != 0 && port <= 65_535) {
                boolean usual = port < 0 || port == (tls ? 443 : 80);
                return (tls ? "https://" : "http://")
                        + uri.getHost().toLowerCase(Locale.ROOT)
                        + (usual ? "" : ":" + port);
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw SettingsException.of(
                "CHAT_ALLOWED_ORIGINS",
                "must be origins like https://app.example or http://localhost:5173, by commas",
                value);
    }

    private static Optional<RateLimit> rateLimit(String value) {
        if (value.equals("off")) {
            return Optional.empty();
        }
        Matcher numbers = RATE.matcher(value);
        if (numbers.matches()) {
            int perSecond = Integer.parseInt(numbers.group(1));
            int burst = Integer.parseInt(numbers.group(2));
            if (perSecond > 0 && burst > 0) {
                return Optional.of(new RateLimit(perSecond, burst));
            }
        }
        throw SettingsException.of(
                "CHAT_RATE_LIMIT",
                "must be messages a second and burst like 20:100, or off",
                value);
    }
}
