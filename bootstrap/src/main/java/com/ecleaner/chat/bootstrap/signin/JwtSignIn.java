package com.ecleaner.chat.bootstrap.signin;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.application.signin.SignIn;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.settings.TokenKeys;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.AudValidator;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.IssValidator;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.jwt.consumer.NumericDateValidator;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Signs in by JWT as the wire contract's "Identity" says. Every reason to refuse gives the same
 * answer, and none of them is logged: a token, or a hint about one, must not reach a log.
 */
public final class JwtSignIn implements SignIn {
    /** A longer token is refused unread. */
    public static final int MAX_TOKEN = 8 * 1024;

    private static final Logger log = LoggerFactory.getLogger(JwtSignIn.class);

    /** What a bearer token may call itself (RFC 8725, section 3.11; RFC 9068). */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt");

    /** A token may say it never expires; an instant that prints with four digits is late enough. */
    private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private final VerificationKeys keys;
    private final Optional<String> issuer;
    private final Optional<String> audience;
    private final InstantSource clock;

    JwtSignIn(
            VerificationKeys keys,
            Optional<String> issuer,
            Optional<String> audience,
            InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    /**
     * Signs in by the keys, issuer and audience of the settings.
     *
     * @throws com.ecleaner.chat.bootstrap.settings.SettingsException where no keys are configured
     */
    public static JwtSignIn of(Settings settings, InstantSource clock) {
        return new JwtSignIn(
                VerificationKeys.of(settings.requiredKeys()),
                settings.issuer(),
                settings.audience(),
                clock);
    }

    /**
     * How many keys are published at an address now.
     *
     * @throws IOException where none are to be had there
     */
    public static int publishedKeys(TokenKeys.Published keys) throws IOException {
        KeyFetch fetch = new KeyFetch(keys.jwks());
        try {
            int count =
                    new JsonWebKeySet(fetch.get(fetch.address()).getBody()).getJsonWebKeys().size();
            if (count == 0) {
                throw new IOException("no key that can be used at " + keys.jwks());
            }
            return count;
        } catch (JoseException e) {
            throw new IOException("no key set at " + keys.jwks(), e);
        }
    }

    @Override
    public Optional<Identity> verify(String token) {
        // Three parts are a signature; five would be an encryption, which nobody here can open.
        if (token.length() > MAX_TOKEN || token.chars().filter(c -> c == '.').count() != 2) {
            return Optional.empty();
        }
        try {
            JwtContext verified = consumer().process(token);
            return headersAreOurs(verified)
                    ? Optional.of(identity(verified.getJwtClaims()))
                    : Optional.empty();
        } catch (InvalidJwtException e) {
            if (keysAreAway(e)) {
                throw Refusal.unavailable("tokens cannot be checked at the moment, try again");
            }
            return Optional.empty();
        } catch (MalformedClaimException | Refusal e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            // A flaw of the parser below, not a reason to let anybody in or a request fail.
            log.warn("a token made the verification fail: {}", e.getClass().getName());
            return Optional.empty();
        }
    }

    /** Nobody can say whether such a token is good: whoever brought it may come back with it. */
    private static boolean keysAreAway(Throwable fault) {
        for (Throwable cause = fault.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /** Without the library's own set of validators: that one takes a {@code sub} of text only. */
    private JwtConsumer consumer() {
        NumericDateValidator time = new NumericDateValidator();
        time.setRequireExp(true);
        time.setAllowedClockSkewSeconds(0);
        time.setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()));
        JwtConsumerBuilder rules =
                new JwtConsumerBuilder()
                        .setJwsAlgorithmConstraints(keys.algorithms())
                        .setVerificationKeyResolver(keys.resolver())
                        .setSkipAllDefaultValidators()
                        .registerValidator(time);
        issuer.ifPresent(name -> rules.registerValidator(new IssValidator(name, true)));
        audience.ifPresent(name -> rules.registerValidator(new AudValidator(Set.of(name), true)));
        return rules.build();
    }

    private static boolean headersAreOurs(JwtContext verified) {
        if (verified.getJoseObjects().size() != 1) {
            return false;
        }
        JsonWebStructure signature = verified.getJoseObjects().getFirst();
        if (signature.getHeaders().getObjectHeaderValue("crit") != null
                || signature.getHeaders().getObjectHeaderValue("b64") != null) {
            return false;
        }
        Object type = signature.getHeaders().getObjectHeaderValue("typ");
        if (type == null) {
            return true;
        }
        String name = type.toString().toLowerCase(Locale.ROOT);
        return TYPES.contains(
                name.startsWith("application/") ? name.substring("application/".length()) : name);
    }

    private static Identity identity(JwtClaims claims) throws MalformedClaimException {
        // Django's simplejwt signs its refresh tokens with the same secret; they open no door.
        if ("refresh".equals(claims.getClaimValue("token_type"))) {
            throw new MalformedClaimException("a refresh token");
        }
        long expires = Math.min(claims.getExpirationTime().getValue(), LAST_SECOND);
        return new Identity(
                new Person(userId(claims), text(claims, "username"), text(claims, "first_name")),
                role(claims),
                Instant.ofEpochSecond(expires));
    }

    private static UserId userId(JwtClaims claims) throws MalformedClaimException {
        Optional<UserId> subject = id(claims, "sub");
        Optional<UserId> user = id(claims, "user_id");
        if (subject.isPresent() && user.isPresent() && !subject.equals(user)) {
            throw new MalformedClaimException("sub and user_id differ");
        }
        return subject.or(() -> user)
                .orElseThrow(() -> new MalformedClaimException("neither sub nor user_id"));
    }

    private static Optional<UserId> id(JwtClaims claims, String name)
            throws MalformedClaimException {
        Object value = claims.getClaimValue(name);
        return switch (value) {
            case null -> Optional.empty();
            case String text -> Optional.of(new UserId(text));
            case Long number when Text.isCanonicalInteger(number.toString()) ->
                    Optional.of(new UserId(number.toString()));
            default -> throw new MalformedClaimException(name);
        };
    }

    private static Role role(JwtClaims claims) throws MalformedClaimException {
        String name = claims.getClaimValue("role", String.class);
        return name == null
                ? Role.CLIENT
                : Role.named(name).orElseThrow(() -> new MalformedClaimException("role"));
    }

    private static String text(JwtClaims claims, String name) throws MalformedClaimException {
        String value = claims.getClaimValue(name, String.class);
        return value == null ? "" : value;
    }
}
