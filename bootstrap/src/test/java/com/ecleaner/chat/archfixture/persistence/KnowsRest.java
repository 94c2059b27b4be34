package com.ecleaner.chat.archfixture.persistence;

import com.ecleaner.chat.archfixture.rest.RestAdapter;

/** Wrong: no adapter knows another. The four of these make a cycle as well. */
public record KnowsRest(RestAdapter other) {}
