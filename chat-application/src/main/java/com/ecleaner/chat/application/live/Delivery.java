package com.ecleaner.chat.application.live;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * One notice on its way to any number of connections. It becomes bytes once, however many receive
 * it. Thread-safe.
 */
public final class Delivery {
    private final Notice notice;
    private volatile @Nullable Object encoded;

    public Delivery(Notice notice) {
        this.notice = notice;
    }

    public Notice notice() {
        return notice;
    }

    /**
     * What {@code encoder} makes of the notice, made by the first who asks. All doors of a hub
     * share one encoder: whatever the first made is what everybody gets.
     */
    @SuppressWarnings("unchecked")
    public <T> T encoded(Function<Notice, T> encoder) {
        Object made = encoded;
        if (made == null) {
            made = encoder.apply(notice);
            encoded = made;
        }
        return (T) made;
    }
}
