package com.ecleaner.chat.archfixture.redis;

import com.ecleaner.chat.archfixture.persistence.PersistenceAdapter;

/** Wrong: no adapter knows another. The four of these make a cycle as well. */
public record KnowsPersistence(PersistenceAdapter other) {}
