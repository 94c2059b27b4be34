package com.ecleaner.chat.websocket.transport;

import jakarta.websocket.server.HandshakeRequest;

import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sits before the HTTP handlers and takes the requests that ask for a WebSocket. What RFC 6455,
 * section 4.2 requires of them is checked here, because Tyrus does not see the method and breaks
 * off on a URI it can't parse. Every other request passes by.
 */
final class UpgradeFilter extends BaseFilter {

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private final WebSocketStack stack;

    UpgradeFilter(WebSocketStack stack) {
        this.stack = stack;
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        HttpContent content = ctx.getMessage();
        if (!(content.getHttpHeader() instanceof HttpRequestPacket request)
                || !"websocket".equalsIgnoreCase(request.getUpgrade())) {
            return ctx.getInvokeAction();
        }
        try {
            upgrade(ctx, request, content);
        } catch (Refused refused) {
            refuse(ctx, request, refused);
        }
        content.recycle();
        return ctx.getStopAction();
    }

    private void upgrade(FilterChainContext ctx, HttpRequestPacket request, HttpContent content)
            throws Refused {
        var tcp = (NIOConnection) ctx.getConnection();
        var handshake = handshake(request, (InetSocketAddress) tcp.getPeerAddress());
        var connection = stack.connection(tcp);
        var headers = new HashMap<String, String>();
        for (var name : TyrusBridge.headers()) {
            headers.put(name, String.valueOf(request.getHeader(name)));
        }
        var response = new TyrusUpgradeResponse();
        var upgrade =
                stack.tyrus()
                        .upgrade(
                                TyrusBridge.request(connection, headers, request.isSecure()),
                                response);
        if (upgrade.getStatus() != WebSocketEngine.UpgradeStatus.SUCCESS) {
            throw new Refused(400, "Bad Request");
        }
        var packet = response(request, response.getStatus(), response.getReasonPhrase());
        response.getHeaders().forEach((name, values) -> packet.setHeader(name, values.getFirst()));
        ctx.write(HttpContent.builder(packet).build());
        // Sent before our answer: against the RFC, but lost if not passed on.
        var early = ByteBuffer.allocate(content.getContent().remaining());
        content.getContent().get(early);
        stack.takeOver(ctx, connection);
        if (!connection.isOpen()) {
            return;
        }
        connection.start(
                upgrade.createConnection(connection.writer(), reason -> {}),
                stack.acceptor(),
                handshake);
        connection.received(early.flip());
    }

    private static void refuse(FilterChainContext ctx, HttpRequestPacket request, Refused refused) {
        var packet = response(request, refused.status, refused.phrase);
        refused.headers.forEach(packet::setHeader);
        packet.setHeader(Header.Connection, "close");
        packet.setContentLength(0);
        ctx.write(HttpContent.builder(packet).last(true).build());
        ctx.getConnection().closeSilently();
    }

    private static HttpResponsePacket response(
            HttpRequestPacket request, int status, String phrase) {
        var packet = request.getResponse();
        packet.setProtocol(Protocol.HTTP_1_1);
        packet.setStatus(status);
        packet.setReasonPhrase(phrase);
        return packet;
    }

    private Handshake handshake(HttpRequestPacket request, InetSocketAddress remote)
            throws Refused {
        var segments = segments(request.getRequestURI());
        if (!stack.settings().paths().test(segments)) {
            throw new Refused(404, "Not Found");
        }
        if (request.getMethod() != Method.GET) {
            throw new Refused(405, "Method Not Allowed", Map.of("Allow", "GET"));
        }
        if (request.getProtocol() != Protocol.HTTP_1_1) {
            throw new Refused(400, "Bad Request");
        }
        if (!VERSION.equals(only(request, HandshakeRequest.SEC_WEBSOCKET_VERSION))) {
            throw new Refused(
                    426,
                    "Upgrade Required",
                    Map.of(
                            HandshakeRequest.SEC_WEBSOCKET_VERSION,
                            VERSION,
                            UpgradeRequest.UPGRADE,
                            UpgradeRequest.WEBSOCKET));
        }
        var host = only(request, UpgradeRequest.HOST);
        if (host == null
                || !asksForUpgrade(request)
                || !isKey(only(request, HandshakeRequest.SEC_WEBSOCKET_KEY))
                || request.getContentLength() > 0
                || request.isChunked()) {
            throw new Refused(400, "Bad Request");
        }
        return new Handshake(
                segments,
                query(request.getQueryString()),
                host,
                Optional.ofNullable(only(request, UpgradeRequest.ORIGIN_HEADER)),
                Optional.ofNullable(only(request, Header.Authorization.toString())),
                remote);
    }

    /** The value of a header that may come once; twice is an attempt to be read in two ways. */
    private static @Nullable String only(HttpRequestPacket request, String name) throws Refused {
        String found = null;
        for (var value : request.getHeaders().values(name)) {
            if (found != null) {
                throw new Refused(400, "Bad Request");
            }
            found = value.trim();
        }
        return found;
    }

    private static boolean asksForUpgrade(HttpRequestPacket request) {
        for (var value : request.getHeaders().values(Header.Connection)) {
            if (Arrays.stream(value.split(",", -1))
                    .anyMatch(token -> token.trim().equalsIgnoreCase(UpgradeRequest.UPGRADE))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> segments(String path) throws Refused {
        var segments = new ArrayList<String>();
        for (var part : path.split("/", -1)) {
            segments.add(decoded(part, false));
        }
        if (segments.size() > 1 && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments.subList(1, segments.size());
    }

    private static Map<String, List<String>> query(@Nullable String query) throws Refused {
        var parameters = new LinkedHashMap<String, List<String>>();
        if (query != null && !query.isEmpty()) {
            for (var pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters
                        .computeIfAbsent(decoded(name, true), n -> new ArrayList<>())
                        .add(decoded(value, true));
            }
        }
        return parameters;
    }

    /** Percent-decoded, strictly: escapes are complete, and their bytes are UTF-8. */
    private static String decoded(String text, boolean form) throws Refused {
        if (text.indexOf('%') < 0 && !(form && text.indexOf('+') >= 0)) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
                if (low < 0) {
                    throw new Refused(400, "Bad Request");
                }
                bytes.write((high << 4) | low);
                i += 2;
            } else {
                bytes.write(form && c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refused(400, "Bad Request");
        }
    }

    /** Answered with a status: there is no WebSocket to be had by this request. */
    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String phrase;
        private final transient Map<String, String> headers;

        Refused(int status, String phrase) {
            this(status, phrase, Map.of());
        }

        Refused(int status, String phrase, Map<String, String> headers) {
            super(phrase, null, false, false);
            this.status = status;
            this.phrase = phrase;
            this.headers = headers;
        }
    }
}
