package com.ecleaner.chat.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.domain.room.RoomId;

import java.io.ByteArrayOutputStream;

/** A form as browsers send it (RFC 7578). */
final class Form {
    static final String TYPE = "multipart/form-data; boundary=----x1Y2z3";

    private static final String DASHES = "------x1Y2z3";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A file for a room, the room first. */
    static Form of(RoomId room, String name, byte[] content) {
        return new Form().field("room", room.toString()).file(name, content);
    }

    Form field(String name, String value) {
        return part("form-data; name=\"" + name + "\"", value.getBytes(UTF_8));
    }

    Form file(String fileName, byte[] content) {
        return part("form-data; name=\"file\"; filename=\"" + fileName + "\"", content);
    }

    Form part(String disposition, byte[] content) {
        text(DASHES + "\r\nContent-Disposition: " + disposition + "\r\n");
        text("Content-Type: image/svg+xml\r\n\r\n");
        out.writeBytes(content);
        text("\r\n");
        return this;
    }

    private void text(String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }

    /** What was written so far, without an end. */
    byte[] unfinished() {
        return out.toByteArray();
    }

    byte[] bytes() {
        text(DASHES + "--\r\n");
        return out.toByteArray();
    }
}
