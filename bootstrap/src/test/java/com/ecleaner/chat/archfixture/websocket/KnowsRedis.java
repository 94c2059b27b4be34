package com.ecleaner.chat.archfixture.websocket;

import com.ecleaner.chat.archfixture.redis.RedisAdapter;

/** Wrong: no adapter knows another. The four of these make a cycle as well. */
public record KnowsRedis(RedisAdapter other) {}
