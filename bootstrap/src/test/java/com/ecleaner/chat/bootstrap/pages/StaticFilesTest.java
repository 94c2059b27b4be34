package com.ecleaner.chat.bootstrap.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;

/** Files over a real socket: some of the tests', and the widget itself. */
final class StaticFilesTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static HttpServer server;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        server = new HttpServer();
        NetworkListener listener = new NetworkListener("files", "127.0.0.1", 0);
        server.addListener(listener);
        StaticFiles.below("/files/", "/static-files/", "(types/([a-z]+/)?)?[a-z]+(\\.js|\\.d\\.ts)")
                .withHeader("Access-Control-Allow-Origin", "*")
                .whenMissing("There is no such file.")
                .install(listener);
        Widget.files().install(listener);
        server.start();
        port = listener.getPort();
    }

    @AfterAll
    static void stop() {
        server.shutdownNow();
    }

    private static HttpResponse<String> ask(String method, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> get(String path, String... headers) {
        return ask("GET", path, headers);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void a_module_comes_with_its_type_for_pages_of_any_origin() {
        HttpResponse<String> module = get("/files/a.js");

        assertThat(module.statusCode()).isEqualTo(200);
        assertThat(module.body()).isEqualTo("export const a = 1;\n");
        assertThat(header(module, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(header(module, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(module, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(module, "Content-Length")).isEqualTo("20");
        assertThat(header(module, "Cache-Control")).startsWith("public, max-age=300");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br | br",
                "gzip, deflate, br, zstd | br",
                "gzip | gzip",
                "GZIP;q=0.5 | gzip",
                "br;q=0.2, gzip;q=0.8 | gzip",
                "br;q=0, gzip | gzip",
                "br;q=0, gzip;q=0 | ''",
                "* | br",
                "*;q=0 | ''",
                "br;q=nonsense | br",
                "identity | ''",
                "identity;q=0, gzip | gzip",
                "deflate | ''",
                "'' | ''"
            })
    void it_is_sent_in_the_form_that_the_browser_likes_best(String accepted, String coding) {
        HttpResponse<String> answer = get("/files/a.js", "Accept-Encoding", accepted);

        assertThat(header(answer, "Content-Encoding")).isEqualTo(coding);
        assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.body())
                .isEqualTo(
                        switch (coding) {
                            case "br" -> "a, by brotli";
                            case "gzip" -> "a, by gzip";
                            default -> "export const a = 1;\n";
                        });
    }

    @Test
    void what_a_browser_holds_is_not_sent_again_and_each_form_has_a_tag_of_its_own() {
        String plain = header(get("/files/a.js"), "ETag");
        String brotli = header(get("/files/a.js", "Accept-Encoding", "br"), "ETag");
        assertThat(plain).matches("\"[0-9a-f]{16}\"").isNotEqualTo(brotli);

        HttpResponse<String> held =
                get("/files/a.js", "Accept-Encoding", "br", "If-None-Match", "\"x\", W/" + brotli);
        assertThat(held.statusCode()).isEqualTo(304);
        assertThat(held.body()).isEmpty();
        assertThat(header(held, "ETag")).isEqualTo(brotli);
        assertThat(header(held, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(held, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(get("/files/a.js", "If-None-Match", "*").statusCode()).isEqualTo(304);
        assertThat(get("/files/a.js", "If-None-Match", brotli).statusCode()).isEqualTo(200);
    }

    @Test
    void an_address_with_the_files_version_may_be_kept_for_ever_and_no_other() {
        String version = header(get("/files/a.js"), "ETag").replace("\"", "");

        assertThat(header(get("/files/a.js?v=" + version), "Cache-Control")).contains("immutable");
        assertThat(header(get("/files/a.js?v=0123456789abcdef"), "Cache-Control"))
                .doesNotContain("immutable");
    }

    @Test
    void head_tells_what_get_would_send() {
        HttpResponse<String> head = ask("HEAD", "/files/a.js", "Accept-Encoding", "br");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo("12");
        assertThat(header(head, "Content-Encoding")).isEqualTo("br");
        // The connection is of use afterwards.
        assertThat(get("/files/a.js").body()).isEqualTo("export const a = 1;\n");
        assertThat(ask("HEAD", "/files/b.js").statusCode()).isEqualTo(404);
    }

    @Test
    void types_are_served_too() {
        HttpResponse<String> types = get("/files/types/client/a.d.ts");

        assertThat(types.body()).isEqualTo("export const a: number;\n");
        assertThat(header(types, "Content-Type")).startsWith("application/typescript");
        assertThat(header(types, "Vary")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files/",
                "/files/b.js",
                "/files/notes.txt",
                "/files/a.js/",
                "/files/a.js.br",
                "/files//a.js",
                "/files/./a.js",
                "/files/types/../a.js",
                "/files/types/client",
                "/files/../logback.xml",
                "/files/%2e%2e/logback.xml",
                "/files/..%2flogback.xml",
                "/files/%252e%252e/logback.xml",
                "/files/%u002e%u002e/a.js",
                "/files/a%2ejs",
                "/files/a.js%00.js",
                "/files/..%5clogback.xml",
            })
    void any_other_name_is_no_file(String path) throws IOException {
        try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            String answer =
                    new String(
                            socket.getInputStream().readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 404").endsWith("There is no such file.\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void nothing_can_be_done_to_a_file_but_reading(String method) {
        HttpResponse<String> answer = ask(method, "/files/a.js");

        assertThat(answer.statusCode()).isIn(404, 405);
        assertThat(answer.body()).doesNotContain("export");
    }

    @Test
    void the_widget_is_here_whole_where_npm_could_build_it() {
        HttpResponse<String> widget = get("/widget/chat.js");
        if (widget.statusCode() == 404) {
            assertThat(widget.body())
                    .isEqualTo("This server was built without npm, thus without the widget.\n");
        }
        assumeThat(widget.statusCode()).as("npm was there").isEqualTo(200);

        assertThat(header(widget, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(header(get("/widget/chat.js", "Accept-Encoding", "gzip"), "Content-Encoding"))
                .isEqualTo("gzip");
        // Every module that it names is here as well.
        var imports = Pattern.compile("(?:from|import\\()\\s*\"\\./([^\"]+)\"");
        assertThat(imports.matcher(widget.body()).results().map(m -> m.group(1)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(get("/widget/" + name).statusCode()).isEqualTo(200));
        String rooms =
                imports.matcher(widget.body())
                        .results()
                        .map(m -> m.group(1))
                        .filter(name -> name.startsWith("chat-rooms-"))
                        .findFirst()
                        .orElseThrow();
        assertThat(header(get("/widget/" + rooms), "Cache-Control")).contains("immutable");
        assertThat(header(widget, "Cache-Control")).doesNotContain("immutable");
        for (String name : new String[] {"client.js", "react.js", "types/chat.d.ts"}) {
            assertThat(get("/widget/" + name).statusCode()).as(name).isEqualTo(200);
        }
        HttpResponse<String> types = get("/widget/types/chat.d.ts");
        var from = Pattern.compile("from ['\"]\\./([^'\"]+)\\.js['\"]");
        assertThat(from.matcher(types.body()).results().map(m -> m.group(1)))
                .isNotEmpty()
                .allSatisfy(
                        name ->
                                assertThat(get("/widget/types/" + name + ".d.ts").statusCode())
                                        .isEqualTo(200));
    }
}
