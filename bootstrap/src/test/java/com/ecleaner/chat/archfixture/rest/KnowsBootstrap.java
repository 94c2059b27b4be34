package com.ecleaner.chat.archfixture.rest;

import com.ecleaner.chat.archfixture.bootstrap.Wiring;

/** Wrong: only bootstrap knows bootstrap. */
public record KnowsBootstrap(Wiring wiring) {}
