package com.ecleaner.chat.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.application.files.DownloadFile;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file as an answer: never guessed at, never run, shown only where it is a picture that the chat
 * has written itself, and looked for again each time, so that whoever loses the room loses it too.
 */
record FileAnswer(DownloadFile.Download download) {
    private static final int PIECE = 16 * 1024;

    /** RFC 5987's characters of a value that stand for themselves, besides letters and digits. */
    private static final String PLAIN = "!#$&+-.^_`|~";

    /**
     * Answers a request (RFC 9110, 13 and 14).
     *
     * @param ifNoneMatch what the asker has already
     * @param range what of it is asked for
     * @param ifRange the range is worth something only with this one
     */
    Response to(Optional<String> ifNoneMatch, Optional<String> range, Optional<String> ifRange) {
        if (ifNoneMatch.map(this::names).orElse(false)) {
            return described(Response.notModified()).build();
        }
        long size = download.content().size();
        ByteRange wanted =
                range.filter(r -> ifRange.isEmpty() || ifRange.get().equals(tag()))
                        .map(r -> ByteRange.parse(r, size))
                        .orElse(ByteRange.whole(size));
        if (!wanted.isSatisfiable()) {
            Problem problem =
                    Problem.of(416, "range_not_satisfiable", "the file has " + size + " bytes");
            return Response.status(416, problem.title())
                    .type(Problem.CONTENT_TYPE)
                    .header("Content-Range", "bytes */" + size)
                    .entity(problem.json())
                    .build();
        }
        Response.ResponseBuilder answer =
                described(Response.status(wanted.isWhole() ? 200 : 206))
                        .type(download.contentType())
                        .header(HttpHeaders.CONTENT_LENGTH, wanted.length())
                        .header(HttpHeaders.CONTENT_DISPOSITION, disposition())
                        .header(
                                "Content-Security-Policy",
                                "sandbox; default-src 'none'; frame-ancestors 'none'")
                        .header("Cross-Origin-Resource-Policy", "same-origin")
                        .entity((StreamingOutput) out -> copy(wanted, out));
        if (!wanted.isWhole()) {
            answer.header("Content-Range", wanted + "/" + size);
        }
        return answer.build();
    }

    private Response.ResponseBuilder described(Response.ResponseBuilder answer) {
        return answer.header(HttpHeaders.ETAG, tag())
                .header("Accept-Ranges", "bytes")
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    }

    /** What is kept never changes, so its id says which bytes it is. */
    private String tag() {
        String id = download.file().id().value();
        return "\"" + id + (download.key().thumbnail() ? "-small" : "") + "\"";
    }

    private boolean names(String tags) {
        return Arrays.stream(tags.split(",", -1))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(tag()) || tag.equals("W/" + tag()));
    }

    private void copy(ByteRange wanted, OutputStream out) throws IOException {
        try (InputStream in = download.content().from(wanted.first())) {
            byte[] piece = new byte[PIECE];
            for (long left = wanted.length(); left > 0; ) {
                int more = in.read(piece, 0, (int) Math.min(PIECE, left));
                if (more < 0) {
                    throw new IOException("the file is shorter than it was");
                }
                out.write(piece, 0, more);
                left -= more;
            }
        }
    }

    /** RFC 6266: a name for old clients, and the true one. */
    private String disposition() {
        String name = download.file().name();
        StringBuilder simple = new StringBuilder();
        name.codePoints()
                .forEach(
                        c ->
                                simple.append(
                                        c >= ' ' && c < 0x7f && "\"\\%".indexOf(c) < 0
                                                ? (char) c
                                                : '_'));
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= '0' && c <= '9')
                            || (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || PLAIN.indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return (download.file().isPicture() ? "inline" : "attachment")
                + "; filename=\""
                + simple
                + "\"; filename*=UTF-8''"
                + encoded;
    }
}
