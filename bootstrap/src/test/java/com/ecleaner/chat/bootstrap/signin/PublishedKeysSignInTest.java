package com.ecleaner.chat.bootstrap.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.domain.Refusal;
import com.sun.net.httpserver.HttpServer;

import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The lines of the list of hostile input that concern published keys, over a real address. */
final class PublishedKeysSignInTest {
    private static final Instant NOW = Instant.parse("2025-10-25T10:30:00Z");
    private static final String CLAIMS =
            "{\"sub\":\"26\",\"exp\":" + NOW.plusSeconds(60).getEpochSecond() + "}";

    private static final KeyPair RSA = Forge.rsa();
    private static final KeyPair OTHER_RSA = Forge.rsa();
    private static final KeyPair EC = Forge.ec();
    private static final KeyPair ED25519 = Forge.ed25519();

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger strayFetches = new AtomicInteger();
    private volatile String served = set();
    private volatile int status = 200;
    private HttpServer server;

    @BeforeEach
    void publish() {
        publish(0);
    }

    private void publish(int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext(
                "/jwks",
                exchange -> {
                    fetches.incrementAndGet();
                    byte[] body = served.getBytes(UTF_8);
                    exchange.getResponseHeaders().add("Cache-Control", "max-age=1");
                    if (status == 302) {
                        exchange.getResponseHeaders().add("Location", url("/elsewhere"));
                    }
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.createContext(
                "/",
                exchange -> {
                    strayFetches.incrementAndGet();
                    byte[] body = served.getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private JwtSignIn signIn() {
        return JwtSignIn.of(Settings.from(Map.of("CHAT_JWKS_URL", url("/jwks"))), () -> NOW);
    }

    private JwtSignIn signIn(Duration minRefresh, Duration pause) {
        return new JwtSignIn(
                VerificationKeys.published(
                        new KeyFetch(URI.create(url("/jwks")), pause), minRefresh),
                Optional.empty(),
                Optional.empty(),
                () -> NOW);
    }

    private static String jwk(String kid, PublicKey key) {
        try {
            PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(key);
            if (!kid.isEmpty()) {
                jwk.setKeyId(kid);
            }
            return jwk.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private static String set(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    private static String rs256(String kid, PrivateKey key) {
        return Forge.signed(
                "SHA256withRSA", key, "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", CLAIMS);
    }

    private static String es256(String kid, PrivateKey key) {
        return Forge.signed(
                "SHA256withECDSAinP1363Format",
                key,
                "{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}",
                CLAIMS);
    }

    private static String eddsa(String kid, PrivateKey key) {
        return Forge.signed("Ed25519", key, "{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\"}", CLAIMS);
    }

    @Test
    void rs256_es256_and_eddsa_are_accepted_with_their_keys() {
        served =
                set(
                        jwk("r", RSA.getPublic()),
                        jwk("e", EC.getPublic()),
                        jwk("d", ED25519.getPublic()));
        JwtSignIn signIn = signIn();

        assertThat(signIn.verify(rs256("r", RSA.getPrivate()))).isPresent();
        assertThat(signIn.verify(es256("e", EC.getPrivate()))).isPresent();
        assertThat(signIn.verify(eddsa("d", ED25519.getPrivate())))
                .map(Identity::expiresAt)
                .contains(NOW.plusSeconds(60));
        assertThat(fetches).hasValue(1);
    }

    @Test
    void a_flipped_or_empty_signature_is_refused() {
        served = set(jwk("r", RSA.getPublic()), jwk("e", EC.getPublic()));
        JwtSignIn signIn = signIn();
        String rs256 = rs256("r", RSA.getPrivate());
        String unsigned = rs256.substring(0, rs256.lastIndexOf('.') + 1);
        String es256 = es256("e", EC.getPrivate());

        assertThat(signIn.verify(unsigned)).isEmpty();
        assertThat(signIn.verify(unsigned + "A".repeat(342))).isEmpty();
        assertThat(signIn.verify(rs256("r", OTHER_RSA.getPrivate()))).isEmpty();
        // The signature of zeros that some ECDSA verifiers took (CVE-2022-21449).
        assertThat(
                        signIn.verify(
                                es256.substring(0, es256.lastIndexOf('.') + 1)
                                        + Base64.getUrlEncoder()
                                                .withoutPadding()
                                                .encodeToString(new byte[64])))
                .isEmpty();
    }

    @Test
    void a_public_key_taken_for_an_hmac_secret_is_refused() {
        served = set(jwk("r", RSA.getPublic()));
        JwtSignIn signIn = signIn();
        String header = "{\"alg\":\"HS256\",\"kid\":\"r\"}";
        byte[] der = RSA.getPublic().getEncoded();
        String pem =
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n";

        assertThat(signIn.verify(rs256("r", RSA.getPrivate()))).isPresent();
        assertThat(signIn.verify(Forge.hs256(der, header, CLAIMS))).isEmpty();
        assertThat(signIn.verify(Forge.hs256(pem.getBytes(UTF_8), header, CLAIMS))).isEmpty();
        assertThat(
                        signIn.verify(
                                Forge.hs256(
                                        jwk("r", RSA.getPublic()).getBytes(UTF_8), header, CLAIMS)))
                .isEmpty();
    }

    @Test
    void a_published_symmetric_key_signs_nothing() {
        byte[] secret = "a secret of more than 32 bytes, for tests".getBytes(UTF_8);
        served =
                set(
                        "{\"kty\":\"oct\",\"kid\":\"s\",\"alg\":\"HS256\",\"k\":\""
                                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret)
                                + "\"}");

        assertThat(
                        signIn().verify(
                                        Forge.hs256(
                                                secret,
                                                "{\"alg\":\"HS256\",\"kid\":\"s\"}",
                                                CLAIMS)))
                .isEmpty();
    }

    @Test
    void alg_none_and_algorithms_nobody_configured_are_refused() {
        served = set(jwk("r", RSA.getPublic()));
        JwtSignIn signIn = signIn();

        assertThat(signIn.verify(Forge.part("{\"alg\":\"none\"}") + "." + Forge.part(CLAIMS) + "."))
                .isEmpty();
        assertThat(
                        signIn.verify(
                                Forge.signed(
                                        "SHA512withRSA",
                                        RSA.getPrivate(),
                                        "{\"alg\":\"RS512\",\"kid\":\"r\"}",
                                        CLAIMS)))
                .isEmpty();
    }

    @Test
    void keys_of_one_kid_are_told_apart_by_type() {
        served = set(jwk("same", EC.getPublic()), jwk("same", RSA.getPublic()));
        JwtSignIn signIn = signIn();

        assertThat(signIn.verify(rs256("same", RSA.getPrivate()))).isPresent();
        assertThat(signIn.verify(es256("same", EC.getPrivate()))).isPresent();
        assertThat(signIn.verify(rs256("same", OTHER_RSA.getPrivate()))).isEmpty();
    }

    @Test
    void a_key_meant_for_something_else_is_not_used() {
        String key = jwk("r", RSA.getPublic());
        String head = key.substring(0, key.length() - 1);
        served = set(head + ",\"use\":\"enc\"}");
        assertThat(signIn().verify(rs256("r", RSA.getPrivate()))).isEmpty();

        served = set(head + ",\"alg\":\"RS512\"}");
        assertThat(signIn().verify(rs256("r", RSA.getPrivate()))).isEmpty();

        served = set(head + ",\"use\":\"sig\",\"alg\":\"RS256\"}");
        assertThat(signIn().verify(rs256("r", RSA.getPrivate()))).isPresent();
    }

    @Test
    void a_token_without_kid_is_verified_with_whatever_key_fits() {
        served = set(jwk("", OTHER_RSA.getPublic()), jwk("r", RSA.getPublic()));

        assertThat(
                        signIn().verify(
                                        Forge.signed(
                                                "SHA256withRSA",
                                                RSA.getPrivate(),
                                                "{\"alg\":\"RS256\"}",
                                                CLAIMS)))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../etc/passwd",
                "file:///dev/null",
                "r' OR '1'='1",
                "r\\u0000",
                "http://127.0.0.1/x",
                "R",
                ""
            })
    void a_kid_is_only_ever_compared(String kid) {
        served = set(jwk("r", RSA.getPublic()));

        assertThat(signIn().verify(rs256(kid, RSA.getPrivate()))).isEmpty();
        assertThat(strayFetches).hasValue(0);
    }

    @Test
    void keys_and_addresses_that_a_token_brings_along_are_ignored() {
        served = set(jwk("r", RSA.getPublic()));
        JwtSignIn signIn = signIn();
        String attackers = jwk("r", OTHER_RSA.getPublic());
        for (String header :
                new String[] {
                    "\"jku\":\"" + url("/attacker") + "\"",
                    "\"x5u\":\"" + url("/attacker") + "\"",
                    "\"jwk\":" + attackers,
                    "\"x5c\":[\"MIIB\"]",
                    "\"iss\":\"" + url("/attacker") + "\""
                }) {
            assertThat(
                            signIn.verify(
                                    Forge.signed(
                                            "SHA256withRSA",
                                            OTHER_RSA.getPrivate(),
                                            "{\"alg\":\"RS256\",\"kid\":\"r\"," + header + "}",
                                            CLAIMS)))
                    .as(header)
                    .isEmpty();
        }
        assertThat(strayFetches).hasValue(0);
    }

    @Test
    void a_new_key_is_found_when_its_kid_is_first_seen() {
        served = set(jwk("old", OTHER_RSA.getPublic()));
        JwtSignIn signIn = signIn(Duration.ZERO, Duration.ZERO);
        assertThat(signIn.verify(rs256("old", OTHER_RSA.getPrivate()))).isPresent();

        served = set(jwk("old", OTHER_RSA.getPublic()), jwk("new", RSA.getPublic()));
        assertThat(signIn.verify(rs256("new", RSA.getPrivate()))).isPresent();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void a_key_that_was_taken_back_is_no_key_after_the_next_fetch() {
        served = set(jwk("old", OTHER_RSA.getPublic()));
        JwtSignIn signIn = signIn(Duration.ZERO, Duration.ZERO);
        assertThat(signIn.verify(rs256("old", OTHER_RSA.getPrivate()))).isPresent();

        served = set(jwk("new", RSA.getPublic()));
        assertThat(signIn.verify(rs256("new", RSA.getPrivate()))).isPresent();
        assertThat(signIn.verify(rs256("old", OTHER_RSA.getPrivate()))).isEmpty();
    }

    @Test
    void a_storm_of_unknown_kids_fetches_the_keys_once() {
        served = set(jwk("r", RSA.getPublic()));
        JwtSignIn signIn = signIn(Duration.ofHours(1), Duration.ofHours(1));
        for (int i = 0; i < 200; i++) {
            assertThat(signIn.verify(rs256("k" + i, RSA.getPrivate()))).isEmpty();
        }
        assertThat(fetches).hasValue(1);
        assertThat(signIn.verify(rs256("r", RSA.getPrivate()))).isPresent();
    }

    @Test
    void a_dead_address_is_asked_once_in_a_while_and_lets_nobody_in() {
        status = 500;
        JwtSignIn signIn = signIn(Duration.ZERO, Duration.ofHours(1));
        for (int i = 0; i < 50; i++) {
            unavailable(signIn, rs256("r", RSA.getPrivate()));
        }
        assertThat(fetches).hasValue(1);
    }

    /** Not refused: whoever brought the token may come back with it. */
    private static void unavailable(JwtSignIn signIn, String token) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> signIn.verify(token))
                .matches(Refusal::retryable)
                .extracting(Refusal::code)
                .isEqualTo(Refusal.Code.UNAVAILABLE);
    }

    @Test
    void an_address_that_nobody_answers_at_makes_tokens_wait_and_lets_them_in_once_it_does() {
        served = set(jwk("r", RSA.getPublic()));
        int port = server.getAddress().getPort();
        JwtSignIn signIn = signIn(Duration.ZERO, Duration.ZERO);
        server.stop(0);
        unavailable(signIn, rs256("r", RSA.getPrivate()));
        unavailable(signIn, rs256("r", OTHER_RSA.getPrivate()));

        publish(port);
        assertThat(signIn.verify(rs256("r", RSA.getPrivate()))).isPresent();
        assertThat(signIn.verify(rs256("r", OTHER_RSA.getPrivate()))).isEmpty();
    }

    @Test
    void an_address_that_answers_too_slowly_makes_tokens_wait_for_a_bounded_time() {
        CountDownLatch done = new CountDownLatch(1);
        server.createContext(
                "/slow",
                exchange -> {
                    try {
                        done.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.close();
                });
        JwtSignIn signIn =
                JwtSignIn.of(Settings.from(Map.of("CHAT_JWKS_URL", url("/slow"))), () -> NOW);

        unavailable(signIn, rs256("r", RSA.getPrivate()));
        assertThat(done.getCount()).as("nobody waited for the answer").isEqualTo(1);
        done.countDown();
    }

    @Test
    void a_token_that_no_key_could_make_good_is_refused_while_the_address_is_dead() {
        status = 500;
        JwtSignIn signIn = signIn();
        String none = Forge.part("{\"alg\":\"none\"}") + "." + Forge.part(CLAIMS) + ".";
        byte[] secret = "a secret of more than 32 bytes, for tests".getBytes(UTF_8);
        String shared = Forge.hs256(secret, "{\"alg\":\"HS256\",\"kid\":\"r\"}", CLAIMS);

        for (String token : new String[] {"rubbish", "a.b.c", none, shared}) {
            assertThat(signIn.verify(token)).as(token).isEmpty();
        }
        assertThat(fetches).hasValue(0);
    }

    @Test
    void known_keys_go_on_while_the_address_is_dead() {
        served = set(jwk("r", RSA.getPublic()));
        JwtSignIn signIn = signIn(Duration.ZERO, Duration.ZERO);
        assertThat(signIn.verify(rs256("r", RSA.getPrivate()))).isPresent();

        status = 500;
        unavailable(signIn, rs256("unknown", RSA.getPrivate()));
        assertThat(signIn.verify(rs256("r", RSA.getPrivate()))).isPresent();
        assertThat(signIn.verify(rs256("r", OTHER_RSA.getPrivate()))).isEmpty();
    }

    @Test
    void a_redirect_is_not_followed() {
        served = set(jwk("r", RSA.getPublic()));
        status = 302;

        unavailable(signIn(), rs256("r", RSA.getPrivate()));
        assertThat(strayFetches).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "<html>", "{\"keys\":1}"})
    void an_answer_that_is_no_key_set_lets_nobody_in(String answer) {
        served = answer;

        unavailable(signIn(), rs256("r", RSA.getPrivate()));
    }

    @Test
    void a_key_set_without_a_usable_key_lets_nobody_in() {
        served = "{\"keys\":[{}]}";

        assertThat(signIn().verify(rs256("r", RSA.getPrivate()))).isEmpty();
    }

    @Test
    void an_endless_answer_is_not_read() {
        served = "{\"keys\":[], \"padding\":\"" + "x".repeat(1_000_000) + "\"}";

        unavailable(signIn(), rs256("r", RSA.getPrivate()));
    }
}
