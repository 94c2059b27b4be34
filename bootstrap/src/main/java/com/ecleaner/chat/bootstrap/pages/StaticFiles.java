package com.ecleaner.chat.bootstrap.pages;

import static org.glassfish.grizzly.http.HttpServerFilter.RESPONSE_COMPLETE_EVENT;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.memory.Buffers;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Serves files of the class path below one prefix of addresses: GET and HEAD, with entity tags and
 * what was compressed ahead.
 *
 * <p>An address is a file's only if all of it is one of the names that are allowed; nothing in it
 * is decoded. So there is no way out of the folder, encoded or not. On a network thread, and quick:
 * each file is read once and kept.
 */
public final class StaticFiles extends BaseFilter {
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "svg", "image/svg+xml; charset=utf-8",
                    "ts", "application/typescript; charset=utf-8");

    private final String prefix;
    private final String folder;
    private final Pattern names;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> pages = new LinkedHashMap<>();
    private final Map<String, StaticFile> read = new ConcurrentHashMap<>();
    private String missing = "not found";
    private Pattern lasting = Pattern.compile("(?!)");

    private StaticFiles(String prefix, String folder, Pattern names) {
        this.prefix = prefix;
        this.folder = folder;
        this.names = names;
    }

    /**
     * Files whose addresses begin with {@code prefix}.
     *
     * @param prefix with a slash at both ends
     * @param folder where they lie on the class path, with a slash at both ends
     * @param names what a file may be called, the folders below {@code folder} included
     */
    public static StaticFiles below(String prefix, String folder, String names) {
        return new StaticFiles(prefix, folder, Pattern.compile(names));
    }

    /** Serves one of the files at a further address too. */
    public StaticFiles at(String address, String name) {
        pages.put(address, name);
        return this;
    }

    /** With this header on every answer. */
    public StaticFiles withHeader(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /**
     * Files whose names change with their content, thus may be kept for ever.
     *
     * @param names what they are called
     */
    public StaticFiles lasting(String names) {
        lasting = Pattern.compile(names);
        return this;
    }

    /** With this one line where there is no such file; without it, {@code not found}. */
    public StaticFiles whenMissing(String line) {
        missing = line;
        return this;
    }

    /** Whether there is a file of that name. */
    boolean has(String name) {
        return file(name).isPresent();
    }

    /** Mounts it on a listener that is not started yet, before the HTTP handlers. */
    public void install(NetworkListener listener) {
        listener.registerAddOn(
                (itself, chain) -> chain.add(chain.indexOfType(HttpServerFilter.class), this));
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        HttpContent content = ctx.getMessage();
        if (!(content.getHttpHeader() instanceof HttpRequestPacket request) || hasBody(request)) {
            return ctx.getInvokeAction();
        }
        String address = request.getRequestURI();
        String page = pages.get(address);
        if (page == null && !address.startsWith(prefix)) {
            return ctx.getInvokeAction();
        }
        answer(ctx, request, page == null ? address.substring(prefix.length()) : page);
        content.recycle();
        return ctx.getStopAction();
    }

    /** Those who bring one are asked first whether it is sound, as for any other address. */
    private static boolean hasBody(HttpRequestPacket request) {
        return request.getHeader(Header.TransferEncoding) != null
                || !header(request, Header.ContentLength).matches("0?");
    }

    private void answer(FilterChainContext ctx, HttpRequestPacket request, String name) {
        HttpResponsePacket response = request.getResponse();
        response.setProtocol(Protocol.HTTP_1_1);
        response.setHeader("X-Content-Type-Options", "nosniff");
        headers.forEach(response::setHeader);
        boolean isHead = Method.HEAD.equals(request.getMethod());
        if (!isHead && !Method.GET.equals(request.getMethod())) {
            response.setHeader("Allow", "GET, HEAD");
            say(ctx, response, HttpStatus.METHOD_NOT_ALLOWED_405, "only to be read", false);
            return;
        }
        Optional<StaticFile> found = file(name);
        if (found.isEmpty()) {
            say(ctx, response, HttpStatus.NOT_FOUND_404, missing, isHead);
            return;
        }
        StaticFile file = found.get();
        if (lasting.matcher(name).matches()
                || ("v=" + file.version()).equals(request.getQueryString())) {
            response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
        } else if (!response.containsHeader("Cache-Control")) {
            response.setHeader("Cache-Control", "public, max-age=300, stale-while-revalidate=3600");
        }
        send(ctx, request, file, isHead);
    }

    private static void send(
            FilterChainContext ctx, HttpRequestPacket request, StaticFile file, boolean isHead) {
        HttpResponsePacket response = request.getResponse();
        StaticFile.Form form = file.formFor(header(request, Header.AcceptEncoding));
        response.setHeader("ETag", form.tag());
        if (file.varies()) {
            response.setHeader("Vary", "Accept-Encoding");
        }
        if (StaticFile.isHeld(form, header(request, Header.IfNoneMatch))) {
            HttpStatus.NOT_MODIFIED_304.setValues(response);
            write(ctx, response, new byte[0]);
            return;
        }
        HttpStatus.OK_200.setValues(response);
        response.setContentType(file.type());
        if (!form.coding().equals("identity")) {
            response.setHeader("Content-Encoding", form.coding());
        }
        response.setContentLength(form.bytes().length);
        write(ctx, response, isHead ? new byte[0] : form.bytes());
    }

    private static void say(
            FilterChainContext ctx,
            HttpResponsePacket response,
            HttpStatus status,
            String line,
            boolean isHead) {
        status.setValues(response);
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain; charset=utf-8");
        response.setContentLength(bytes.length);
        write(ctx, response, isHead ? new byte[0] : bytes);
    }

    private static void write(FilterChainContext ctx, HttpResponsePacket response, byte[] bytes) {
        ctx.write(
                HttpContent.builder(response)
                        .content(Buffers.wrap(ctx.getMemoryManager(), bytes))
                        .last(true)
                        .build());
        // Or nothing would close the connection where the browser asked for it.
        ctx.notifyDownstream(RESPONSE_COMPLETE_EVENT);
    }

    private static String header(HttpRequestPacket request, Header name) {
        return String.join(",", request.getHeaders().values(name));
    }

    private Optional<StaticFile> file(String name) {
        if (!names.matcher(name).matches()) {
            return Optional.empty();
        }
        // What is not there is not remembered: strangers choose the names.
        return Optional.ofNullable(read.computeIfAbsent(name, this::load));
    }

    private @Nullable StaticFile load(String name) {
        byte[] content = bytes(name);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        return content == null || type == null
                ? null
                : StaticFile.of(type, name, content, this::bytes);
    }

    private byte @Nullable [] bytes(String name) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(folder + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
