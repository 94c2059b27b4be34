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
     * @return whom the token proves, or nothing where it proves nobody: forged, expired, malformed
     *     or not to be checked at the moment. Which of them is never said, neither here nor to the
     *     asker
     */
    Optional<Identity> verify(String token);
}
