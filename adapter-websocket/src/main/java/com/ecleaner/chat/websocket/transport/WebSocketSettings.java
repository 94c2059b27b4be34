package com.ecleaner.chat.websocket.transport;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * The bounds of a {@link WebSocketStack}.
 *
 * @param maxMessageBytes what a message may take, all its fragments together; beyond it 1009
 * @param maxFragments how many fragments a message may come in; beyond it 1009
 * @param maxQueueBytes what may wait to be sent on one connection; beyond it 4413
 * @param heartbeat after so long without a frame a connection is sent a ping, after twice as long
 *     it is closed with 4408
 * @param closeTimeout how long a closing connection may take to send what is queued and to receive
 *     the peer's close frame
 * @param binaryAllowed whether binary messages are heard; if not, as in the chat, they close with
 *     1003. They are there so that all of the Autobahn suite can be played against this very stack
 * @param paths which paths have a WebSocket, by {@link Handshake#segments}; others get 404
 * @param gate decides on each handshake
 */
public record WebSocketSettings(
        int maxMessageBytes,
        int maxFragments,
        int maxQueueBytes,
        Duration heartbeat,
        Duration closeTimeout,
        boolean binaryAllowed,
        Predicate<List<String>> paths,
        HandshakeGate gate) {

    /**
     * 128 KiB in at most 1,024 fragments, a queue of 4 MiB, a heartbeat of 25 s, 5 s to close, text
     * only, everything below {@code /ws}, same origin.
     */
    public static WebSocketSettings defaults() {
        return new WebSocketSettings(
                128 * 1024,
                1_024,
                4 * 1024 * 1024,
                Duration.ofSeconds(25),
                Duration.ofSeconds(5),
                false,
                segments -> !segments.isEmpty() && segments.getFirst().equals("ws"),
                AllowedOrigins.same());
    }

    /** Checks the bounds. */
    public WebSocketSettings {
        if (maxMessageBytes < 1 || maxFragments < 1 || maxQueueBytes < 1) {
            throw new IllegalArgumentException("a bound below 1");
        }
        if (!heartbeat.isPositive() || !closeTimeout.isPositive()) {
            throw new IllegalArgumentException("a duration that is not positive");
        }
    }

    /** With another bound for a message and its fragments. */
    public WebSocketSettings withMaxMessage(int bytes, int fragments) {
        return new WebSocketSettings(
                bytes,
                fragments,
                maxQueueBytes,
                heartbeat,
                closeTimeout,
                binaryAllowed,
                paths,
                gate);
    }

    /** With another bound for what waits to be sent. */
    public WebSocketSettings withMaxQueueBytes(int bytes) {
        return new WebSocketSettings(
                maxMessageBytes,
                maxFragments,
                bytes,
                heartbeat,
                closeTimeout,
                binaryAllowed,
                paths,
                gate);
    }

    /** With other times. */
    public WebSocketSettings withTimes(Duration newHeartbeat, Duration newCloseTimeout) {
        return new WebSocketSettings(
                maxMessageBytes,
                maxFragments,
                maxQueueBytes,
                newHeartbeat,
                newCloseTimeout,
                binaryAllowed,
                paths,
                gate);
    }

    /** With binary messages heard. */
    public WebSocketSettings withBinary() {
        return new WebSocketSettings(
                maxMessageBytes,
                maxFragments,
                maxQueueBytes,
                heartbeat,
                closeTimeout,
                true,
                paths,
                gate);
    }

    /** With other paths. */
    public WebSocketSettings withPaths(Predicate<List<String>> newPaths) {
        return new WebSocketSettings(
                maxMessageBytes,
                maxFragments,
                maxQueueBytes,
                heartbeat,
                closeTimeout,
                binaryAllowed,
                newPaths,
                gate);
    }

    /** With another gate. */
    public WebSocketSettings withGate(HandshakeGate newGate) {
        return new WebSocketSettings(
                maxMessageBytes,
                maxFragments,
                maxQueueBytes,
                heartbeat,
                closeTimeout,
                binaryAllowed,
                paths,
                newGate);
    }
}
