package com.ecleaner.chat.domain.view;

import java.time.Instant;

/**
 * What a message said before it was edited.
 *
 * @param version the room's, when it came to say this: earlier contents are in this order
 * @param saidAt when that was, to the millisecond
 */
public record Earlier(long version, String content, Instant saidAt) {}
