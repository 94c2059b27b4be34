package com.ecleaner.chat.bootstrap.signin;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The lines of the list of hostile input that concern a shared secret, and what must go in. */
final class SharedSecretSignInTest {
    private static final String SECRET = "a secret of more than 32 bytes, for tests";
    private static final Instant NOW = Instant.parse("2025-10-25T10:30:00Z");
    private static final long LATER = NOW.plusSeconds(60).getEpochSecond();
    private static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private final JwtSignIn signIn = signIn(Map.of());

    private static JwtSignIn signIn(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("CHAT_JWT_SECRET", SECRET);
        return JwtSignIn.of(Settings.from(environment), () -> NOW);
    }

    private static String token(String header, String payload) {
        return Forge.hs256(SECRET.getBytes(UTF_8), header, payload);
    }

    private static String claims(String claims) {
        return token(HS256, "{" + claims + ",\"exp\":" + LATER + "}");
    }

    private Optional<Identity> verify(String token) {
        return signIn.verify(token);
    }

    @Test
    void a_token_says_who_its_bearer_is_and_until_when() {
        assertThat(
                        verify(
                                claims(
                                        "\"sub\":\"26\",\"username\":\"cleaner1\","
                                                + "\"first_name\":\"John\",\"role\":\"cleaner\"")))
                .contains(
                        new Identity(
                                new Person(new UserId("26"), "cleaner1", "John"),
                                Role.CLEANER,
                                Instant.ofEpochSecond(LATER)));
    }

