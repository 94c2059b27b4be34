package com.ecleaner.chat.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.signin.SignIn;
import com.ecleaner.chat.domain.user.UserId;

import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.http.server.HttpServerFilter;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.memory.Buffers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The demo's page at {@code /}: two people side by side in one room. It gets its token from the
 * address's fragment, which no server sees; for the second pane it asks with that token for the
 * token of the other one, so that nobody without a demo token gets any.
 */
final class DemoPage extends BaseFilter {
    /** No script or style but its own files; sockets and requests to this server alone. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record File(String type, String content) {}

    private static final Map<String, File> FILES =
            Map.of(
                    "/", file("index.html", "text/html"),
                    "/demo/demo.css", file("demo.css", "text/css"),
                    "/demo/demo.js", file("demo.js", "text/javascript"));

    private final SignIn signIn;
    private final Function<UserId, Optional<String>> beside;

    /**
     * A page for whoever {@code signIn} knows.
     *
     * @param beside the token of whom to show beside a user; nothing for somebody not of the demo
     */
    DemoPage(SignIn signIn, Function<UserId, Optional<String>> beside) {
        this.signIn = signIn;
        this.beside = beside;
    }

    /** Mounts it on a listener that is not started yet, before the HTTP handlers. */
    void install(NetworkListener listener) {
        listener.registerAddOn(
                (itself, chain) -> chain.add(chain.indexOfType(HttpServerFilter.class), this));
    }

    /** On a network thread, and quick: files are in memory, a shared secret is at hand. */
    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        HttpContent content = ctx.getMessage();
        if (!(content.getHttpHeader() instanceof HttpRequestPacket request)
                || !Method.GET.equals(request.getMethod())
                || !content.isLast()) {
            return ctx.getInvokeAction();
        }
        String path = request.getRequestURI();
        if (path.equals("/demo/beside")) {
            answer(ctx, request, beside(request), HttpStatus.UNAUTHORIZED_401);
        } else if (path.equals("/") || path.startsWith("/demo/")) {
            Optional<File> file = Optional.ofNullable(FILES.get(path));
            answer(ctx, request, file, HttpStatus.NOT_FOUND_404);
        } else {
            return ctx.getInvokeAction();
        }
        content.recycle();
        return ctx.getStopAction();
    }

    private Optional<File> beside(HttpRequestPacket request) {
        String bearer = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        return Optional.of(bearer)
                .filter(b -> b.startsWith("Bearer "))
                .flatMap(b -> signIn.verify(b.substring("Bearer ".length())))
                .flatMap(identity -> beside.apply(identity.person().id()))
                .map(token -> new File("text/plain", token));
    }

    private static void answer(
            FilterChainContext ctx,
            HttpRequestPacket request,
            Optional<File> file,
            HttpStatus otherwise) {
        HttpResponsePacket response = request.getResponse();
        response.setProtocol(Protocol.HTTP_1_1);
        (file.isPresent() ? HttpStatus.OK_200 : otherwise).setValues(response);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", "no-store");
        file.ifPresent(f -> response.setContentType(f.type() + "; charset=utf-8"));
        byte[] bytes = file.map(File::content).orElse("").getBytes(UTF_8);
        response.setContentLength(bytes.length);
        ctx.write(
                HttpContent.builder(response)
                        .content(Buffers.wrap(ctx.getMemoryManager(), bytes))
                        .last(true)
                        .build());
    }

    private static File file(String name, String type) {
        try (InputStream in = DemoPage.class.getResourceAsStream("/demo/" + name)) {
            if (in == null) {
                throw new IllegalStateException("demo/" + name + " is missing in this build");
            }
            return new File(type, new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
