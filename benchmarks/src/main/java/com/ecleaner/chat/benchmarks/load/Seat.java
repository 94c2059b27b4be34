package com.ecleaner.chat.benchmarks.load;

import java.util.List;

/**
 * What one connection is to be.
 *
 * @param address the path and query it connects to
 * @param messages what it sends, in turn; empty for one that only listens
 */
public record Seat(String address, List<Template> messages) {
    public Seat {
        messages = List.copyOf(messages);
    }
}
