package com.ecleaner.chat.websocket.transport;

/**
 * One open WebSocket connection. Every method may be called from any thread, returns at once and
 * never blocks.
 */
public interface Socket {

    /**
     * Queues a frame. Frames of one thread leave in the order of its calls; those that wait leave
     * together in one write. If the queue passes its bound, the connection is closed with {@link
     * Closing#SLOW_CONSUMER} and its queue dropped.
     *
     * @return whether it was queued: {@code false} once closing began, for whatever reason
     */
    boolean send(Frame frame);

    /** Queues a text frame of its own; use {@link #send(Frame)} where several get the same. */
    default boolean send(byte[] utf8) {
        return send(Frame.text(utf8));
    }

    /**
     * Closes: what is queued goes first, then the close frame, then the TCP connection after the
     * peer's close frame or a bounded time. The listener hears of it on the connection's own
     * thread, after this call. Does nothing once closing began.
     */
    void close(Closing closing);

    /** Closes with a code and a reason, see {@link #close(Closing)}. */
    default void close(int code, String reason) {
        close(new Closing(code, reason));
    }

    /**
     * Stops reading after the frame at hand: TCP then holds back the peer. What was read already
     * (one read, see {@link WebSocketSettings}) waits; nothing of it reaches the listener.
     */
    void pauseReading();

    /** Reads on after {@link #pauseReading}. */
    void resumeReading();

    /** Sends a ping; the pong counts as a sign of life. The heartbeat does so by itself. */
    void ping();

    /** What waits to be sent or is being sent, in bytes. */
    long pendingBytes();

    /** Whether closing has not begun. */
    boolean isOpen();
}
