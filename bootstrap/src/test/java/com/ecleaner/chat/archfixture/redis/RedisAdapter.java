package com.ecleaner.chat.archfixture.redis;

/** Breaks no rule. */
public record RedisAdapter() {}
