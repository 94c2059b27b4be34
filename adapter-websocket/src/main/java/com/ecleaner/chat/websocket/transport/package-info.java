/**
 * WebSocket connections on a Grizzly port: handshake, frames, bounded queues, heartbeats, closing.
 *
 * <p>Tyrus speaks the protocol. Around it stand what it lacks: a guard that reads every frame
 * header before Tyrus does, a queue for each connection that is bounded in bytes and writes
 * together what waits together, and reading that can be paused. Nothing here knows the chat: no
 * JSON, no users, no rooms. Grizzly and Tyrus types end here.
 */
@NullMarked
package com.ecleaner.chat.websocket.transport;

import org.jspecify.annotations.NullMarked;
