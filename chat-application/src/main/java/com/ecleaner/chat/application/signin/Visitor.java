package com.ecleaner.chat.application.signin;

import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;

import java.time.Instant;

/** Somebody who was let in: names and role that count now, until {@code expiresAt}. */
public record Visitor(Person person, Actor actor, Instant expiresAt) {}
