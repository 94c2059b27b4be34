/**
 * Who stands at the door: what a token says about its bearer, once it was found genuine.
 *
 * <p>How a token is checked (keys, algorithms, claims) is the wiring's business; every door asks
 * here and nowhere else. What the platform wrote about the user beats what a token says, and that
 * is decided later, where the user's record is.
 */
@NullMarked
package com.ecleaner.chat.application.signin;

import org.jspecify.annotations.NullMarked;
