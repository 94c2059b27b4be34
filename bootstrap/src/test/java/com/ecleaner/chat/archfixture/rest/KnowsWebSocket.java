package com.ecleaner.chat.archfixture.rest;

import com.ecleaner.chat.archfixture.websocket.WebSocketAdapter;

/** Wrong: no adapter knows another. The four of these make a cycle as well. */
public record KnowsWebSocket(WebSocketAdapter other) {}
