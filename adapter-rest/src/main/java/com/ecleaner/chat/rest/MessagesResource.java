package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.messages.ListEdits;
import com.ecleaner.chat.application.messages.PageHistory;
import com.ecleaner.chat.application.wire.Cursors;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;

import java.util.Optional;
import java.util.OptionalLong;

/** A room's messages: reading a page of them, saying something, changing it, taking it back. */
@Path("chat/rooms")
@Produces(MediaType.APPLICATION_JSON)
public final class MessagesResource {
    private final Chat chat;

    MessagesResource(Chat chat) {
        this.chat = chat;
    }

    /** A page of history, ascending by seq. */
    @GET
    @Path("{room}/messages")
    public Response page(
            @Context SecurityContext security,
            @Context Request request,
            @PathParam("room") String room,
            @Context UriInfo address) {
        Actor actor = Asker.of(security);
        RoomId id = Address.room(room);
        Query query = new Query(address);
        MessagePage page =
                chat.pageHistory().page(actor, id, position(query), query.limit(PageHistory.LIMIT));
        JsonOut out = new JsonOut(512 * (page.messages().size() + 1)).object();
        Wire.messages(out.name("results"), page.messages());
        out.name("has_more_before").value(page.moreBefore());
        out.name("has_more_after").value(page.moreAfter());
        return Answers.read(request, out.end());
    }

    /** Says something. */
    @POST
    @Path("{room}/send_message")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response send(
            @Context SecurityContext security, @PathParam("room") String room, byte[] bytes) {
        Actor actor = Asker.of(security);
        RoomId id = Address.room(room);
        Body body = Body.read(bytes);
        return Answers.sent(
                Commits.await(
                        chat.sendMessage().send(actor, id, clientId(body), () -> draft(body))));
    }

    /** Changes the text of one's own message. */
    @PATCH
    @Path("{room}/messages/{message}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response edit(
            @Context SecurityContext security,
            @PathParam("room") String room,
            @PathParam("message") String message,
            byte[] bytes) {
        Actor actor = Asker.of(security);
        RoomId roomId = Address.room(room);
        MessageId id = Address.message(message);
        String text = Body.read(bytes).text("message");
        return Answers.message(
                200, Commits.await(chat.editMessage().edit(actor, roomId, id, text)));
    }

    /** Takes a message back. */
    @DELETE
    @Path("{room}/messages/{message}")
    public Response delete(
            @Context SecurityContext security,
            @PathParam("room") String room,
            @PathParam("message") String message) {
        Commits.await(
                chat.deleteMessage()
                        .delete(Asker.of(security), Address.room(room), Address.message(message)));
        return Response.noContent().build();
    }

    /** What a message said before it was edited. */
    @GET
    @Path("{room}/messages/{message}/edits")
    public Response edits(
            @Context SecurityContext security,
            @PathParam("room") String room,
            @PathParam("message") String message,
            @Context UriInfo address) {
        Query query = new Query(address);
        JsonOut out = new JsonOut().object();
        Wire.earlier(
                out,
                chat.listEdits()
                        .list(
                                Asker.of(security),
                                Address.room(room),
                                Address.message(message),
                                query.text("cursor")
                                        .map(Cursors::number)
                                        .map(OptionalLong::of)
                                        .orElseGet(OptionalLong::empty),
                                query.limit(ListEdits.LIMIT)));
        return Answers.json(200, out.end());
    }

    private static Position position(Query query) {
        Optional<Position> before = query.whole("before_seq").map(Position.Before::new);
        Optional<Position> after = query.whole("after_seq").map(Position.After::new);
        Optional<Position> around = query.whole("around_seq").map(Position.Around::new);
        if (before.isPresent() && after.isPresent()) {
            throw oneOnly("after_seq");
        }
        if (around.isPresent() && (before.isPresent() || after.isPresent())) {
            throw oneOnly("around_seq");
        }
        return before.or(() -> after).or(() -> around).orElseGet(Position.Latest::new);
    }

    private static Refusal oneOnly(String field) {
        return Refusal.invalid(field, "only one of before_seq, after_seq, around_seq at a time");
    }

    private static Draft draft(Body body) {
        MessageType type =
                body.optionalText("message_type")
                        .map(MessagesResource::type)
                        .orElse(MessageType.TEXT);
        Optional<AttachmentId> attachment =
                body.optionalText("attachment_id").map(AttachmentId::new);
        // With its attachment an image or file may come without words.
        String content =
                attachment.isPresent()
                        ? body.optionalText("message").orElse("")
                        : body.text("message");
        return new Draft(
                type, content, clientId(body), replyTo(body), attachment, Optional.empty());
    }

    static Optional<ClientId> clientId(Body body) {
        return body.optionalText("client_id").map(ClientId::new);
    }

    static Optional<MessageId> replyTo(Body body) {
        return body.optionalWhole("reply_to")
                .map(
                        id -> {
                            if (id < 1) {
                                throw body.invalid("reply_to", "must be a positive number");
                            }
                            return new MessageId(id);
                        });
    }

    static MessageType type(String name) {
        return MessageType.named(name)
                .orElseThrow(() -> Refusal.invalid("message_type", "is none of the known ones"));
    }
}
