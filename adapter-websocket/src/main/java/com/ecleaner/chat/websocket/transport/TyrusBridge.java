package com.ecleaner.chat.websocket.transport;

import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;

import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Tyrus, with one endpoint that passes on to {@link WebSocketConnection}.
 *
 * <p>Tyrus sees of a request what the protocol needs and no more: neither the query with its token
 * nor an offered extension reaches it.
 */
final class TyrusBridge {

    private static final String PATH = "/ws";

    private static final List<String> HEADERS =
            List.of(
                    UpgradeRequest.HOST,
                    UpgradeRequest.UPGRADE,
                    UpgradeRequest.CONNECTION,
                    HandshakeRequest.SEC_WEBSOCKET_KEY,
                    HandshakeRequest.SEC_WEBSOCKET_VERSION);

    private final Container container = new Container();

    TyrusBridge(boolean binaryAllowed) {
        try {
            // Tyrus would schedule an idle timeout for every message; the heartbeat does that.
            container.setDefaultMaxSessionIdleTimeout(-1);
            container.addEndpoint(
                    ServerEndpointConfig.Builder.create(BridgeEndpoint.class, PATH)
                            .configurator(new Configurator(new BridgeEndpoint(binaryAllowed)))
                            .build());
            container.start("", 0);
        } catch (DeploymentException | IOException e) {
            throw new IllegalStateException("Tyrus did not start", e);
        }
    }

    /** A request as Tyrus wants it; {@code connection} comes out at the session's opening. */
    static UpgradeRequest request(
            WebSocketConnection connection, Map<String, String> headers, boolean secure) {
        var request =
                RequestContext.Builder.create()
                        .requestURI(URI.create(PATH))
                        .httpSession(connection)
                        .secure(secure)
                        .build();
        for (var name : HEADERS) {
            var value = headers.get(name);
            if (value != null) {
                request.getHeaders().put(name, List.of(value));
            }
        }
        return request;
    }

    static List<String> headers() {
        return HEADERS;
    }

    WebSocketEngine.UpgradeInfo upgrade(UpgradeRequest request, UpgradeResponse response) {
        return container.getWebSocketEngine().upgrade(request, response);
    }

    void stop() {
        container.stop();
    }

    private static final class Container extends TyrusServerContainer {

        private final WebSocketEngine engine = TyrusWebSocketEngine.builder(this).build();

        Container() {
            super(Set.of());
        }

        @Override
        public void register(Class<?> endpoint) throws DeploymentException {
            engine.register(endpoint, "");
        }

        @Override
        public void register(ServerEndpointConfig endpoint) throws DeploymentException {
            engine.register(endpoint, "");
        }

        @Override
        public WebSocketEngine getWebSocketEngine() {
            return engine;
        }

        @Override
        public Map<String, Object> getProperties() {
            return Map.of();
        }
    }

    /** Takes the connection from the request to the session. */
    private static final class Configurator extends ServerEndpointConfig.Configurator {

        private final BridgeEndpoint endpoint;

        Configurator(BridgeEndpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(endpoint);
        }

        @Override
        public void modifyHandshake(
                ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            config.getUserProperties().put(BridgeEndpoint.CONNECTION, request.getHttpSession());
        }
    }

    /** One for all sessions: the state is the connection's. Public because Tyrus reflects on it. */
    public static final class BridgeEndpoint extends Endpoint {

        static final String CONNECTION = WebSocketConnection.class.getName();

        private final boolean binaryAllowed;

        BridgeEndpoint(boolean binaryAllowed) {
            this.binaryAllowed = binaryAllowed;
        }

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            var connection = connection(session);
            connection.sessionOpened(session);
            // In parts, so that Tyrus does not collect them: its buffers outlive the message.
            session.addMessageHandler(
                    String.class, (MessageHandler.Partial<String>) connection::textPart);
            if (binaryAllowed) {
                session.addMessageHandler(
                        byte[].class, (MessageHandler.Partial<byte[]>) connection::binaryPart);
            }
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            connection(session).sessionClosed(reason.getCloseCode().getCode());
        }

        @Override
        public void onError(Session session, Throwable fault) {
            connection(session).failed(fault);
        }

        private static WebSocketConnection connection(Session session) {
            return (WebSocketConnection)
                    Objects.requireNonNull(session.getUserProperties().get(CONNECTION));
        }
    }
}
