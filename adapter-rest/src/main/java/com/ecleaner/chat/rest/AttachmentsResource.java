package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.files.DownloadFile;
import com.ecleaner.chat.application.files.UploadFile;
import com.ecleaner.chat.application.limits.Gate;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Actor;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.apache.commons.fileupload2.core.FileUploadException;
import org.glassfish.jersey.server.CloseableService;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;

/** Files: sending one in as it comes, fetching it or its thumbnail, whole or in part. */
@Path("chat/attachments")
public final class AttachmentsResource {
    private static final int MAX_ROOM = 19;

    private final Chat chat;
    private final Gate downloads;

    /**
     * Files of this chat.
     *
     * @param downloads what is under way of them, for as long as their askers take to take them
     */
    AttachmentsResource(Chat chat, Gate downloads) {
        this.chat = chat;
        this.downloads = downloads;
    }

    /** Takes in a file for a room; the form's two fields come in either order. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Produces(MediaType.APPLICATION_JSON)
    public Response upload(
            @Context SecurityContext security,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String type,
            InputStream body) {
        Attachment file;
        try (UploadFile.Upload upload = chat.uploadFile().begin(Asker.of(security))) {
            file = receive(upload, Multipart.of(type, body));
        } catch (FileUploadException e) {
            throw Multipart.malformed();
        } catch (IOException e) {
            throw new ProblemException(Problem.badFrame("the body broke off"));
        }
        JsonOut out = new JsonOut(512);
        Wire.attachment(out, file);
        return Response.created(URI.create("/chat/attachments/" + file.id().value() + "/"))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(out.toByteArray())
                .build();
    }

    private static Attachment receive(UploadFile.Upload upload, Multipart form) throws IOException {
        Optional<Multipart.Part> next = form.next();
        while (next.isPresent()) {
            Multipart.Part part = next.get();
            switch (part.name()) {
                case "room" -> upload.room(room(part));
                case "file" ->
                        upload.file(
                                part.fileName()
                                        .orElseThrow(
                                                () -> Refusal.invalid("file", "must be a file")),
                                part.content());
                default -> {
                    // A field that nobody knows is ignored.
                }
            }
            next = form.next();
        }
        return upload.keep();
    }

    private static RoomId room(Multipart.Part part) throws IOException {
        String text = part.text(MAX_ROOM).strip();
        if (!text.matches("[1-9][0-9]{0,18}")) {
            throw Refusal.invalid("room", "must be a room's id");
        }
        return Address.room(text);
    }

    /** The file itself. */
    @GET
    @Path("{file}")
    public Response whole(
            @Context SecurityContext security,
            @PathParam("file") String file,
            @Context HttpHeaders headers,
            @Context CloseableService atTheEnd) {
        Actor actor = enter(security, atTheEnd);
        return answer(chat.downloadFile().whole(actor, Address.attachment(file)), headers);
    }

    /** A picture's small version. */
    @GET
    @Path("{file}/thumbnail")
    public Response thumbnail(
            @Context SecurityContext security,
            @PathParam("file") String file,
            @Context HttpHeaders headers,
            @Context CloseableService atTheEnd) {
        Actor actor = enter(security, atTheEnd);
        return answer(chat.downloadFile().thumbnail(actor, Address.attachment(file)), headers);
    }

    /** Takes the asker's place among the downloads until the answer is written. */
    private Actor enter(SecurityContext security, CloseableService atTheEnd) {
        Actor actor = Asker.of(security);
        downloads.enter(actor.id());
        atTheEnd.add(() -> downloads.leave(actor.id()));
        return actor;
    }

    private static Response answer(DownloadFile.Download download, HttpHeaders headers) {
        MediaType type = MediaType.valueOf(download.contentType());
        if (headers.getAcceptableMediaTypes().stream().noneMatch(type::isCompatible)) {
            throw new ProblemException(Problem.of(406, "not_acceptable", "the file is " + type));
        }
        return new FileAnswer(download)
                .to(
                        one(headers, HttpHeaders.IF_NONE_MATCH),
                        one(headers, "Range"),
                        one(headers, "If-Range"));
    }

    private static Optional<String> one(HttpHeaders headers, String name) {
        return Optional.ofNullable(headers.getHeaderString(name));
    }
}
