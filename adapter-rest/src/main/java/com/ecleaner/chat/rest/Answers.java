package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.view.RoomView;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Outcomes as responses. */
final class Answers {
    /** Enough of a digest that no two answers meet in one tag by chance. */
    private static final int TAG_BYTES = 16;

    private Answers() {}

    static Response json(int status, JsonOut out) {
        return json(status, out.toByteArray());
    }

    private static Response json(int status, byte[] json) {
        return sized(Response.status(status), json).build();
    }

    /** Its size is known: said ahead, the answer goes out whole, and not in chunks. */
    private static Response.ResponseBuilder sized(Response.ResponseBuilder answer, byte[] json) {
        return answer.header(HttpHeaders.CONTENT_LENGTH, json.length).entity(json);
    }

    /**
     * What was read, with a tag of its bytes; 304 and no bytes for whoever has the same already.
     * Whatever the answer says is in its tag, names and presence too, so a tag never hides a
     * change.
     */
    static Response read(Request request, JsonOut out) {
        byte[] json = out.toByteArray();
        EntityTag tag = new EntityTag(digest(json));
        Response.ResponseBuilder same = request.evaluatePreconditions(tag);
        return (same != null ? same : sized(Response.ok(), json).tag(tag)).build();
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Arrays.copyOf(digest, TAG_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static Response room(RoomView view, Presence presence) {
        return json(200, write(view, presence));
    }

    static Response room(Request request, RoomView view, Presence presence) {
        return read(request, write(view, presence));
    }

    static Response opened(RoomView view, boolean created, Presence presence) {
        return created
                ? sized(
                                Response.created(
                                        URI.create("/chat/rooms/" + view.room().id() + "/")),
                                write(view, presence).toByteArray())
                        .build()
                : room(view, presence);
    }

    /** 201 for what was said now, 200 for what was said before. */
    static Response sent(Outcome outcome) {
        return message(outcome.repeated() ? 200 : 201, outcome);
    }

    static Response message(int status, Outcome outcome) {
        Message message =
                outcome.message()
                        .orElseThrow(
                                () -> new IllegalStateException("an outcome lacks its message"));
        JsonOut out = new JsonOut();
        Wire.message(out, message);
        return json(status, out);
    }

    private static JsonOut write(RoomView view, Presence presence) {
        JsonOut out = new JsonOut(1024);
        Wire.room(out, view, presence.of(Wire.shownPresence(List.of(view))));
        return out;
    }
}
