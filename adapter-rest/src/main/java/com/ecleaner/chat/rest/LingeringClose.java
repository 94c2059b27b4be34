package com.ecleaner.chat.rest;

import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose sender is not through with a body that nobody wants any more. A
 * server that closes with bytes unread resets the line, and the sender sees that rather than the
 * answer (RFC 9112, 9.6); so the answer leaves, and what still comes is read and dropped for a
 * moment.
 */
final class LingeringClose {
    private static final Logger LOG = LoggerFactory.getLogger(LingeringClose.class);

    /** For whom is still sending; nobody else waits for it. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private LingeringClose() {}

    /**
     * Sends what is written of the answer, then blocks until the body ends, its sender is gone, the
     * moment is over, or as many bytes came as a body may have. The connection closes when the
     * request is through.
     */
    static void after(Request request, Response response, long maxBytes) {
        long end = System.nanoTime() + MOMENT.toNanos();
        byte[] piece = new byte[16 * 1024];
        long unwanted = 0;
        try {
            response.flush();
            InputStream in = request.getInputStream();
            Connection<?> line = request.getContext().getConnection();
            while (unwanted <= maxBytes) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                line.setReadTimeout(left, TimeUnit.NANOSECONDS);
                int more = in.read(piece);
                if (more < 0) {
                    return;
                }
                unwanted += more;
            }
        } catch (IOException e) {
            LOG.debug("Nobody there to be told", e);
        } finally {
            now(request);
        }
    }

    /** Has Grizzly close behind the answer; it would wait for the body's rest, for good. */
    static void now(Request request) {
        request.getRequest().setContentBroken(true);
    }
}
