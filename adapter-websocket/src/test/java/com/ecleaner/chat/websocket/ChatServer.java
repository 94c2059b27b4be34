package com.ecleaner.chat.websocket;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.live.HandMovedTime;
import com.ecleaner.chat.application.live.Hub;
import com.ecleaner.chat.application.memory.InMemoryPresence;
import com.ecleaner.chat.application.memory.InMemoryStore;
import com.ecleaner.chat.application.memory.InMemoryTickets;
import com.ecleaner.chat.application.memory.InProcessEventBus;
import com.ecleaner.chat.application.signin.Doorkeeper;
import com.ecleaner.chat.application.signin.Identity;
import com.ecleaner.chat.application.signin.SignIn;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.event.ChatEvent;
import com.ecleaner.chat.domain.event.Passing;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.EventBus;
import com.ecleaner.chat.domain.port.Jobs;
import com.ecleaner.chat.domain.port.Presence;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.user.Person;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.domain.user.UserId;
import com.ecleaner.chat.websocket.transport.WebSocketSettings;
import com.ecleaner.chat.websocket.transport.WebSocketStack;

import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The whole chat on a port of its own, with everything it keeps in memory. */
final class ChatServer implements AutoCloseable {
    static final Actor PLATFORM = new Actor(new UserId("platform"), Role.SERVICE);

    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    final InMemoryStore store = new InMemoryStore();
    private final InMemoryPresence people = new InMemoryPresence();
    final AtomicReference<Runnable> whenPresenceIsAsked = new AtomicReference<>(() -> {});
    final Presence presence = presence();
    final EventBus bus;
    final Hub hub;
    final Chat chat;
    final Doorkeeper doorkeeper;
    final AtomicReference<RateLimits> limits = new AtomicReference<>(RateLimits.NONE);
    final AtomicBoolean signInAway = new AtomicBoolean();
    final WebSocketStack stack;
    private final InProcessEventBus own = new InProcessEventBus();
    private final ChatSockets sockets;
    private final HttpServer http = new HttpServer();
    private final NetworkListener listener = new NetworkListener("test", "127.0.0.1", 0);
    private final InstantSource clock;
    private final List<Client> clients = new ArrayList<>();
    private final AtomicInteger pictures = new AtomicInteger();

    /** What a test may want otherwise. */
    record Options(
            Optional<HandMovedTime> time,
            int connectionsPerUser,
            Optional<EventBus> bus,
            WebSocketSettings settings) {}

    static Options options() {
        return new Options(
                Optional.empty(),
                20,
                Optional.empty(),
                WebSocketSettings.defaults().withPaths(ChatSockets::isPath));
    }

    static ChatServer start() {
        return new ChatServer(options());
    }

    static ChatServer at(HandMovedTime time) {
        Options o = options();
        return new ChatServer(
                new Options(
                        Optional.of(time), o.connectionsPerUser(), Optional.empty(), o.settings()));
    }

