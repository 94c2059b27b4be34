package com.ecleaner.chat.websocket.transport;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asked for when it opened a connection.
 *
 * @param segments the path's parts, percent-decoded one by one: {@code /ws/chat/a%2Fb/} is {@code
 *     ws, chat, a/b}; a trailing slash makes no difference
 * @param query the query's parameters, decoded, in the order given
 * @param host the Host header
 * @param origin the Origin header; absent when the client is no browser
 * @param authorization the Authorization header
 * @param remote the peer's address, or the proxy's
 */
public record Handshake(
        List<String> segments,
        Map<String, List<String>> query,
        String host,
        Optional<String> origin,
        Optional<String> authorization,
        InetSocketAddress remote) {

    /** Copies the collections. */
    public Handshake {
        segments = List.copyOf(segments);
        query = Map.copyOf(query);
    }

    /** The first value of a parameter. */
    public Optional<String> parameter(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Without query and Authorization: tokens don't belong in a log. */
    @Override
    public String toString() {
        return "/" + String.join("/", segments) + " from " + remote;
    }
}
