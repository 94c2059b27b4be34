package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.commit.Commits;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.JobChanges;
import com.ecleaner.chat.domain.message.MessageType;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.Users;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the platform writes: its users, its jobs, and its own messages. Role service only. */
@Path("platform")
@Produces(MediaType.APPLICATION_JSON)
public final class PlatformResource {
    /** RFC 7240: with it, a deletion is answered with what it removed. */
    private static final String REPORT = "return=representation";

    private final Chat chat;

    PlatformResource(Chat chat) {
        this.chat = chat;
    }

    /** Says who a user is. */
    @PUT
    @Path("users/{user}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response putUser(
            @Context SecurityContext security, @PathParam("user") String user, byte[] bytes) {
        Actor platform = Asker.platform(security);
        UserId id = Address.user(user);
        Body body = Body.read(bytes);
        Person person = new Person(id, body.text("username"), body.text("first_name"));
        Role role =
                Role.named(body.text("role"))
                        .orElseThrow(
                                () ->
                                        body.invalid(
                                                "role",
                                                "must be client, cleaner, admin or service"));
        return Answers.json(
                200, json(chat.maintainUsers().put(platform, person, Optional.of(role))));
    }

    /** Forgets a user. */
    @DELETE
    @Path("users/{user}")
    public Response eraseUser(
            @Context SecurityContext security,
            @PathParam("user") String user,
            @HeaderParam("Prefer") List<String> preferences) {
        Users.Erasure erasure =
                chat.maintainUsers().erase(Asker.platform(security), Address.user(user));
        return wantsReport(preferences)
                ? Response.ok(json(erasure).toByteArray())
                        .header("Preference-Applied", REPORT)
                        .build()
                : Response.noContent().build();
    }

    private static boolean wantsReport(List<String> preferences) {
        return preferences.stream()
                .flatMap(line -> Arrays.stream(line.split("[,;]", 20)))
                .anyMatch(preference -> preference.strip().equalsIgnoreCase(REPORT));
    }

    /** Says how a job stands and who works on it. */
    @PUT
    @Path("jobs/{job}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response putJob(
            @Context SecurityContext security, @PathParam("job") String job, byte[] bytes) {
        Actor platform = Asker.platform(security);
        Body body = Body.read(bytes);
        Jobs.Written written = chat.maintainJobs().put(platform, writing(Address.job(job), body));
        // The main room exists by now: opening it finds it.
        RoomId main =
                chat.openRoom()
                        .open(platform, RoomKey.OfJob.main(written.job().id()))
                        .view()
                        .room()
                        .id();
        return Answers.json(written.created() ? 201 : 200, json(written.job(), main));
    }

    /** Posts a message of the platform's own. */
    @POST
    @Path("rooms/{room}/messages")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response post(
            @Context SecurityContext security, @PathParam("room") String room, byte[] bytes) {
        Actor platform = Asker.platform(security);
        RoomId id = Address.room(room);
        Body body = Body.read(bytes);
        return Answers.sent(
                Commits.await(
                        chat.sendMessage()
                                .send(
                                        platform,
                                        id,
                                        MessagesResource.clientId(body),
                                        () -> draft(body))));
    }

    private static Jobs.Writing writing(JobId id, Body body) {
        String title = body.text("title");
        String status = body.text("status");
        if (!body.has("client")) {
            throw body.missing("client");
        }
        Optional<Person> client = body.object("client").map(PlatformResource::person);
        Optional<Person> cleaner = body.object("cleaner").map(PlatformResource::person);
        return new Jobs.Writing(id, title, status, client, cleaner, body.truth("is_active"));
    }

    private static Person person(Body body) {
        return new Person(
                new UserId(body.id("id")), body.text("username"), body.text("first_name"));
    }

    private static Draft draft(Body body) {
        Optional<JobChanges> data = body.object("data").map(PlatformResource::changes);
        MessageType type =
                body.optionalText("message_type")
                        .map(MessagesResource::type)
                        .orElse(data.isPresent() ? MessageType.JOB_UPDATE : MessageType.SYSTEM);
        if (!type.isPlatforms()) {
            throw Refusal.invalid("message_type", "must be system or job_update");
        }
        String content =
                data.isPresent() ? body.optionalText("message").orElse("") : body.text("message");
        return new Draft(
                type,
                content,
                MessagesResource.clientId(body),
                MessagesResource.replyTo(body),
                Optional.empty(),
                data);
    }

    private static JobChanges changes(Body data) {
        Map<String, JobChanges.Change> fields = new LinkedHashMap<>();
        data.objects()
                .forEach(
                        (name, change) ->
                                fields.put(
                                        name,
                                        new JobChanges.Change(
                                                change.optionalText("from").orElse(""),
                                                change.optionalText("to").orElse(""))));
        return new JobChanges(fields);
    }

    private static JsonOut json(User user) {
        JsonOut out = new JsonOut().object();
        Wire.id(out.name("id"), user.id());
        out.name("username").value(user.person().username());
        out.name("first_name").value(user.person().firstName());
        out.name("role");
        user.role().map(Role::wireName).ifPresentOrElse(out::value, out::nullValue);
        return out.end();
    }

    private static JsonOut json(Users.Erasure erasure) {
        JsonOut out = new JsonOut().object();
        Wire.id(out.name("id"), erasure.user());
        out.name("rooms").value(erasure.rooms());
        out.name("messages").value(erasure.messages());
        out.name("edits").value(erasure.edits());
        return out.name("files").value(erasure.files()).end();
    }

    private static JsonOut json(Job job, RoomId main) {
        JsonOut out = new JsonOut().object();
        Wire.id(out.name("id"), job.id());
        out.name("title").value(job.title());
        out.name("status").value(job.status());
        out.name("is_active").value(job.active());
        id(out.name("client"), job.client());
        id(out.name("cleaner"), job.cleaner());
        return out.name("room").value(main.value()).end();
    }

    private static void id(JsonOut out, Optional<UserId> user) {
        user.ifPresentOrElse(id -> Wire.id(out, id), out::nullValue);
    }
}
