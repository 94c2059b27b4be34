package com.ecleaner.chat.bootstrap.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jose4j.http.Response;
import org.jose4j.http.SimpleGet;
import org.jose4j.http.SimpleResponse;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches the published keys from the configured address: no redirects, a bounded answer in bounded
 * time. After a failure the next ones fail at once for a while, so that those who wait behind a
 * dead address do not each wait for it in turn. Thread-safe.
 *
 * <p>The answer's headers are dropped: how long keys are believed is not the server's to say.
 */
final class KeyFetch implements SimpleGet {
    private static final Logger log = LoggerFactory.getLogger(KeyFetch.class);

    private static final int MAX_BYTES = 256 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final URI address;
    private final Duration pause;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(TIMEOUT)
                    .build();

    private volatile long failedAt;
    private volatile boolean failed;

    KeyFetch(URI address) {
        this(address, PAUSE);
    }

    KeyFetch(URI address, Duration pause) {
        this.address = address;
        this.pause = pause;
    }

    String address() {
        return address.toString();
    }

    @Override
    public SimpleResponse get(String location) throws IOException {
        if (failed && System.nanoTime() - failedAt < pause.toNanos()) {
            throw new IOException("the address of the keys failed a moment ago");
        }
        try {
            String body = keySet(fetch());
            failed = false;
            return new Response(200, "OK", Map.of(), body);
        } catch (IOException e) {
            failedAt = System.nanoTime();
            failed = true;
            log.warn("no keys from {}: {}", address, e.toString());
            throw e;
        }
    }

    private static String keySet(String body) throws IOException {
        try {
            new JsonWebKeySet(body);
            return body;
        } catch (JoseException | RuntimeException e) {
            throw new IOException("no key set", e);
        }
    }

    /** The timeout covers the body as well, which the client's own does not. */
    private String fetch() throws IOException {
        FutureTask<String> exchange = new FutureTask<>(this::exchange);
        Thread.ofVirtual().name("jwks").start(exchange);
        try {
            return exchange.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            exchange.cancel(true);
        }
    }

    private String exchange() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address)
                        .header("Accept", "application/jwk-set+json, application/json")
                        .timeout(TIMEOUT)
                        .build();
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, UTF_8);
        }
    }
}
