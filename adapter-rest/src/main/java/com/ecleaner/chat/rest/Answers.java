package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.view.RoomView;

import jakarta.ws.rs.core.Response;

import java.net.URI;
import java.util.List;

/** Outcomes as responses. */
final class Answers {
    private Answers() {}

    static Response json(int status, JsonOut out) {
        return Response.status(status).entity(out.toByteArray()).build();
    }

    static Response room(RoomView view, Presence presence) {
        return json(200, write(view, presence));
    }

    static Response opened(RoomView view, boolean created, Presence presence) {
        return created
                ? Response.created(URI.create("/chat/rooms/" + view.room().id() + "/"))
                        .entity(write(view, presence).toByteArray())
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
