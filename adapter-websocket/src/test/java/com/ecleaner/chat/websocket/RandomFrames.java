package com.ecleaner.chat.websocket;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Frames of the chat whose fields say anything: mostly what they may, sometimes what they may not,
 * now and then no JSON at all.
 */
final class RandomFrames {
    /** These are answered under their id, whatever comes of them. */
    private static final List<String> ASKING =
            List.of("history", "rooms", "room", "open_room", "sync", "auth", "ping", "whatever");

    private static final List<String> ACTING =
            List.of("message", "message", "edit", "delete", "read", "typing", "leave_room");

    private static final List<String> FIELDS =
            List.of(
                    "room",
                    "message",
                    "message_type",
                    "client_id",
                    "reply_to",
                    "attachment_id",
                    "message_id",
                    "up_to_seq",
                    "is_typing",
                    "before_seq",
                    "after_seq",
                    "around_seq",
                    "limit",
                    "cursor",
                    "room_type",
                    "job_id",
                    "topic",
                    "name",
                    "user_id",
                    "rooms",
                    "token",
                    "sender",
                    "seq",
                    "version",
                    "timestamp");

    private static final List<String> ODD =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "-1",
                    "1.5",
                    "1e3",
                    "-0",
                    "9007199254740993",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "1" + "0".repeat(900),
                    "\"\"",
                    "\" \"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"\\u202eexe.txt\"",
                    "\"a/../b\"",
                    "\"%2e%2e\"",
                    "\"'; drop table message; --\"",
                    "\"<script>alert(1)</script>\"",
                    "\"\\r\\nERROR forged\"",
                    "\"" + "x".repeat(5_000) + "\"",
                    "\"👋🏽\"",
                    "[]",
                    "{}",
                    "[[[[1]]]]",
                    "{\"a\":{\"b\":[1,{}]}}");

    private final Random random;
    private final long[] rooms;

    /**
     * @param rooms ids of rooms that exist, the user's own and others'
     */
    RandomFrames(Random random, long... rooms) {
        this.random = random;
        this.rooms = rooms;
    }

    /** A frame, and whether one answer must come that repeats its id. */
    record Sent(String text, boolean answered) {}

    Sent next(String id) {
        if (random.nextInt(20) == 0) {
            return new Sent(broken(id), false);
        }
        boolean asks = random.nextBoolean();
        List<String> types = asks ? ASKING : ACTING;
        String type = types.get(random.nextInt(types.size()));
        StringBuilder frame = new StringBuilder("{\"type\":\"" + type + "\",\"id\":\"" + id + '"');
        for (String field : FIELDS) {
            if (random.nextInt(10) < (belongs(type, field) ? 9 : 1)) {
                boolean odd = random.nextInt(12) == 0;
                frame.append(",\"").append(field).append("\":");
                frame.append(odd ? any(ODD) : plausible(field));
            }
        }
        return new Sent(frame.append('}').toString(), asks);
    }

    private static boolean belongs(String type, String field) {
        return switch (field) {
            case "room" -> !List.of("rooms", "open_room", "sync", "auth", "ping").contains(type);
            case "message" -> type.equals("message") || type.equals("edit");
            case "client_id" -> type.equals("message");
            case "message_id" -> type.equals("edit") || type.equals("delete");
            case "up_to_seq" -> type.equals("read");
            case "is_typing" -> type.equals("typing");
            case "room_type", "name", "job_id" -> type.equals("open_room");
            case "rooms" -> type.equals("sync");
            case "token" -> type.equals("auth");
            case "limit" -> type.equals("history") || type.equals("rooms");
            default -> false;
        };
    }

    private String plausible(String field) {
        return switch (field) {
            case "room" -> room();
            case "message" -> "\"text " + random.nextInt(1_000) + "\"";
            case "message_type" -> any(List.of("\"text\"", "\"image\"", "\"system\""));
            case "client_id" -> "\"fuzz-" + random.nextInt(5_000) + "\"";
            case "reply_to", "message_id" -> Integer.toString(random.nextInt(2_000));
            case "up_to_seq", "before_seq", "after_seq", "around_seq" ->
                    Integer.toString(random.nextInt(300));
            case "is_typing" -> Boolean.toString(random.nextBoolean());
            case "limit" -> Integer.toString(1 + random.nextInt(5));
            case "cursor" -> "\"MTc2MTM4ODIwMDAwMDox\"";
            case "room_type" -> any(List.of("\"general\"", "\"job\"", "\"support\""));
            case "job_id" -> any(List.of("5", "6", "\"5\"", "7"));
            case "topic" -> "\"topic " + random.nextInt(3) + "\"";
            case "name" -> "\"room " + random.nextInt(3) + "\"";
            case "user_id" -> any(List.of("\"anna\"", "\"eve\"", "26"));
            case "rooms" -> held();
            case "token" -> any(List.of("\"anna:client\"", "\"nobody\"", "\"eve:client:86400\""));
            case "sender" -> "{\"id\":1}";
            case "timestamp" -> "\"2025-10-25T10:30:00.123Z\"";
            default -> Integer.toString(random.nextInt(100));
        };
    }

    private String room() {
        return random.nextInt(8) == 0
                ? Integer.toString(random.nextInt(50))
                : Long.toString(rooms[random.nextInt(rooms.length)]);
    }

    private String held() {
        // No key twice: that would be no frame at all, and answered without an id.
        Map<String, String> held = new TreeMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String level =
                    switch (random.nextInt(8)) {
                        case 0 -> any(ODD);
                        case 1 -> "{\"seq\":" + any(ODD) + ",\"version\":1}";
                        case 2 -> "{\"seq\":1,\"version\":" + any(ODD) + "}";
                        case 3 -> Integer.toString(random.nextInt(300));
                        default ->
                                "{\"seq\":"
                                        + (200 + random.nextInt(400))
                                        + ",\"version\":"
                                        + (200 + random.nextInt(900))
                                        + "}";
                    };
            held.put(room() + (random.nextInt(15) == 0 ? "x" : ""), level);
        }
        return held.entrySet().stream()
                .map(entry -> '"' + entry.getKey() + "\":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** A frame with a piece cut off, put in, or doubled. */
    private String broken(String id) {
        String frame = "{\"type\":\"ping\",\"id\":\"" + id + "\",\"room\":" + room() + "}";
        int at = random.nextInt(frame.length());
        return switch (random.nextInt(5)) {
            case 0 -> frame.substring(0, at);
            case 1 ->
                    frame.substring(0, at) + (char) (32 + random.nextInt(90)) + frame.substring(at);
            case 2 -> frame + frame;
            case 3 -> "[".repeat(random.nextInt(5_000));
            default -> frame.replace("\"id\"", "\"type\"");
        };
    }

    private String any(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
