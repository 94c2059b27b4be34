package com.ecleaner.chat.archfixture.domain;

import com.ecleaner.chat.archfixture.application.UseCase;

/** Wrong: the application knows the domain, not the other way round. */
public record KnowsTheApplication(UseCase useCase) {}
