package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.rooms.ListRooms;
import com.ecleaner.chat.application.rooms.OpenRoom;
import com.ecleaner.chat.application.wire.Cursors;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.room.RoomType;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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

import java.util.Map;
import java.util.Optional;

/** Rooms: the list of them, one of them, opening, closing, and how far one has read. */
@Path("chat/rooms")
@Produces(MediaType.APPLICATION_JSON)
public final class RoomsResource {
    private final Chat chat;
    private final Presence presence;

    RoomsResource(Chat chat, Presence presence) {
        this.chat = chat;
        this.presence = presence;
    }

    /** The asker's rooms, most recently active first. */
    @GET
    public Response list(
            @Context SecurityContext security, @Context Request request, @Context UriInfo address) {
        Actor actor = Asker.of(security);
        Query query = new Query(address);
        RoomPage page =
                chat.listRooms()
                        .list(
                                actor,
                                filter(query),
                                query.text("cursor").map(Cursors::room),
                                query.limit(ListRooms.LIMIT));
        long totalUnread = chat.listRooms().totalUnread(actor);
        Map<UserId, Presence.Seen> seen = presence.of(Wire.shownPresence(page.rooms()));
        JsonOut out = new JsonOut(1024 * (page.rooms().size() + 1)).object();
        out.name("results").array();
        for (RoomView view : page.rooms()) {
            Wire.room(out, view, seen);
        }
        out.endArray().name("next");
        page.next().map(Cursors::text).ifPresentOrElse(out::value, out::nullValue);
        return Answers.read(request, out.name("total_unread").value(totalUnread).end());
    }

    /** One room. */
    @GET
    @Path("{room}")
    public Response show(
            @Context SecurityContext security,
            @Context Request request,
            @PathParam("room") String room) {
        return Answers.room(
                request, chat.showRoom().show(Asker.of(security), Address.room(room)), presence);
    }

    /** Opens a room, or finds it open. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response open(@Context SecurityContext security, byte[] bytes) {
        Actor actor = Asker.of(security);
        OpenRoom.Opened opened = chat.openRoom().open(actor, key(actor, Body.read(bytes)));
        return Answers.opened(opened.view(), opened.created(), presence);
    }

    /** Closes a support or general room. */
    @POST
    @Path("{room}/close")
    public Response close(@Context SecurityContext security, @PathParam("room") String room) {
        return Answers.room(
                chat.closeRoom().close(Asker.of(security), Address.room(room)), presence);
    }

    /** Opens it again. */
    @POST
    @Path("{room}/reopen")
    public Response reopen(@Context SecurityContext security, @PathParam("room") String room) {
        return Answers.room(
                chat.closeRoom().reopen(Asker.of(security), Address.room(room)), presence);
    }

    /** Moves the asker's read mark. */
    @POST
    @Path("{room}/read")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response read(
            @Context SecurityContext security, @PathParam("room") String room, byte[] bytes) {
        Outcome mark =
                Commits.await(
                        chat.markRead()
                                .read(
                                        Asker.of(security),
                                        Address.room(room),
                                        Body.read(bytes).whole("up_to_seq")));
        return Answers.json(
                200,
                new JsonOut()
                        .object()
                        .name("last_read_seq")
                        .value(mark.lastReadSeq())
                        .name("unread_count")
                        .value(mark.unread())
                        .end());
    }

    private static RoomFilter filter(Query query) {
        boolean everyRoom =
                query.text("scope")
                        .map(
                                scope -> {
                                    if (!scope.equals("all")) {
                                        throw Refusal.invalid("scope", "must be all, or absent");
                                    }
                                    return true;
                                })
                        .orElse(false);
        return new RoomFilter(
                everyRoom,
                query.text("room_type").map(RoomsResource::type),
                query.truth("is_active"));
    }

    private static RoomKey key(Actor actor, Body body) {
        Optional<JobId> job = body.optionalId("job_id").map(JobId::new);
        Optional<String> topic = body.optionalText("topic");
        return switch (type(body.text("room_type"))) {
            case JOB -> new RoomKey.OfJob(job.orElseThrow(() -> body.missing("job_id")), topic);
            case SUPPORT ->
                    new RoomKey.OfSupport(
                            body.optionalId("user_id").map(UserId::new).orElse(actor.id()),
                            job,
                            topic);
            case GENERAL -> new RoomKey.OfAll(body.text("name"));
        };
    }

    private static RoomType type(String name) {
        return RoomType.named(name)
                .orElseThrow(() -> Refusal.invalid("room_type", "must be job, support or general"));
    }
}
