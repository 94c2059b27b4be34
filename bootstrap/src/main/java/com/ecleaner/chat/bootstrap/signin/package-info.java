/**
 * Tokens: verified with the keys the operator configured, and signed for demonstrations and tests.
 *
 * <p>The only place that knows jose4j. Which algorithms count is fixed by configuration (RFC 8725,
 * section 3.1); nothing that a token says about its own verification is believed.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.signin;

import org.jspecify.annotations.NullMarked;
