package com.ecleaner.chat.archfixture.websocket;

/** Breaks no rule. */
public record WebSocketAdapter() {}
