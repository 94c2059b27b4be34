package com.ecleaner.chat.bootstrap.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.bootstrap.settings.Secret;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.bootstrap.settings.SettingsException;
import com.ecleaner.chat.bootstrap.settings.TokenKeys;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;

import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Signs tokens with the shared secret, as the platform does: for the command line, the demo and
 * tests.
 */
public final class TokenIssuer {
    private final Secret secret;
    private final Optional<String> issuer;
    private final Optional<String> audience;
    private final InstantSource clock;

    private TokenIssuer(
            Secret secret,
            Optional<String> issuer,
            Optional<String> audience,
            InstantSource clock) {
        this.secret = secret;
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    /**
     * Signs with the settings' secret, naming their issuer and audience.
     *
     * @throws SettingsException where the settings have no secret
     */
    public static TokenIssuer of(Settings settings, InstantSource clock) {
        return switch (settings.requiredKeys()) {
            case TokenKeys.Shared shared ->
                    new TokenIssuer(shared.secret(), settings.issuer(), settings.audience(), clock);
            case TokenKeys.Published published ->
                    throw SettingsException.of(
                            "CHAT_JWT_SECRET",
                            "is needed to sign tokens; with CHAT_JWKS_URL only its owner signs");
        };
    }

    /** A token that proves {@code person} with {@code role} for {@code lifetime} from now. */
    public String issue(Person person, Role role, Duration lifetime) {
        Instant now = clock.instant();
        JwtClaims claims = new JwtClaims();
        claims.setSubject(person.id().value());
        if (!person.username().isEmpty()) {
            claims.setStringClaim("username", person.username());
        }
        if (!person.firstName().isEmpty()) {
            claims.setStringClaim("first_name", person.firstName());
        }
        claims.setStringClaim("role", role.wireName());
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(lifetime).getEpochSecond()));
        issuer.ifPresent(claims::setIssuer);
        audience.ifPresent(claims::setAudience);

        JsonWebSignature signature = new JsonWebSignature();
        signature.setHeader("typ", "JWT");
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        signature.setPayload(claims.toJson());
        signature.setKey(new HmacKey(secret.value().getBytes(UTF_8)));
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("HS256 is not available", e);
        }
    }
}
