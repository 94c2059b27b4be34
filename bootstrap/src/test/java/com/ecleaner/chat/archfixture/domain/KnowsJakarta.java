package com.ecleaner.chat.archfixture.domain;

import jakarta.ws.rs.Path;

/** Wrong: a framework type in the domain. */
@Path("wrong")
public record KnowsJakarta() {}
