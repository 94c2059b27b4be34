package com.ecleaner.chat.websocket.transport;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.nio.NIOConnection;

import java.io.IOException;

/**
 * The last filter of a connection that has been upgraded: takes bytes to its {@link
 * WebSocketConnection}. The HTTP filters are not in its chain any more.
 */
final class FramesFilter extends BaseFilter {

    private static final Attribute<WebSocketConnection> CONNECTION =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(WebSocketConnection.class.getName());

    private final WebSocketStack stack;

    FramesFilter(WebSocketStack stack) {
        this.stack = stack;
    }

    static void attach(NIOConnection tcp, WebSocketConnection connection) {
        CONNECTION.set(tcp, connection);
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        Buffer buffer = ctx.getMessage();
        CONNECTION.get(ctx.getConnection()).received(buffer.toByteBuffer());
        buffer.tryDispose();
        return ctx.getStopAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext ctx) throws IOException {
        stack.closed(ctx);
        return ctx.getStopAction();
    }
}
