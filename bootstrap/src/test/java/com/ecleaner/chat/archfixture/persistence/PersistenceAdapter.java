package com.ecleaner.chat.archfixture.persistence;

/** Breaks no rule. */
public record PersistenceAdapter() {}
