package com.ecleaner.chat.rest;

import org.glassfish.grizzly.http.server.Response;
import org.glassfish.jersey.server.ContainerException;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.spi.ContainerResponseWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Jersey's answer on its way into a Grizzly response, which is through with it when Jersey is. Used
 * by one thread.
 */
final class JerseyAnswer implements ContainerResponseWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JerseyAnswer.class);

    private final Response response;
    private final Duration wait;
    private boolean ended;

    /**
     * Begins with nothing written.
     *
     * @param wait for the asker to take the next bytes, and for all beyond the slowest pace
     */
    JerseyAnswer(Response response, Duration wait) {
        this.response = response;
        this.wait = wait;
    }

    @Override
    public OutputStream writeResponseStatusAndHeaders(long length, ContainerResponse answer)
            throws ContainerException {
        closeBehindUnreadBody();
        var status = answer.getStatusInfo();
        response.setStatus(status.getStatusCode(), status.getReasonPhrase());
        response.setContentLengthLong(length);
        answer.getStringHeaders()
                .forEach(
                        (name, values) -> values.forEach(value -> response.addHeader(name, value)));
        return new AnswerOutput(
                response.getOutputStream(), response.getRequest().getConnection(), wait);
    }

    /** What follows on this connection would be the rest of it; said with the answer's headers. */
    private void closeBehindUnreadBody() {
        if (!response.getRequest().getInputBuffer().isFinished()) {
            RestHandler.closeAfter(response);
        }
    }

    /** The response is suspended already, and a resource takes as long as its use case does. */
    @Override
    public boolean suspend(long time, TimeUnit unit, TimeoutHandler handler) {
        return true;
    }

    @Override
    public void setSuspendTimeout(long time, TimeUnit unit) {
        throw new IllegalStateException("resources answer when they return");
    }

    @Override
    public void commit() {
        ended = true;
    }

    @Override
    public void failure(Throwable error) {
        if (error instanceof IOException || error.getCause() instanceof IOException) {
            LOG.debug("An answer did not reach its asker", error);
            fail(Problem.unavailable("the answer could not be written"));
        } else {
            fail(Problems.unexpected(error));
        }
    }

    /** Answers with the problem, or where an answer has begun, lets it end in the middle. */
    void fail(Problem problem) {
        if (ended) {
            return;
        }
        try {
            if (response.isCommitted()) {
                response.getRequest().getConnection().closeSilently();
            } else {
                response.getOutputBuffer().reset();
                closeBehindUnreadBody();
                RestHandler.write(response, problem);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("Nobody there to be told", e);
        }
        ended = true;
    }

    @Override
    public boolean enableResponseBuffering() {
        return true;
    }
}
