package com.ecleaner.chat.websocket.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What went through all connections of a {@link WebSocketStack} since its start. Thread-safe. */
public final class Traffic {
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final Map<Integer, LongAdder> closed = new ConcurrentHashMap<>();

    Traffic() {}

    /** Messages that were received whole. */
    public long in() {
        return in.sum();
    }

    /** Frames that were handed to the network, pings and the like included. */
    public long out() {
        return out.sum();
    }

    /**
     * Connections that this side closed with that code. What peers close with is their business.
     */
    public long closed(int code) {
        LongAdder count = closed.get(code);
        return count == null ? 0 : count.sum();
    }

    void received() {
        in.increment();
    }

    void sent(int frames) {
        out.add(frames);
    }

    void closing(Closing closing) {
        closed.computeIfAbsent(closing.code(), code -> new LongAdder()).increment();
    }
}