    ChatServer(Options options) {
        clock = options.time().<InstantSource>map(t -> t).orElseGet(InstantSource::system);
        bus = options.bus().orElse(own);
        RateLimits bounds = (user, kind) -> limits.get().secondsToWait(user, kind);
        chat =
                new Chat(
                        new Chat.Stores(
                                store.log(),
                                store.rooms(),
                                store.jobs(),
                                store.users(),
                                store.search()),
                        bus,
                        bounds,
                        clock);
        hub =
                options.time()
                        .map(
                                time ->
                                        time.hub(
                                                store.rooms(),
                                                store.users(),
                                                bus,
                                                presence,
                                                options.connectionsPerUser()))
                        .orElseGet(
                                () ->
                                        new Hub(
                                                store.rooms(),
                                                store.users(),
                                                bus,
                                                presence,
                                                clock,
                                                options.connectionsPerUser()));
        doorkeeper = new Doorkeeper(signIn(), new InMemoryTickets(clock), store.users(), clock);
        sockets =
                new ChatSockets(chat, hub, doorkeeper, presence, bounds, options.settings(), clock);
        stack = new WebSocketStack(options.settings(), sockets);
        listener.getTransport().setSelectorRunnersCount(2);
        stack.install(listener);
        http.addListener(listener);
        try {
            http.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Presence presence() {
        return new Presence() {
            @Override
            public boolean arrived(UserId user, String session) {
                return people.arrived(user, session);
            }

            @Override
            public boolean left(UserId user, String session, Instant at) {
                return people.left(user, session, at);
            }

            @Override
            public Map<UserId, Seen> of(Set<UserId> users) {
                whenPresenceIsAsked.get().run();
                return people.of(users);
            }
        };
    }

    /** {@code anna:client} is anna, a client, for an hour; {@code anna:client:60} for a minute. */
    private SignIn signIn() {
        return token -> {
            if (signInAway.get()) {
                throw Refusal.unavailable("no keys");
            }
            String[] parts = token.split(":", -1);
            Optional<Role> role =
                    parts.length < 2 || parts[0].isEmpty()
                            ? Optional.empty()
                            : Role.named(parts[1]);
            Duration life =
                    parts.length > 2 ? Duration.ofSeconds(Long.parseLong(parts[2])) : TOKEN_LIFE;
            return role.filter(r -> life.isPositive())
                    .map(r -> new Identity(person(parts[0]), r, clock.instant().plus(life)));
        };
    }

    static Person person(String name) {
        return new Person(new UserId(name), name, "First " + name);
    }

    int port() {
        return listener.getPort();
    }

    // --- people

    /** Everything there is for that user. */
    Client connect(String token) {
        return connect("/ws/", token);
    }

    Client connect(String path, String token) {
        return open(path + "?token=" + token);
    }

    /** Whatever comes of it. */
    Client open(String pathAndQuery, String... headers) {
        Client client = Client.open(port(), pathAndQuery, headers);
        clients.add(client);
        return client;
    }

    /** A ticket for somebody who signed in otherwise. */
    String ticket(String name, Role role) {
        return ticket(name, role, TOKEN_LIFE).secret();
    }

    /** The same where their token lives for so long. */
    Doorkeeper.Ticket ticket(String name, Role role, Duration tokenLife) {
        return doorkeeper.ticket(
                new Visitor(
                        person(name),
                        new Actor(new UserId(name), role),
                        clock.instant().plus(tokenLife)));
    }

    Actor actor(String token) {
        String[] parts = token.split(":", -1);
        return new Actor(new UserId(parts[0]), Role.named(parts[1]).orElseThrow());
    }

    // --- what the platform writes

    /** A booked job; a name that is empty is nobody. Returns its main room. */
    long job(String id, String client, String cleaner) {
        return job(id, client, cleaner, "assigned", Optional.empty());
    }

    long job(String id, String client, String cleaner, String status, Optional<Boolean> active) {
        chat.maintainJobs()
                .put(
                        PLATFORM,
                        new Jobs.Writing(
                                new JobId(id),
                                "Kitchen, 3 h",
                                status,
                                named(client),
                                named(cleaner),
                                active));
        return room(RoomKey.OfJob.main(new JobId(id)));
    }

    private static Optional<Person> named(String name) {
        return name.isEmpty() ? Optional.empty() : Optional.of(person(name));
    }

    long room(RoomKey key) {
        return store.rooms().open(key, PLATFORM, clock.instant()).room().id().value();
    }

    /** A picture that somebody has uploaded for a room and not sent yet; returns its id. */
    String picture(long room, String uploader) {
        Attachment picture =
                new Attachment(
                        new AttachmentId("picture-" + pictures.incrementAndGet()),
                        "stain.jpg",
                        "image/jpeg",
                        48_213,
                        OptionalInt.of(1600),
                        OptionalInt.of(1200),
                        true);
        return upload(picture, room, uploader);
    }

    /** The same with a file that is no picture. */
    String document(long room, String uploader) {
        Attachment document =
                new Attachment(
                        new AttachmentId("document-" + pictures.incrementAndGet()),
                        "invoice.pdf",
                        "application/pdf",
                        9_000,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        false);
        return upload(document, room, uploader);
    }

    private String upload(Attachment file, long room, String uploader) {
        store.attachments()
                .add(
                        new Attachments.Upload(
                                file, new RoomId(room), new UserId(uploader), clock.instant()),
                        new Attachments.Quota(20, Long.MAX_VALUE, Instant.EPOCH));
        return file.id().value();
    }

    void role(String name, Role role) {
        chat.maintainUsers().put(PLATFORM, person(name), Optional.of(role));
    }

    void erase(String name) {
        chat.maintainUsers().erase(PLATFORM, new UserId(name));
    }

    /** What the store says that user has unread in that room. */
    long unread(long room, String name) {
        return store.rooms().view(new RoomId(room), new UserId(name)).orElseThrow().unread();
    }

    /** Returns once whatever was published before this was heard, presence for one thing. */
    void settle() {
        // More than the bus has threads, and of rooms that nobody follows.
        Set<ChatEvent> unheard = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 16; i++) {
            RoomId nowhere = new RoomId(1_000_000_000 + i);
            unheard.add(new Passing.TypingChanged(nowhere, person("nobody"), false));
        }
        CountDownLatch heard = new CountDownLatch(1);
        bus.listen(
                event -> {
                    if (unheard.remove(event) && unheard.isEmpty()) {
                        heard.countDown();
                    }
                });
        List.copyOf(unheard).forEach(bus::publish);
        try {
            if (!heard.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("not heard: " + unheard);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
        hub.close();
        http.shutdownNow();
        stack.close();
        sockets.close();
        own.close();
    }
}
