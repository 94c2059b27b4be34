package com.ecleaner.chat.bootstrap.settings;

/**
 * How much one user may send.
 *
 * @param perSecond messages a second that are always welcome, 1 and up
 * @param burst messages that may come at once after silence, 1 and up
 */
public record RateLimit(int perSecond, int burst) {}
