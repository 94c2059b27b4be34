package com.ecleaner.chat.archfixture.domain;

import org.slf4j.Logger;

/** Wrong: the domain knows the JDK alone. */
public record KnowsALibrary(Logger logger) {}
