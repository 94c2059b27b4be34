package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.limits.Gate;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.domain.port.Presence;

import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpHandlerRegistration;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.ServerConfiguration;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;

import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The REST door as a whole, for the wiring to put on an HTTP server. Works with any I/O strategy:
 * requests leave the server's threads at once. Thread-safe.
 */
public final class RestApi {
    private final RestHandler handler;

    /**
     * Builds the door.
     *
     * @param presence who is connected, for rooms' participants
     * @param ready whether this process serves: not draining, its database there; may block
     * @param allowedOrigins whether a page of that origin (scheme, host, port) may read answers;
     *     one's own origin need not be among them
     * @param operators what whoever runs this gets
     */
    public RestApi(
            Chat chat,
            Doorkeeper doorkeeper,
            Presence presence,
            BooleanSupplier ready,
            Predicate<String> allowedOrigins,
            Operators operators) {
        this(
                chat,
                doorkeeper,
                presence,
                ready,
                allowedOrigins,
                operators,
                RestHandler.Limits.DEFAULT);
    }

    RestApi(
            Chat chat,
            Doorkeeper doorkeeper,
            Presence presence,
            BooleanSupplier ready,
            Predicate<String> allowedOrigins,
            Operators operators,
            RestHandler.Limits limits) {
        ResourceConfig resources =
                new ResourceConfig()
                        .register(
                                new SignInFilter(
                                        doorkeeper,
                                        operators.access(),
                                        new Gate(
                                                limits.running() + limits.files(),
                                                limits.runningOfOne(),
                                                "requests")))
                        .register(new AnswerHeaders())
                        .register(new Watching(operators.watch()))
                        .register(new Problems())
                        .register(new RoomsResource(chat, presence))
                        .register(new MessagesResource(chat))
                        .register(new SearchResource(chat))
                        .register(
                                new AttachmentsResource(
                                        chat,
                                        new Gate(limits.files(), limits.filesOfOne(), "downloads")))
                        .register(new PlatformResource(chat))
                        .register(new TicketsResource(doorkeeper))
                        .register(new HealthResource(ready))
                        // What is here is named here: nothing comes by lying on the class path.
                        .property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true)
                        .property(ServerProperties.WADL_FEATURE_DISABLE, true)
                        .property(
                                ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED,
                                true);
        if (!(operators.access() instanceof Operators.Access.Nobody)) {
            resources.register(new OperatorsResource(operators));
        }
        this.handler =
                new RestHandler(
                        new ApplicationHandler(resources),
                        new Cors(allowedOrigins),
                        limits,
                        operators.watch(),
                        chat.uploadFile().maxBytes());
    }

    /** To be mounted where the wiring likes; it expects the whole address, so at the root. */
    public HttpHandler handler() {
        return handler;
    }

    /**
     * Mounts it at the root of a server that has its listeners and is not started yet, below
     * whatever is mounted at longer paths, and lets the server hand on what would otherwise be
     * answered out of style.
     */
    public void install(HttpServer server) {
        ServerConfiguration configuration = server.getServerConfiguration();
        configuration.addHttpHandler(handler, HttpHandlerRegistration.ROOT);
        configuration.setPassTraceRequest(true);
        configuration.setMaxPayloadRemainderToSkip(RestHandler.MAX_BODY);
        server.getHttpHandler().setAllowEncodedSlash(true);
        server.getListeners()
                .forEach(listener -> listener.registerAddOn(new WebSocketIsTheOnlyUpgrade()));
    }
}
