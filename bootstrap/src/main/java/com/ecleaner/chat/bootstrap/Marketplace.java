package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.signin.SignIn;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;

import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.RequestExecutorProvider;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.HttpStatus;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The demo's stand-in for the platform: whose jobs there are, and what its people do with them. It
 * answers to the demo's players alone, by their tokens, and tells the chat what a platform would.
 *
 * <ul>
 *   <li>{@code GET /marketplace/jobs}: the asker's jobs, and the cleaners there are
 *   <li>{@code POST /marketplace/jobs/5?status=in_progress}: where a job stands, by its people
 *   <li>{@code POST /marketplace/jobs/5?cleaner=26}: assigns somebody, or nobody where it is empty;
 *       not by cleaners
 *   <li>{@code GET /marketplace/beside}: the token of whom to show beside the asker
 * </ul>
 */
final class Marketplace extends HttpHandler {
    static final String PATH = "/marketplace";

    /** Where a job can stand; at the last its rooms are closed. */
    static final List<String> STATUSES =
            List.of("searching", "assigned", "in_progress", "completed");

    private static final Actor PLATFORM = new Actor(new UserId("platform"), Role.SERVICE);

    /** Somebody of the demo. */
    record Player(Person person, Role role) {
        Actor actor() {
            return new Actor(person.id(), role);
        }
    }

    /** What the platform knows of a job besides what it tells the chat. */
    record Booking(JobId job, String title, String time, String place, String price) {}

    private final SignIn signIn;
    private final List<Player> players;
    private final List<Booking> bookings;
    private final Function<Player, String> beside;
    private final Chat chat;
    private final Jobs jobs;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Opens it.
     *
     * @param beside the token of whom to show beside a player
     */
    Marketplace(
            SignIn signIn,
            List<Player> players,
            List<Booking> bookings,
            Function<Player, String> beside,
            Chat chat,
            Jobs jobs) {
        super("marketplace");
        this.signIn = signIn;
        this.players = List.copyOf(players);
        this.bookings = List.copyOf(bookings);
        this.beside = beside;
        this.chat = chat;
        this.jobs = jobs;
    }

    /** Tells the chat of a job. Blocks. */
    void write(Booking booking, String status, Optional<Person> client, Optional<Person> cleaner) {
        boolean active = !status.equals(STATUSES.getLast());
        chat.maintainJobs()
                .put(
                        PLATFORM,
                        new Jobs.Writing(
                                booking.job(),
                                booking.title(),
                                status,
                                client,
                                cleaner,
                                Optional.of(active)));
    }

    /** Tells the chat of a player, unless it knows them. Blocks. */
    void introduce(Player player) {
        chat.maintainUsers().put(PLATFORM, player.person(), Optional.of(player.role()));
    }

    /** On threads of its own: it waits for the database. */
    @Override
    public RequestExecutorProvider getRequestExecutorProvider() {
        return request -> threads;
    }

    @Override
    public void destroy() {
        threads.shutdown();
        super.destroy();
    }

    @Override
    public void service(Request request, Response response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        Optional<Player> asker = asker(request);
        if (asker.isEmpty()) {
            response.setStatus(HttpStatus.UNAUTHORIZED_401);
            return;
        }
        try {
            answer(request, response, asker.get());
        } catch (Refusal refused) {
            response.setStatus(
                    switch (refused.code()) {
                        case FORBIDDEN -> HttpStatus.FORBIDDEN_403;
                        case NOT_FOUND -> HttpStatus.NOT_FOUND_404;
                        case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE_503;
                        default -> HttpStatus.BAD_REQUEST_400;
                    });
        }
    }

    private Optional<Player> asker(Request request) {
        return Optional.ofNullable(request.getHeader(Header.Authorization))
                .filter(header -> header.startsWith("Bearer "))
                .flatMap(header -> signIn.verify(header.substring("Bearer ".length())))
                .flatMap(identity -> player(identity.person().id()));
    }

    private Optional<Player> player(UserId id) {
        return players.stream().filter(player -> player.person().id().equals(id)).findFirst();
    }

    private void answer(Request request, Response response, Player asker) throws IOException {
        String path = request.getRequestURI().substring(PATH.length());
        boolean reads = Method.GET.equals(request.getMethod());
        if (reads && path.equals("/beside")) {
            response.setContentType("text/plain; charset=utf-8");
            response.getWriter().write(beside.apply(asker));
        } else if (reads && path.equals("/jobs")) {
            response.setContentType("application/json");
            response.getOutputStream().write(jobsOf(asker).toByteArray());
        } else if (Method.POST.equals(request.getMethod()) && path.startsWith("/jobs/")) {
            change(path.substring("/jobs/".length()), request, asker);
            response.setStatus(HttpStatus.NO_CONTENT_204);
        } else {
            throw Refusal.notFound("page");
        }
    }

    private void change(String id, Request request, Player asker) {
        Booking booking =
                bookings.stream()
                        .filter(candidate -> candidate.job().value().equals(id))
                        .findFirst()
                        .orElseThrow(() -> Refusal.notFound("job"));
        Job job = find(booking, asker).orElseThrow(() -> Refusal.notFound("job"));
        String status = Optional.ofNullable(request.getParameter("status")).orElse(job.status());
        if (!STATUSES.contains(status)) {
            throw Refusal.invalid("status", "must be one of " + STATUSES);
        }
        Optional<Person> cleaner = person(job.cleaner());
        String wanted = request.getParameter("cleaner");
        if (wanted != null) {
            if (asker.role() == Role.CLEANER) {
                throw Refusal.forbidden("cleaners do not assign");
            }
            cleaner = cleaners().filter(person -> person.id().value().equals(wanted)).findFirst();
            status =
                    cleaner.isEmpty()
                            ? "searching"
                            : status.equals("searching") ? "assigned" : status;
        }
        write(booking, status, person(job.client()), cleaner);
    }

    private Stream<Person> cleaners() {
        return players.stream().filter(player -> player.role() == Role.CLEANER).map(Player::person);
    }

    private Optional<Person> person(Optional<UserId> id) {
        return id.flatMap(this::player).map(Player::person);
    }

    /** A job, as far as this player may know of it. */
    private Optional<Job> find(Booking booking, Player asker) {
        return jobs.find(booking.job())
                .filter(
                        job ->
                                asker.role() == Role.ADMIN
                                        || job.people().containsKey(asker.person().id()));
    }

    private JsonOut jobsOf(Player asker) {
        JsonOut json = new JsonOut().object();
        json.name("me");
        write(json, asker.person()).name("role").value(asker.role().wireName());
        json.name("jobs").array();
        for (Booking booking : bookings) {
            find(booking, asker).ifPresent(job -> write(json, booking, job));
        }
        json.endArray().name("cleaners").array();
        cleaners().forEach(cleaner -> write(json, cleaner));
        return json.endArray().end();
    }

    private void write(JsonOut json, Booking booking, Job job) {
        json.object().name("id").value(job.id().value());
        json.name("title").value(job.title()).name("status").value(job.status());
        json.name("time").value(booking.time()).name("place").value(booking.place());
        json.name("price").value(booking.price());
        json.name("client");
        person(job.client()).ifPresentOrElse(who -> write(json, who), json::nullValue);
        json.name("cleaner");
        person(job.cleaner()).ifPresentOrElse(who -> write(json, who), json::nullValue);
        json.end();
    }

    private static JsonOut write(JsonOut json, Person person) {
        return json.object()
                .name("id")
                .value(person.id().value())
                .name("name")
                .value(person.firstName())
                .end();
    }
}
