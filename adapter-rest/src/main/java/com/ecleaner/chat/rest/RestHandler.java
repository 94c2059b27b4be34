package com.ecleaner.chat.rest;

import jakarta.ws.rs.core.SecurityContext;

import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.ProcessingState;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.RequestExecutorProvider;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Takes requests off the threads that move bytes: on a virtual thread a body is awaited, whole,
 * bounded in size and time; then Jersey runs, which may block. An upload's body is read by its
 * resource, as it comes. All this is bounded in number too, and answered with 503 beyond.
 */
final class RestHandler extends HttpHandler {
    /** The largest body of a JSON request, in bytes. */
    static final int MAX_BODY = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RestHandler.class);

    /** The host is of no interest: no answer holds an absolute address. */
    private static final URI BASE = URI.create("http://localhost/");

    private static final String FILES = "/chat/attachments";

    /** Whoever asks how it is must get an answer when it is busiest. */
    private static final Set<String> UNCOUNTED =
            Set.of(
                    "/health/live",
                    "/health/live/",
                    "/health/ready",
                    "/health/ready/",
                    "/metrics",
                    "/metrics/");

    private static final Duration EARLY = Duration.ofMillis(100);

    private final ApplicationHandler jersey;
    private final Cors cors;
    private final Limits limits;
    private final RequestWatch watch;
    private final Semaphore running;
    private final Semaphore arriving;
    private final Semaphore refused;
    private final Semaphore files;
    private final long maxUpload;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rest-", 0).factory());

    /**
     * How much is taken on at once.
     *
     * @param running requests at work
     * @param arriving requests whose body is on its way; and as many again where it was refused
     * @param files uploads and downloads under way, which take as long as the line to their sender
     *     or receiver
     * @param runningOfOne requests of one user at work
     * @param filesOfOne downloads of one user under way; of their uploads there is a bound already
     * @param bodyTime how long a body may take to arrive; an upload, the next of its bytes
     * @param answerTime how long whoever asked may take for the next bytes of the answer
     */
    record Limits(
            int running,
            int arriving,
            int files,
            int runningOfOne,
            int filesOfOne,
            Duration bodyTime,
            Duration answerTime) {
        /**
         * A page over HTTP/2 asks for all its pictures at once, and a script for more: so many of
         * one user may be under way, and it still takes four users to take up what is there for
         * all.
         */
        static final Limits DEFAULT =
                new Limits(
                        1_000, 1_000, 256, 250, 64, Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    RestHandler(
            ApplicationHandler jersey, Cors cors, Limits limits, RequestWatch watch, long maxFile) {
        super("rest");
        this.jersey = jersey;
        this.cors = cors;
        this.limits = limits;
        this.watch = watch;
        this.running = new Semaphore(limits.running());
        this.arriving = new Semaphore(limits.arriving());
        this.refused = new Semaphore(limits.arriving());
        this.files = new Semaphore(limits.files());
        this.maxUpload = maxFile + MAX_BODY;
    }

    /** Where {@link #service} runs: never on the thread that read the headers. */
    @Override
    public RequestExecutorProvider getRequestExecutorProvider() {
        return request -> threads;
    }

    @Override
    public void service(Request request, Response response) throws IOException {
        cors.mark(request, response);
        if (Cors.isPreflight(request)) {
            AnswerHeaders.ALL.forEach(response::setHeader);
            Cors.answerPreflight(response);
            return;
        }
        Optional<Problem> problem = screen(request);
        if (problem.isPresent()) {
            refuse(request, response, problem.get());
            return;
        }
        if (request.getInputBuffer().isFinished()) {
            run(request, response, request.getInputStream());
            return;
        }
        if (isUpload(request)) {
            run(request, response, uploaded(request));
            return;
        }
        if (!arriving.tryAcquire()) {
            refuse(request, response, Problem.unavailable("too many requests are on their way"));
            return;
        }
        byte[] body;
        try {
            body = arrive(request);
        } catch (ProblemException e) {
            refuse(request, response, e.problem());
            return;
        } finally {
            arriving.release();
        }
        run(request, response, new ByteArrayInputStream(body));
    }

    private static boolean isUpload(Request request) {
        return Method.POST.equals(request.getMethod())
                && (request.getRequestURI().equals(FILES)
                        || request.getRequestURI().equals(FILES + "/"));
    }

    /** The body as it comes. */
    private UploadBody uploaded(Request request) {
        return new UploadBody(
                request.getInputStream(),
                request.getContext().getConnection(),
                maxUpload,
                limits.bodyTime());
    }

    /** Asks for the rest of a body only where it will be taken. */
    @Override
    protected boolean sendAcknowledgment(Request request, Response response) throws IOException {
        if (screen(request).isEmpty()) {
            return super.sendAcknowledgment(request, response);
        }
        cors.mark(request, response);
        answer(response, screen(request).orElseThrow());
        return false;
    }

    @Override
    public void destroy() {
        threads.shutdown();
        super.destroy();
    }

    /** What is refused before anybody is asked who they are. */
    private Optional<Problem> screen(Request request) {
        boolean encoded = request.getHeader(Header.TransferEncoding) != null;
        boolean measured = request.getHeader(Header.ContentLength) != null;
        if (encoded && (measured || !isChunked(request))) {
            // RFC 9112 6.1: what one server takes for a body, the next may take for a request.
            return Optional.of(Problem.badFrame("the body's length is not clear"));
        }
        if (request.getRequest().isUpgrade() && (encoded || request.getContentLengthLong() > 0)) {
            return Optional.of(Problem.badFrame("an upgrade has no body"));
        }
        long max = isUpload(request) ? maxUpload : MAX_BODY;
        if (request.getContentLengthLong() > max) {
            return Optional.of(tooLarge(max));
        }
        if (Method.TRACE.equals(request.getMethod())
                || Method.CONNECT.equals(request.getMethod())) {
            return Optional.of(Problem.of(405, "method_not_allowed", "not here"));
        }
        return Optional.empty();
    }

    /** Grizzly decodes whatever begins with "chunked", and leaves alone what only ends with it. */
    private static boolean isChunked(Request request) {
        Iterator<String> values = request.getHeaders(Header.TransferEncoding).iterator();
        return values.next().equalsIgnoreCase("chunked") && !values.hasNext();
    }

    private static Problem tooLarge(long max) {
        return Problem.of(413, "too_large", "a body may have " + max + " bytes");
    }

    /** Waits for the whole body, within its bounds, before anybody looks at any of it. */
    private byte[] arrive(Request request) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[4 * 1024];
        long deadline = System.nanoTime() + limits.bodyTime().toNanos();
        Connection<?> line = request.getContext().getConnection();
        try {
            InputStream in = request.getInputStream();
            while (true) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw tooLate();
                }
                line.setReadTimeout(left, TimeUnit.NANOSECONDS);
                int size = in.read(piece);
                if (size < 0) {
                    return body.toByteArray();
                }
                body.write(piece, 0, size);
                if (body.size() > MAX_BODY) {
                    throw new ProblemException(tooLarge(MAX_BODY));
                }
            }
        } catch (IOException e) {
            LOG.debug("A body broke off", e);
            // A wait that ran out says so a little before its time as often as after it.
            throw deadline - System.nanoTime() <= EARLY.toNanos()
                    ? tooLate()
                    : new ProblemException(Problem.badFrame("the body broke off"));
        }
    }

    private static ProblemException tooLate() {
        return new ProblemException(Problem.of(408, "timeout", "the body took too long to arrive"));
    }

    /** The body is here, or read as it comes, and the thread may block. */
    private void run(Request request, Response response, InputStream body) throws IOException {
        String path = request.getRequestURI();
        boolean counted = !UNCOUNTED.contains(path);
        Semaphore places = isOfFiles(path) ? files : running;
        if (counted && !places.tryAcquire()) {
            refuse(request, response, Problem.unavailable("too many requests at once"));
            return;
        }
        response.suspend();
        try {
            try {
                handle(request, response, body);
            } finally {
                if (counted) {
                    places.release();
                }
            }
            letHear(request, response);
        } finally {
            response.resume();
        }
    }

    private static boolean isOfFiles(String path) {
        return path.startsWith(FILES)
                && (path.length() == FILES.length() || path.charAt(FILES.length()) == '/');
    }

    private void handle(Request request, Response response, InputStream body) {
        JerseyAnswer answer = new JerseyAnswer(response, limits.answerTime());
        MapPropertiesDelegate properties = new MapPropertiesDelegate();
        try {
            ContainerRequest in =
                    new ContainerRequest(
                            BASE,
                            address(request),
                            request.getMethod().getMethodString(),
                            new Stranger(request.isSecure()),
                            properties,
                            jersey.getConfiguration());
            in.setProperty(Watching.BEGUN, System.nanoTime());
            in.setEntityStream(body);
            for (String name : request.getHeaderNames()) {
                in.headers(name, request.getHeaders(name));
            }
            in.setWriter(answer);
            jersey.handle(in);
        } catch (URISyntaxException e) {
            answer.fail(Problem.badFrame("the address cannot be read"));
        } catch (RuntimeException e) {
            // Jersey has mapped what the resources throw: this is a client that is gone, or a fault
            // of the machinery itself.
            answer.failure(e);
        } finally {
            if (properties.getProperty(SignInFilter.AT_THE_END) instanceof Runnable last) {
                last.run();
            }
        }
    }

    private static URI address(Request request) throws URISyntaxException {
        String path = request.getRequestURI();
        String query = request.getQueryString();
        if (!path.startsWith("/")) {
            throw new URISyntaxException("", "no path");
        }
        return new URI("http://localhost" + path + (query == null ? "" : "?" + query));
    }

    /** Answers, and gives who is still sending the time to hear it. */
    private void refuse(Request request, Response response, Problem problem) throws IOException {
        answer(response, problem);
        letHear(request, response);
    }

    /** Gives who is still sending the time to hear the answer. */
    private void letHear(Request request, Response response) {
        if (request.getInputBuffer().isFinished()) {
            return;
        }
        if (!refused.tryAcquire()) {
            LingeringClose.now(request);
            return;
        }
        try {
            LingeringClose.after(request, response, maxUpload);
        } finally {
            refused.release();
        }
    }

    private void answer(Response response, Problem problem) throws IOException {
        watch.answered(
                Watching.method(response.getRequest().getMethod().getMethodString()),
                RequestWatch.NO_ROUTE,
                problem.status(),
                Duration.ZERO);
        closeAfter(response);
        write(response, problem);
    }

    /** Ends the connection with this answer, and says so: what follows may be a body's rest. */
    static void closeAfter(Response response) {
        response.setHeader(Header.Connection, "close");
        ProcessingState state = response.getResponse().getProcessingState();
        state.setError(true);
        state.setKeepAlive(false);
    }

    static void write(Response response, Problem problem) throws IOException {
        response.setStatus(problem.status(), problem.title());
        AnswerHeaders.ALL.forEach(response::setHeader);
        problem.retryAfterHeader().ifPresent(s -> response.setHeader("Retry-After", s));
        if (problem.status() == 405) {
            response.setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        response.setContentType(Problem.CONTENT_TYPE);
        byte[] json = problem.json();
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }

    /** Nobody has said yet who they are. */
    private record Stranger(boolean secure) implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return () -> "";
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getAuthenticationScheme() {
            return "";
        }
    }
}
