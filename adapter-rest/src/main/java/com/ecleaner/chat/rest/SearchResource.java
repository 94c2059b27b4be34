package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.messages.SearchMessages;
import com.ecleaner.chat.application.wire.Cursors;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.SearchPage;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;

/** Finding what was said. */
@Path("chat/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {
    private final Chat chat;

    SearchResource(Chat chat) {
        this.chat = chat;
    }

    /** A page of messages with these words, best first. */
    @GET
    public Response search(@Context SecurityContext security, @Context UriInfo address) {
        Actor actor = Asker.of(security);
        Query query = new Query(address);
        Terms terms =
                Terms.of(query.text("q").orElseThrow(() -> Refusal.invalid("q", "is required")));
        SearchPage page =
                chat.searchMessages()
                        .search(
                                actor,
                                terms,
                                query.whole("room").map(SearchResource::room),
                                query.text("cursor").map(Cursors::search),
                                query.limit(SearchMessages.LIMIT));
        JsonOut out = new JsonOut(1024 * (page.messages().size() + 1)).object();
        Wire.found(out, page, terms);
        return Answers.json(200, out.end());
    }

    private static RoomId room(long id) {
        if (id < 1) {
            throw Refusal.notFound("room");
        }
        return new RoomId(id);
    }
}
