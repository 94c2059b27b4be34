package com.ecleaner.chat.archfixture.domain;

/** Breaks no rule. */
public record Room(String name) {}
