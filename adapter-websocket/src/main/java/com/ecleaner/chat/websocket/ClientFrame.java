package com.ecleaner.chat.websocket;

import com.ecleaner.chat.application.live.Held;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON object from a client: its type, and its fields read one by one. A field that is wrong is
 * refused by its name; fields that nobody asks for are ignored.
 */
final class ClientFrame {
    /** An id longer than this is not repeated in the answer. */
    private static final int MAX_ID = 200;

    /** More rooms than this in one sync are refused. */
    private static final int MAX_SYNC_ROOMS = 2_000;

    private static final ObjectReader READER =
            new ObjectMapper(
                            JsonFactory.builder()
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(16)
                                                    .maxNumberLength(1_000)
                                                    .maxNameLength(200)
                                                    .build())
                                    // Jackson's own buffers are bound to a thread, and ours are
                                    // virtual: each would have new ones.
                                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                                    .build())
                    .reader()
                    .with(
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** What came is no frame at all. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Optional<String> id;

        Malformed(String why, Optional<String> id) {
            super(why, null, false, false);
            this.id = id;
        }

        /** What the client wants repeated, where so much could be read. */
        Optional<String> id() {
            return id;
        }
    }

    private static final BigInteger TOO_FEW = BigInteger.ZERO;
    private static final BigInteger MANY = BigInteger.valueOf(Integer.MAX_VALUE);

    private final ObjectNode json;
    private final String type;

    private ClientFrame(ObjectNode json, String type) {
        this.json = json;
        this.type = type;
    }

    static ClientFrame parse(String text) throws Malformed {
        JsonNode node;
        try {
            node = READER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new Malformed("not JSON", Optional.empty());
        }
        if (!(node instanceof ObjectNode object)) {
            throw new Malformed("not a JSON object", Optional.empty());
        }
        JsonNode type = object.get("type");
        if (type == null || !type.isTextual()) {
            throw new Malformed("type: must be text", id(object));
        }
        return new ClientFrame(object, type.textValue());
    }

    String type() {
        return type;
    }

    /** What the client wants repeated in the answer, as JSON. */
    Optional<String> id() {
        return id(json);
    }

    private static Optional<String> id(ObjectNode json) {
        return Optional.ofNullable(json.get("id"))
                .filter(value -> !value.isNull() && value.isValueNode())
                .map(JsonNode::toString)
                .filter(s -> s.length() <= MAX_ID);
    }

    /** The client's name for a message, where it is fit to be told back. */
    Optional<String> clientIdText() {
        return present("client_id")
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(s -> s.length() <= MAX_ID);
    }

    Optional<RoomId> room() {
        return number("room")
                .map(
                        id -> {
                            if (id < 1) {
                                throw Refusal.notFound("room");
                            }
                            return new RoomId(id);
                        });
    }

    MessageId messageId() {
        return message(required("message_id", number("message_id")));
    }

    private static MessageId message(long id) {
        if (id < 1) {
            throw Refusal.notFound("message");
        }
        return new MessageId(id);
    }

    Draft draft() {
        MessageType messageType =
                text("message_type")
                        .map(
                                name ->
                                        MessageType.named(name)
                                                .orElseThrow(
                                                        () ->
                                                                Refusal.invalid(
                                                                        "message_type",
                                                                        "must be text, image or"
                                                                                + " file")))
                        .orElse(MessageType.TEXT);
        Optional<String> content = text("message");
        return new Draft(
                messageType,
                messageType.needsAttachment() ? content.orElse("") : required("message", content),
                clientId(),
                number("reply_to")
                        .map(
                                id -> {
                                    if (id < 1) {
                                        throw Refusal.invalid(
                                                "reply_to", "is no message of this room");
                                    }
                                    return new MessageId(id);
                                }),
                text("attachment_id").map(AttachmentId::new),
                Optional.empty());
    }

    /** The client's name for a message. */
    Optional<ClientId> clientId() {
        return text("client_id").map(ClientId::new);
    }

    String message() {
        return required("message", text("message"));
    }

    String token() {
        return required("token", text("token"));
    }

    long upToSeq() {
        return required("up_to_seq", number("up_to_seq"));
    }

    boolean isTyping() {
        return required("is_typing", truth("is_typing"));
    }

    Position position() {
        Optional<Long> before = number("before_seq");
        Optional<Long> after = number("after_seq");
        Optional<Long> around = number("around_seq");
        if ((before.isPresent() ? 1 : 0)
                        + (after.isPresent() ? 1 : 0)
                        + (around.isPresent() ? 1 : 0)
                > 1) {
            throw Refusal.invalid(
                    before.isPresent() && after.isPresent() ? "after_seq" : "around_seq",
                    "only one of before_seq, after_seq and around_seq");
        }
        return before.<Position>map(Position.Before::new)
                .or(() -> after.map(Position.After::new))
                .or(() -> around.map(Position.Around::new))
                .orElseGet(Position.Latest::new);
    }

    /** A page's size as it was asked for, of whatever length; the use case bounds it. */
    int limit(int otherwise) {
        return present("limit")
                .map(
                        value -> {
                            if (!value.isIntegralNumber()) {
                                throw Refusal.invalid("limit", "must be a whole number");
                            }
                            return value.bigIntegerValue().max(TOO_FEW).min(MANY).intValue();
                        })
                .orElse(otherwise);
    }

    /** What to search for. */
    String q() {
        return required("q", text("q"));
    }

    Optional<String> cursor() {
        return text("cursor");
    }

    /** Which rooms to list; the asker's own where nothing says otherwise. */
    RoomFilter filter() {
        Optional<String> scope = text("scope");
        if (scope.filter(s -> !s.equals("all")).isPresent()) {
            throw Refusal.invalid("scope", "must be all, or absent");
        }
        return new RoomFilter(
                scope.isPresent(),
                text("room_type").map(ClientFrame::roomType),
                truth("is_active"));
    }

    private static RoomType roomType(String name) {
        return RoomType.named(name)
                .orElseThrow(() -> Refusal.invalid("room_type", "must be job, support or general"));
    }

    /** What to open; a support room is the asker's own where no {@code user_id} says otherwise. */
    RoomKey key(UserId asker) {
        return switch (roomType(required("room_type", text("room_type")))) {
            case JOB -> new RoomKey.OfJob(required("job_id", jobId()), text("topic"));
            case SUPPORT ->
                    new RoomKey.OfSupport(
                            opaque("user_id").map(UserId::new).orElse(asker),
                            jobId(),
                            text("topic"));
            case GENERAL -> new RoomKey.OfAll(required("name", text("name")));
        };
    }

    Map<RoomId, Held> held() {
        JsonNode rooms = required("rooms", present("rooms"));
        if (!(rooms instanceof ObjectNode object) || object.size() > MAX_SYNC_ROOMS) {
            throw Refusal.invalid(
                    "rooms", "must be an object of at most " + MAX_SYNC_ROOMS + " rooms");
        }
        Map<RoomId, Held> held = new LinkedHashMap<>();
        object.properties()
                .forEach(
                        entry ->
                                held.put(
                                        roomKey(entry.getKey()),
                                        held(entry.getKey(), entry.getValue())));
        return held;
    }

    private static RoomId roomKey(String key) {
        if (!Text.isCanonicalInteger(key) || key.equals("0")) {
            throw Refusal.invalid("rooms", "must be named by rooms' ids");
        }
        return new RoomId(Long.parseLong(key));
    }

    private static Held held(String room, JsonNode value) {
        String field = "rooms." + room;
        if (value instanceof ObjectNode object) {
            JsonNode version = object.get("version");
            return new Held(
                    integer(
                            field + ".seq",
                            required(field + ".seq", Optional.ofNullable(object.get("seq")))),
                    version == null || version.isNull()
                            ? Held.MESSAGES_ALONE
                            : integer(field + ".version", version));
        }
        return new Held(integer(field, value), Held.MESSAGES_ALONE);
    }

    private Optional<JobId> jobId() {
        return opaque("job_id").map(JobId::new);
    }

    /** The platform's own ids come as text or as numbers. */
    private Optional<String> opaque(String field) {
        return present(field)
                .map(
                        value -> {
                            if (value.isTextual()) {
                                return Text.line(field, value.textValue(), 1, 64);
                            }
                            String digits = value.isIntegralNumber() ? value.asText() : "";
                            if (!Text.isCanonicalInteger(digits)) {
                                throw Refusal.invalid(
                                        field, "must be text or a whole number from 0 to 2^53 - 1");
                            }
                            return digits;
                        });
    }

    private Optional<String> text(String field) {
        return present(field)
                .map(
                        value -> {
                            if (!value.isTextual()) {
                                throw Refusal.invalid(field, "must be text");
                            }
                            return value.textValue();
                        });
    }

    private Optional<Boolean> truth(String field) {
        return present(field)
                .map(
                        value -> {
                            if (!value.isBoolean()) {
                                throw Refusal.invalid(field, "must be true or false");
                            }
                            return value.booleanValue();
                        });
    }

    private Optional<Long> number(String field) {
        return present(field).map(value -> integer(field, value));
    }

    private static long integer(String field, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw Refusal.invalid(field, "must be a whole number");
        }
        return value.longValue();
    }

    private Optional<JsonNode> present(String field) {
        return Optional.ofNullable(json.get(field)).filter(value -> !value.isNull());
    }

    private static <T> T required(String field, Optional<T> value) {
        return value.orElseThrow(() -> Refusal.invalid(field, "is required"));
    }
}
