package com.ecleaner.chat.application.signin;

import java.util.Optional;

/**
 * Turns a token into the identity it proves. Thread-safe; may block while keys are fetched, within
 * a bound of a few seconds.
 */
public interface SignIn {
    /**
     * Verifies one token.
     *
     * @param token as it came from outside: any text, of any length
     * @return whom the token proves, or nothing where it proves nobody: forged, expired or
     *     malformed. Which of them is never said, neither here nor to the asker
     * @throws com.ecleaner.chat.domain.Refusal {@code unavailable} where that cannot be checked at
     *     the moment
     */
    Optional<Identity> verify(String token);
}
