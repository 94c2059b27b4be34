package com.ecleaner.chat.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * A form with files in it, part by part as it comes (RFC 7578); nothing of it is kept. Used by one
 * thread.
 */
final class Multipart {
    private static final int MAX_HEADER = 4 * 1024;
    private static final int BUFFER = 16 * 1024;
    private static final int MAX_BOUNDARY = 70;

    /** More parts than anybody needs. */
    private static final int MAX_PARTS = 16;

    private final InputStream body;
    private final MultipartInput parts;
    private int count;

    /**
     * One part.
     *
     * @param name of the field
     * @param fileName as the sender calls the file, in whatever shape; nothing where it is none
     * @param content to be read before the next part is asked for, or not at all
     */
    record Part(String name, Optional<String> fileName, InputStream content) {
        /**
         * The part as a short text.
         *
         * @param max bytes at most; what is longer comes out longer by one
         */
        String text(int max) throws IOException {
            return new String(content.readNBytes(max + 1), UTF_8);
        }
    }

    private Multipart(InputStream body, MultipartInput parts) {
        this.body = body;
        this.parts = parts;
    }

    /**
     * Begins to read.
     *
     * @throws ProblemException {@code bad_frame} where the header says not where a part ends
     */
    static Multipart of(String contentType, InputStream body) throws IOException {
        String boundary = new ParameterParser().parse(contentType, ';').get("boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            throw malformed();
        }
        MultipartInput parts =
                MultipartInput.builder()
                        .setInputStream(body)
                        .setBufferSize(BUFFER)
                        .setBoundary(boundary.getBytes(ISO_8859_1))
                        .setMaxPartHeaderSize(MAX_HEADER)
                        .get();
        parts.setHeaderCharset(UTF_8);
        return new Multipart(body, parts);
    }

    /**
     * The next part; nothing after the last, when the body is read to its end.
     *
     * @throws ProblemException {@code bad_frame} where the form breaks off or is none
     */
    Optional<Part> next() throws IOException {
        boolean more = count == 0 ? parts.skipPreamble() : hasNext();
        if (!more) {
            if (count == 0) {
                throw malformed();
            }
            body.transferTo(OutputStream.nullOutputStream());
            return Optional.empty();
        }
        if (++count > MAX_PARTS) {
            throw malformed();
        }
        Map<String, String> said = disposition(parts.readHeaders());
        return Optional.of(
                new Part(
                        said.getOrDefault("name", ""),
                        Optional.ofNullable(said.get("filename")),
                        parts.newInputStream()));
    }

    private boolean hasNext() throws IOException {
        parts.discardBodyData();
        return parts.readBoundary();
    }

    /** The one header that counts: what a file is said to be is not asked. */
    private static Map<String, String> disposition(String headers) {
        String name = "content-disposition:";
        return headers.lines()
                .filter(line -> line.regionMatches(true, 0, name, 0, name.length()))
                .findFirst()
                .map(
                        line -> {
                            ParameterParser parser = new ParameterParser();
                            parser.setLowerCaseNames(true);
                            return parser.parse(line.substring(name.length()), ';');
                        })
                .orElse(Map.of());
    }

    static ProblemException malformed() {
        return new ProblemException(
                Problem.badFrame("the body must be multipart/form-data, whole, with few parts"));
    }
}