    @Test
    void names_and_role_may_be_missing() {
        assertThat(verify(claims("\"sub\":\"26\"")))
                .hasValueSatisfying(
                        identity -> {
                            assertThat(identity.person())
                                    .isEqualTo(Person.nameless(new UserId("26")));
                            assertThat(identity.role()).isEqualTo(Role.CLIENT);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"sub\":\"26\"",
                "\"sub\":26",
                "\"user_id\":26",
                "\"user_id\":\"26\"",
                "\"sub\":\"26\",\"user_id\":26",
                "\"sub\":null,\"user_id\":26"
            })
    void the_user_is_sub_or_user_id_as_number_or_text(String claims) {
        assertThat(verify(claims(claims)).map(i -> i.person().id())).contains(new UserId("26"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"sub\":\"26\",\"user_id\":\"27\"",
                "\"username\":\"nobody\"",
                "\"sub\":\"\"",
                "\"sub\":null",
                "\"sub\":true",
                "\"sub\":[\"26\"]",
                "\"sub\":{\"id\":26}",
                "\"sub\":26.5",
                "\"sub\":2.6e1",
                "\"sub\":-26",
                "\"sub\":9007199254740992",
                "\"sub\":9223372036854775808",
                "\"sub\":\"a\\u0000b\"",
                "\"sub\":\"a\\nb\"",
                "\"sub\":\"\\ud800\"",
                "\"sub\":\"01234567890123456789012345678901234567890123456789012345678901234\""
            })
    void a_user_that_is_none_is_refused(String claims) {
        assertThat(verify(claims(claims))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"boss\"", "\"\"", "\"ADMIN\"", "1", "[\"admin\"]", "true"})
    void an_unknown_role_is_refused(String role) {
        assertThat(verify(claims("\"sub\":\"26\",\"role\":" + role))).isEmpty();
    }

    @Test
    void names_that_are_no_text_are_refused() {
        assertThat(verify(claims("\"sub\":\"26\",\"username\":1"))).isEmpty();
        assertThat(verify(claims("\"sub\":\"26\",\"first_name\":{}"))).isEmpty();
    }

    @Test
    void names_are_made_harmless() {
        assertThat(verify(claims("\"sub\":\"26\",\"username\":\"a\\u202e\\u0000\\nb\"")))
                .hasValueSatisfying(i -> assertThat(i.person().username()).isEqualTo("ab"));
    }

    @Test
    void a_token_without_exp_is_refused() {
        assertThat(verify(token(HS256, "{\"sub\":\"26\"}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"4102444800\"", "null", "true", "[4102444800]", "{}"})
    void an_exp_that_is_no_number_is_refused(String exp) {
        assertThat(verify(token(HS256, "{\"sub\":\"26\",\"exp\":" + exp + "}"))).isEmpty();
    }

    @Test
    void a_token_ends_at_its_second_without_leeway() {
        long now = NOW.getEpochSecond();

        assertThat(verify(token(HS256, "{\"sub\":\"26\",\"exp\":" + (now + 1) + "}"))).isPresent();
        assertThat(verify(token(HS256, "{\"sub\":\"26\",\"exp\":" + now + "}"))).isEmpty();
        assertThat(verify(token(HS256, "{\"sub\":\"26\",\"exp\":" + (now - 1) + "}"))).isEmpty();
        assertThat(verify(token(HS256, "{\"sub\":\"26\",\"exp\":-1}"))).isEmpty();
    }

    @Test
    void an_exp_beyond_all_calendars_is_late_enough() {
        assertThat(verify(token(HS256, "{\"sub\":\"26\",\"exp\":9223372036854775807}")))
                .hasValueSatisfying(
                        i -> assertThat(i.expiresAt()).isEqualTo("9999-12-31T23:59:59Z"));
    }

    @Test
    void a_token_whose_time_has_not_come_is_refused() {
        long now = NOW.getEpochSecond();

        assertThat(verify(claims("\"sub\":\"26\",\"nbf\":" + (now + 1)))).isEmpty();
        assertThat(verify(claims("\"sub\":\"26\",\"nbf\":" + now))).isPresent();
        assertThat(verify(claims("\"sub\":\"26\",\"nbf\":\"soon\""))).isEmpty();
    }

    @Test
    void a_wrong_or_missing_issuer_is_refused_when_one_is_configured() {
        JwtSignIn picky = signIn(Map.of("CHAT_JWT_ISSUER", "https://e-cleaner.example"));

        assertThat(picky.verify(claims("\"sub\":\"26\",\"iss\":\"https://e-cleaner.example\"")))
                .isPresent();
        assertThat(picky.verify(claims("\"sub\":\"26\",\"iss\":\"https://e-cleaner.example/\"")))
                .isEmpty();
        assertThat(picky.verify(claims("\"sub\":\"26\",\"iss\":[\"https://e-cleaner.example\"]")))
                .isEmpty();
        assertThat(picky.verify(claims("\"sub\":\"26\""))).isEmpty();
    }

    @Test
    void a_wrong_or_missing_audience_is_refused_when_one_is_configured() {
        JwtSignIn picky = signIn(Map.of("CHAT_JWT_AUDIENCE", "chat"));

        assertThat(picky.verify(claims("\"sub\":\"26\",\"aud\":\"chat\""))).isPresent();
        assertThat(picky.verify(claims("\"sub\":\"26\",\"aud\":[\"shop\",\"chat\"]"))).isPresent();
        assertThat(picky.verify(claims("\"sub\":\"26\",\"aud\":\"shop\""))).isEmpty();
        assertThat(picky.verify(claims("\"sub\":\"26\""))).isEmpty();
    }

    @Test
    void issuer_and_audience_are_ignored_when_none_is_configured() {
        assertThat(verify(claims("\"sub\":\"26\",\"iss\":\"anyone\",\"aud\":\"anything\"")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
    void alg_none_is_refused(String none) {
        String header = Forge.part("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}");
        String payload = Forge.part("{\"sub\":\"26\",\"exp\":" + LATER + "}");

        assertThat(verify(header + "." + payload + ".")).isEmpty();
        assertThat(verify(token("{\"alg\":\"" + none + "\"}", "{\"sub\":\"26\",\"exp\":1}")))
                .isEmpty();
    }

    @Test
    void a_missing_alg_is_refused() {
        assertThat(verify(token("{\"typ\":\"JWT\"}", "{\"sub\":\"26\",\"exp\":" + LATER + "}")))
                .isEmpty();
    }

    @Test
    void other_algorithms_of_the_same_family_are_refused() {
        String payload = "{\"sub\":\"26\",\"exp\":" + LATER + "}";
        byte[] secret = SECRET.repeat(2).getBytes(UTF_8);

        assertThat(verify(Forge.hmac("HmacSHA512", secret, "{\"alg\":\"HS512\"}", payload)))
                .isEmpty();
        assertThat(verify(token("{\"alg\":\"HS384\"}", payload))).isEmpty();
    }

    @Test
    void a_token_of_somebody_with_another_secret_is_refused() {
        byte[] other = "another secret of more than 32 bytes, for tests".getBytes(UTF_8);

        assertThat(verify(Forge.hs256(other, HS256, "{\"sub\":\"26\",\"exp\":" + LATER + "}")))
                .isEmpty();
    }

    @Test
    void an_empty_or_cut_signature_is_refused() {
        String token = claims("\"sub\":\"26\"");
        int signature = token.lastIndexOf('.') + 1;

        assertThat(verify(token.substring(0, signature))).isEmpty();
        assertThat(verify(token.substring(0, signature - 1))).isEmpty();
        assertThat(verify(token.substring(0, token.length() - 4))).isEmpty();
        assertThat(verify(token + "AAAA")).isEmpty();
    }

    @Property(tries = 300)
    void one_flipped_bit_anywhere_is_refused(
            @ForAll @IntRange(max = 10_000) int where, @ForAll @IntRange(max = 5) int bit) {
        String token = claims("\"sub\":\"26\",\"role\":\"client\"");
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int at = where % (token.length() - 1); // the very last letter has spare bits
        int digit = alphabet.indexOf(token.charAt(at));
        String flipped =
                token.substring(0, at)
                        + (digit < 0 ? 'A' : alphabet.charAt(digit ^ (1 << bit)))
                        + token.substring(at + 1);

        assertThat(verify(flipped)).isEmpty();
    }

    @Test
    void a_public_key_does_not_pass_as_the_secret() {
        // RS256 token for a server with a secret: the key it would need is not asked for.
        String token =
                Forge.signed(
                        "SHA256withRSA",
                        Forge.rsa().getPrivate(),
                        "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
                        "{\"sub\":\"26\",\"exp\":" + LATER + "}");

        assertThat(verify(token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"typ\":\"JWT\"",
                "\"typ\":\"jwt\"",
                "\"typ\":\"at+jwt\"",
                "\"typ\":\"application/at+jwt\"",
                "\"cty\":\"\""
            })
    void a_token_calls_itself_a_token_or_nothing(String header) {
        assertThat(
                        verify(
                                token(
                                        "{\"alg\":\"HS256\"," + header + "}",
                                        "{\"sub\":\"26\",\"exp\":" + LATER + "}")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"typ\":\"dpop+jwt\"",
                "\"typ\":\"logout+jwt\"",
                "\"typ\":\"rt+jwt\"",
                "\"typ\":\"\"",
                "\"typ\":1",
                "\"crit\":[\"exp\"],\"exp\":1",
                "\"crit\":[\"b64\"],\"b64\":true",
                "\"crit\":[]",
                "\"b64\":false",
                "\"cty\":\"JWT\""
            })
    void another_type_and_critical_headers_are_refused(String header) {
        assertThat(
                        verify(
                                token(
                                        "{\"alg\":\"HS256\"," + header + "}",
                                        "{\"sub\":\"26\",\"exp\":" + LATER + "}")))
                .isEmpty();
    }

    @Test
    void a_refresh_token_of_simplejwt_opens_no_door() {
        assertThat(verify(claims("\"user_id\":\"26\",\"token_type\":\"refresh\""))).isEmpty();
        assertThat(verify(claims("\"user_id\":\"26\",\"token_type\":\"access\""))).isPresent();
    }

    @Test
    void duplicate_claims_and_headers_are_refused() {
        assertThat(verify(claims("\"sub\":\"26\",\"sub\":\"27\""))).isEmpty();
        assertThat(verify(claims("\"sub\":\"26\",\"role\":\"client\",\"role\":\"admin\"")))
                .isEmpty();
        assertThat(
                        verify(
                                token(
                                        "{\"alg\":\"none\",\"alg\":\"HS256\"}",
                                        "{\"sub\":\"26\",\"exp\":" + LATER + "}")))
                .isEmpty();
    }

    @Test
    void a_huge_token_is_refused_unread() {
        String fits = claims("\"sub\":\"26\",\"padding\":\"" + "x".repeat(5_000) + "\"");
        String huge = claims("\"sub\":\"26\",\"padding\":\"" + "x".repeat(7_000) + "\"");

        assertThat(fits).hasSizeLessThan(JwtSignIn.MAX_TOKEN);
        assertThat(verify(fits)).isPresent();
        assertThat(huge).hasSizeGreaterThan(JwtSignIn.MAX_TOKEN);
        assertThat(verify(huge)).isEmpty();
        assertThat(verify("x".repeat(10_000_000))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "....",
                "a.b.c",
                "a.b.c.d.e",
                " ",
                "\u0000.\u0000.\u0000",
                "Bearer x.y.z",
                "ä.ö.ü",
                "e30.e30.e30",
                "W10.W10.W10",
                "bnVsbA.bnVsbA.bnVsbA"
            })
    void what_is_no_token_is_refused(String text) {
        assertThat(verify(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "1", "\"text\"", "{", "{}}", "{\"sub\":", "\u0000"})
    void a_payload_that_is_no_object_is_refused(String payload) {
        assertThat(verify(token(HS256, payload))).isEmpty();
    }

    @Test
    void deep_nesting_is_survived() {
        String deep = "[".repeat(2_000) + "]".repeat(2_000);

        assertThat(verify(claims("\"sub\":\"26\",\"deep\":" + deep))).isPresent();
        assertThat(verify(token("{\"alg\":\"HS256\",\"deep\":" + deep + "}", "{}"))).isEmpty();
    }

    @Property(tries = 300)
    void any_text_is_answered_without_a_fault(@ForAll String text) {
        assertThat(verify(text)).isEmpty();
        assertThat(verify(text + "." + text + "." + text)).isEmpty();
        assertThat(verify(token(HS256, text))).isEmpty();
        assertThat(verify(token(text, "{\"sub\":\"26\",\"exp\":" + LATER + "}"))).isEmpty();
    }

    @Test
    void a_token_signed_here_is_accepted_here() {
        Map<String, String> set =
                Map.of(
                        "CHAT_JWT_SECRET",
                        SECRET,
                        "CHAT_JWT_ISSUER",
                        "https://e-cleaner.example",
                        "CHAT_JWT_AUDIENCE",
                        "chat");
        Person john = new Person(new UserId("26"), "cleaner1", "Jöhn \"J\"");
        String token =
                TokenIssuer.of(Settings.from(set), () -> NOW)
                        .issue(john, Role.CLEANER, Duration.ofHours(1));

        assertThat(signIn(set).verify(token))
                .contains(new Identity(john, Role.CLEANER, NOW.plusSeconds(3600)));
    }
}
