package com.ecleaner.chat.websocket;

import com.ecleaner.chat.domain.Refusal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What all connections of a {@link ChatSockets} did since its start. Thread-safe. */
public final class SocketCounts {
    private final LongAdder deliveries = new LongAdder();
    private final Map<String, LongAdder> refused = new LinkedHashMap<>();

    SocketCounts() {
        for (String code : codes()) {
            refused.put(code, new LongAdder());
        }
    }

    /** Every code that a refused frame may be answered with. */
    public static List<String> codes() {
        List<String> codes = new ArrayList<>(List.of("bad_frame", "unknown_type"));
        for (Refusal.Code code : Refusal.Code.values()) {
            codes.add(code.wireName());
        }
        return codes;
    }

    /** What the hub told connections: one change told to ten of them counts ten. */
    public long deliveries() {
        return deliveries.sum();
    }

    /** Frames that were refused with that code. */
    public long refused(String code) {
        LongAdder count = refused.get(code);
        return count == null ? 0 : count.sum();
    }

    void delivered() {
        deliveries.increment();
    }

    void refuse(String code) {
        LongAdder count = refused.get(code);
        if (count != null) {
            count.increment();
        }
    }
}
