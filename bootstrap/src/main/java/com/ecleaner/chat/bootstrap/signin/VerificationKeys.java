package com.ecleaner.chat.bootstrap.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.bootstrap.settings.TokenKeys;

import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The keys tokens are verified with and the algorithms that go with them: fixed together, so that a
 * public key can never be taken for an HMAC secret.
 *
 * <p>A published key is chosen by {@code kid} and must also be of the type, use and algorithm the
 * signature needs. A {@code kid} nobody knows makes the set be fetched again, at most once in
 * {@link #MIN_REFRESH}; the key addresses and keys that a token brings along ({@code jku}, {@code
 * x5u}, {@code jwk}, {@code x5c}) are never looked at.
 *
 * @param algorithms what a token may be signed with
 * @param resolver gives the key for a signature; may fetch
 */
record VerificationKeys(AlgorithmConstraints algorithms, VerificationKeyResolver resolver) {
    /** How long a published set is used before it is fetched again, whatever its server says. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    /** Unknown keys do not make the set be fetched more often than this. */
    static final Duration MIN_REFRESH = Duration.ofSeconds(5);

    /**
     * While the address does not answer, keys that were known stay known, and this much passes
     * before the next try.
     */
    static final Duration RETRY = Duration.ofSeconds(30);

    /** What tokens are signed with whose keys are published. */
    private static final Set<String> PUBLISHED =
            Set.of(
                    AlgorithmIdentifiers.RSA_USING_SHA256,
                    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                    AlgorithmIdentifiers.EDDSA);

    static VerificationKeys of(TokenKeys keys) {
        return switch (keys) {
            case TokenKeys.Shared shared -> shared(shared.secret().value());
            case TokenKeys.Published published ->
                    published(new KeyFetch(published.jwks()), MIN_REFRESH);
        };
    }

    static VerificationKeys published(KeyFetch fetch, Duration minRefresh) {
        HttpsJwks set = new HttpsJwks(fetch.address());
        set.setSimpleHttpGet(fetch);
        set.setDefaultCacheDuration(LIFETIME.toSeconds());
        set.setRetainCacheOnErrorDuration(RETRY.toSeconds());
        set.setRefreshReprieveThreshold(minRefresh.toMillis());
        HttpsJwksVerificationKeyResolver resolver = new ByAlgorithm(set);
        // Two keys may fit a token without kid: then the signature decides.
        resolver.setDisambiguateWithVerifySignature(true);
        return new VerificationKeys(permitting(PUBLISHED.toArray(String[]::new)), resolver);
    }

    /** The library heeds a key's {@code alg} only to choose between several. */
    private static final class ByAlgorithm extends HttpsJwksVerificationKeyResolver {
        ByAlgorithm(HttpsJwks set) {
            super(set);
        }

        /** For what no key of ours signs none is fetched, and none missed. */
        @Override
        public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> nesting)
                throws UnresolvableKeyException {
            if (!PUBLISHED.contains(signature.getAlgorithmHeaderValue())) {
                throw new UnresolvableKeyException("an algorithm that nobody configured");
            }
            return super.resolveKey(signature, nesting);
        }

        @Override
        protected @Nullable JsonWebKey select(JsonWebSignature signature, List<JsonWebKey> keys)
                throws JoseException {
            String algorithm = signature.getAlgorithmHeaderValue();
            return super.select(
                    signature,
                    keys.stream()
                            .filter(
                                    key ->
                                            key.getAlgorithm() == null
                                                    || key.getAlgorithm().equals(algorithm))
                            .toList());
        }
    }

    private static VerificationKeys shared(String secret) {
        HmacKey key = new HmacKey(secret.getBytes(UTF_8));
        return new VerificationKeys(
                permitting(AlgorithmIdentifiers.HMAC_SHA256), (signature, nesting) -> key);
    }

    private static AlgorithmConstraints permitting(String... algorithms) {
        return new AlgorithmConstraints(ConstraintType.PERMIT, algorithms);
    }
}
