package com.ecleaner.chat.rest;

import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpCodecFilter;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.server.AddOn;
import org.glassfish.grizzly.http.server.NetworkListener;

/**
 * Lets an {@code Upgrade} to anything but WebSocket be the wish it is (RFC 9110 7.8). Grizzly takes
 * any such header for the end of HTTP on the connection: it forgets Content-Length and
 * Transfer-Encoding, and the body never ends. Java's own HTTP client sends {@code Upgrade: h2c}
 * with its first request, so this concerns honest people too.
 */
final class WebSocketIsTheOnlyUpgrade implements AddOn {
    @Override
    public void setup(NetworkListener listener, FilterChainBuilder filters) {
        filters.add(filters.indexOfType(HttpCodecFilter.class) + 1, new Reading());
    }

    private static final class Reading extends BaseFilter {
        @Override
        public NextAction handleEvent(FilterChainContext context, FilterChainEvent event) {
            if (event instanceof HttpEvents.IncomingHttpUpgradeEvent upgrade) {
                HttpHeader header = upgrade.getHttpHeader();
                if (!header.getUpgradeDC().equalsIgnoreCase("websocket")) {
                    header.setIgnoreContentModifiers(false);
                    header.getUpgradeDC().recycle();
                }
            }
            return context.getInvokeAction();
        }
    }
}
