package com.ecleaner.chat.archfixture.rest;

/** Breaks no rule. */
public record RestAdapter() {}
