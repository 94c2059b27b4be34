package com.ecleaner.chat.websocket;

import com.ecleaner.chat.application.live.Delivery;
import com.ecleaner.chat.application.live.Notice;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.websocket.transport.Frame;

import java.util.List;
import java.util.Map;

/**
 * Notices as frames of the wire contract. Thread-safe. To encode a notice waits for nobody: it may
 * happen under a room's lock. Answers of one's own read presence first, which may wait a moment.
 */
final class Frames {
    private final Presence presence;

    Frames(Presence presence) {
        this.presence = presence;
    }

    /** The frame, made once for all who receive the delivery. */
    Frame of(Delivery delivery) {
        return delivery.encoded(this::encode);
    }

    private Frame encode(Notice notice) {
        JsonOut out = new JsonOut(512).object().name("type");
        switch (notice) {
            case Notice.Posted posted ->
                    message(out.value("chat_message"), posted.version(), posted.message());
            case Notice.Edited edited ->
                    message(out.value("message_edited"), edited.version(), edited.message());
            case Notice.Deleted deleted ->
                    message(out.value("message_deleted"), deleted.version(), deleted.message());
            case Notice.Read read -> {
                room(out.value("read"), read.room());
                out.name("version").value(read.version());
                mark(out, read.user(), read.upToSeq());
            }
            case Notice.OwnRead read -> {
                room(out.value("read"), read.room());
                out.name("version").value(read.version());
                mark(out, read.user(), read.upToSeq());
                out.name("unread_count").value(read.unread());
                out.name("total_unread").value(read.totalUnread());
            }
            case Notice.Typing typing -> {
                room(out.value("typing"), typing.room());
                Wire.person(out.name("user"), typing.user());
                out.name("is_typing").value(typing.typing());
            }
            case Notice.PresenceShown seen -> {
                Wire.id(out.value("presence").name("user_id"), seen.user());
                out.name("is_online").value(seen.online()).name("last_seen");
                seen.lastSeen().ifPresentOrElse(out::value, out::nullValue);
            }
            case Notice.RoomShown shown ->
                    Wire.room(out.value("room").name("room"), shown.room(), shown.presence());
            case Notice.RoomLeft left ->
                    room(out.value("room_left"), left.room()).name("reason").value(left.reason());
            case Notice.UserErased erased ->
                    Wire.id(out.value("user_erased").name("user_id"), erased.user());
            case Notice.Gap gap ->
                    room(out.value("gap"), gap.room())
                            .name("from_seq")
                            .value(gap.fromSeq())
                            .name("to_seq")
                            .value(gap.toSeq());
        }
        out.end();
        return Frame.text(out.bytes(), out.size());
    }

    /** A room as its viewer sees it, with who of its people is here now. May wait a moment. */
    void room(JsonOut out, RoomView view) {
        Wire.room(out, view, presenceOf(List.of(view)));
    }

    void rooms(JsonOut out, List<RoomView> views) {
        rooms(out, views, presenceOf(views));
    }

    static void rooms(JsonOut out, List<RoomView> views, Map<UserId, Presence.Seen> seen) {
        out.array();
        views.forEach(view -> Wire.room(out, view, seen));
        out.endArray();
    }

    static void mark(JsonOut out, UserId user, long upToSeq) {
        Wire.id(out.name("user_id"), user);
        out.name("up_to_seq").value(upToSeq);
    }

    private Map<UserId, Presence.Seen> presenceOf(List<RoomView> views) {
        return presence.of(Wire.shownPresence(views));
    }

    private static void message(JsonOut out, long version, Message message) {
        room(out, message.room());
        out.name("version").value(version);
        Wire.message(out.name("message"), message);
    }

    private static JsonOut room(JsonOut out, RoomId room) {
        return out.name("room").value(room.value());
    }
}
