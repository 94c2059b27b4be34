package com.ecleaner.chat.application.signin;

import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;

import java.time.Instant;

/**
 * What a genuine token says about its bearer.
 *
 * @param person the bearer's id, with the token's names; empty names where it gives none
 * @param role the token's role, {@link Role#CLIENT} where it gives none
 * @param expiresAt from this instant on the token proves nothing, and a socket opened with it ends
 */
public record Identity(Person person, Role role, Instant expiresAt) {}
