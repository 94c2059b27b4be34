package com.ecleaner.chat.rest;

import java.util.function.Supplier;

/**
 * What operators get, and which of them.
 *
 * @param access who may ask for metrics and documents
 * @param metrics in Prometheus' text format 0.0.4; asked on each request, may block
 * @param sockets the WebSocket's contract, an AsyncAPI document in JSON
 * @param watch hears of every request
 */
public record Operators(
        Access access, Supplier<String> metrics, Supplier<byte[]> sockets, RequestWatch watch) {
    /** Metrics and documents are not there, and nobody watches. */
    public static final Operators NONE =
            new Operators(
                    new Access.Nobody(), () -> "", () -> new byte[] {'{', '}'}, RequestWatch.NONE);

    /** Who may ask; whether the process lives and is ready is told to everybody in any case. */
    public sealed interface Access {
        /** Whoever reaches the port. */
        record Everybody() implements Access {}

        /** Nobody: the addresses do not exist. */
        record Nobody() implements Access {}

        /** Whoever sends this as a Bearer token. */
        record Holder(String secret) implements Access {
            @Override
            public String toString() {
                return "Holder[***]";
            }
        }
    }
}
