package com.ecleaner.chat.rest;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request's JSON object, read field by field: what is wrong is refused with the field's name,
 * what nobody asks for is ignored, {@code null} is as good as absent.
 */
final class Body {
    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(16)
                                                    .maxNumberLength(100)
                                                    .maxStringLength(RestHandler.MAX_BODY)
                                                    .maxNameLength(1_000)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final String prefix;
    private final JsonNode object;

    private Body(String prefix, JsonNode object) {
        this.prefix = prefix;
        this.object = object;
    }

    /**
     * Reads the bytes of a request.
     *
     * @throws ProblemException {@code bad_frame} for anything but one JSON object in UTF-8, with
     *     each name once and not nested beyond reason
     */
    static Body read(byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            JsonNode tree = JSON.readTree(text);
            if (tree != null && tree.isObject()) {
                return new Body("", tree);
            }
        } catch (CharacterCodingException | JsonProcessingException e) {
            // Answered below: where in the text it went wrong is of little help, and may echo it.
        }
        throw new ProblemException(
                Problem.badFrame("the body must be one JSON object in UTF-8, each name once"));
    }

    /** Whether the field is there, be it {@code null}. */
    boolean has(String field) {
        return object.has(field);
    }

    /** A text that has to be there. */
    String text(String field) {
        return optionalText(field).orElseThrow(() -> missing(field));
    }

    /** A text. */
    Optional<String> optionalText(String field) {
        return present(field)
                .map(
                        node -> {
                            if (!node.isTextual()) {
                                throw invalid(field, "must be text");
                            }
                            return node.textValue();
                        });
    }

    /** {@code true} or {@code false}. */
    Optional<Boolean> truth(String field) {
        return present(field)
                .map(
                        node -> {
                            if (!node.isBoolean()) {
                                throw invalid(field, "must be true or false");
                            }
                            return node.booleanValue();
                        });
    }

    /** A whole number that has to be there, as far as 64 bits reach. */
    long whole(String field) {
        return optionalWhole(field).orElseThrow(() -> missing(field));
    }

    /** A whole number as far as 64 bits reach. */
    Optional<Long> optionalWhole(String field) {
        return present(field)
                .map(
                        node -> {
                            if (!node.isIntegralNumber()) {
                                throw invalid(field, "must be a whole number");
                            }
                            if (!node.canConvertToLong()) {
                                throw invalid(field, "must be below 2^63");
                            }
                            return node.longValue();
                        });
    }

    /** An id of the platform's that has to be there; see {@link #optionalId}. */
    String id(String field) {
        return optionalId(field).orElseThrow(() -> missing(field));
    }

    /** An id of the platform's: text of 1–64 characters, or a number JavaScript holds exactly. */
    Optional<String> optionalId(String field) {
        return present(field)
                .map(
                        node -> {
                            if (node.isTextual()) {
                                return Text.line(name(field), node.textValue(), 1, 64);
                            }
                            String digits = node.isIntegralNumber() ? node.asText() : "";
                            if (!Text.isCanonicalInteger(digits)) {
                                throw invalid(
                                        field, "must be text or a whole number from 0 to 2^53 - 1");
                            }
                            return digits;
                        });
    }

    /** An object. */
    Optional<Body> object(String field) {
        return present(field)
                .map(
                        node -> {
                            if (!node.isObject()) {
                                throw invalid(field, "must be an object");
                            }
                            return new Body(name(field) + ".", node);
                        });
    }

    /** Every field, each of which has to be an object. */
    Map<String, Body> objects() {
        Map<String, Body> objects = new LinkedHashMap<>();
        object.properties()
                .forEach(
                        entry ->
                                objects.put(
                                        entry.getKey(),
                                        object(entry.getKey())
                                                .orElseThrow(() -> missing(entry.getKey()))));
        return objects;
    }

    Refusal missing(String field) {
        return invalid(field, "is required");
    }

    Refusal invalid(String field, String why) {
        return Refusal.invalid(name(field), why);
    }

    private Optional<JsonNode> present(String field) {
        return Optional.ofNullable(object.get(field)).filter(node -> !node.isNull());
    }

    private String name(String field) {
        return prefix + field;
    }
}
