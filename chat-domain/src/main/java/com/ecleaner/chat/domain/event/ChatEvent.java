package com.ecleaner.chat.domain.event;

/**
 * Something happened that people who are connected want to see.
 *
 * <p>Events travel over a bus that may lose and disorder them. The record is the message log: what
 * matters for ever is a {@link RoomEvent} and can be found there again by its version; the rest is
 * {@link Passing}.
 */
public sealed interface ChatEvent permits RoomEvent, Passing {}
