package com.ecleaner.chat.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/**
 * A platform's own pages, on an origin of their own: whoever opens {@code /25} is user 25, and
 * finds the two lines that put the widget on a page.
 */
final class ForeignPages implements AutoCloseable {
    private final HttpServer server;
    private volatile String chat = "";
    private volatile UnaryOperator<String> tokens = user -> "";

    ForeignPages() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::page);
        server.createContext("/chat-token/", this::token);
        server.start();
    }

    /** Their origin. */
    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The address of a user's page. */
    String of(String user) {
        return origin() + "/" + user;
    }

    /**
     * Puts a chat on the pages.
     *
     * @param address the chat server's
     * @param tokens a user's token
     */
    void show(String address, UnaryOperator<String> tokens) {
        this.chat = address;
        this.tokens = tokens;
    }

    private void page(HttpExchange exchange) throws IOException {
        String user = exchange.getRequestURI().getPath().substring(1);
        answer(
                exchange,
                "text/html",
                """
                <!doctype html>
                <html lang="en">
                <title>A platform's own page</title>
                <link rel="icon" href="data:,">
                <script type="module" src="%s/widget/chat.js"></script>
                <main><h1>Jobs</h1><chat-badge token-url="/chat-token/%s"></chat-badge></main>
                """
                        .formatted(chat, user));
    }

    private void token(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String token = tokens.apply(path.substring(path.lastIndexOf('/') + 1));
        answer(exchange, "application/json", "{\"token\":\"" + token + "\"}");
    }

    private static void answer(HttpExchange exchange, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
