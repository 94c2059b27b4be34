/**
 * Live connections: who is connected, which rooms each of them follows, and how every change of a
 * room reaches each connection once, in order, without a hole.
 *
 * <p>Knows rooms and events, not sockets and JSON: a door implements {@link
 * com.ecleaner.chat.application.live.Listener} and turns notices into its own bytes, once for all
 * receivers. Nothing here is the record; whatever is missed is fetched from the log again.
 */
@NullMarked
package com.ecleaner.chat.application.live;

import org.jspecify.annotations.NullMarked;
