package com.ecleaner.chat.websocket;

import com.ecleaner.chat.application.live.Delivery;
import com.ecleaner.chat.application.live.Ending;
import com.ecleaner.chat.application.live.Hub;
import com.ecleaner.chat.application.live.Listener;
import com.ecleaner.chat.application.live.LiveSession;
import com.ecleaner.chat.application.live.Notice;
import com.ecleaner.chat.application.live.Synced;
import com.ecleaner.chat.application.live.Welcome;
import com.ecleaner.chat.application.messages.ListEdits;
import com.ecleaner.chat.application.messages.PageHistory;
import com.ecleaner.chat.application.messages.SearchMessages;
import com.ecleaner.chat.application.rooms.ListRooms;
import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.application.wire.Cursors;
import com.ecleaner.chat.application.wire.JsonOut;
import com.ecleaner.chat.application.wire.Wire;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.log.Outcome;
import com.ecleaner.chat.domain.message.Draft;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.port.RateLimits;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.room.RoomKey;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.EarlierPage;
import com.ecleaner.chat.domain.view.MessagePage;
import com.ecleaner.chat.domain.view.Position;
import com.ecleaner.chat.domain.view.RoomCursor;
import com.ecleaner.chat.domain.view.RoomFilter;
import com.ecleaner.chat.domain.view.RoomPage;
import com.ecleaner.chat.domain.view.RoomView;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.SearchPage;
import com.ecleaner.chat.websocket.transport.Closing;
import com.ecleaner.chat.websocket.transport.Handshake;
import com.ecleaner.chat.websocket.transport.Socket;
import com.ecleaner.chat.websocket.transport.SocketListener;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * One WebSocket connection, whatever its address. Frames come in on a network thread and wait in a
 * short inbox; one virtual thread at a time takes them out in order, so handling one may block. A
 * change of the log is not waited for: the next frame is handled while it commits, up to a bound. A
 * full inbox stops the reading.
 */
final class ChatConnection implements SocketListener, Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ChatConnection.class);

    /** Frames that wait to be handled; then the socket is not read any further. */
    private static final int MAX_INBOX = 32;

    /** Changes under way; then no further frame is handled. */
    private static final int MAX_IN_FLIGHT = 64;

    /** Refused frames in a row; a client that does not slow down by then is closed. */
    private static final int MAX_LIMITED = 200;

    /** A long answer waits until the reader has taken what was sent before, so far. */
    private static final long ANSWERS_ABOVE = 512 * 1024;

    private static final int DRAIN_SECONDS = 30;

    private final ChatSockets.Shared shared;
    private final Socket socket;

    private final ArrayDeque<String> inbox = new ArrayDeque<>(2);
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final Echoes echoes = new Echoes();
    private boolean working = true;
    private boolean paused;
    private boolean closed;
    private int limitedInARow;
    private volatile @Nullable LiveSession session;

    ChatConnection(ChatSockets.Shared shared, Socket socket) {
        this.shared = shared;
        this.socket = socket;
    }

    // --- the socket's side, on its network thread

    /** The handshake is not kept: it has the token, and is a twelfth of an idle connection. */
    void start(Handshake handshake) {
        work(() -> open(handshake));
    }

    @Override
    public void text(String message) {
        boolean begin;
        synchronized (inbox) {
            inbox.add(message);
            if (inbox.size() >= MAX_INBOX && !paused) {
                paused = true;
                socket.pauseReading();
            }
            begin = !working;
            working = true;
        }
        if (begin) {
            work(this::handleInbox);
        }
    }

    @Override
    public void closed(int code) {
        LiveSession live;
        synchronized (inbox) {
            closed = true;
            inbox.clear();
            live = session;
        }
        if (live != null) {
            work(live::close);
        }
    }

    private void work(Runnable task) {
        try {
            shared.workers()
                    .execute(
                            () -> {
                                try {
                                    task.run();
                                } catch (RuntimeException e) {
                                    LOG.error("a connection failed", e);
                                    socket.close(Closing.FAULT);
                                }
                            });
        } catch (RejectedExecutionException e) {
            end(Ending.DRAINING);
        }
    }

    // --- the hub's side

    @Override
    public void deliver(Delivery delivery) {
        shared.counts().delivered();
        LiveSession live = session;
        switch (delivery.notice()) {
            case Notice.Posted posted
                    when live != null && posted.message().sender().id().equals(live.user()) -> {
                echoes.passed(posted.message().id());
                sendFrame(delivery);
            }
            case Notice.RoomShown shown -> {
                sendFrame(delivery);
                echoUpTo(shown.room().room().id(), shown.room().room().lastSeq());
            }
            case Notice.Gap gap -> {
                sendFrame(delivery);
                echoUpTo(gap.room(), gap.toSeq());
            }
            case Notice.RoomLeft left -> {
                echoUpTo(left.room(), Long.MAX_VALUE);
                sendFrame(delivery);
            }
            default -> sendFrame(delivery);
        }
    }

    private void sendFrame(Delivery delivery) {
        socket.send(shared.frames().of(delivery));
    }

    private void echoUpTo(RoomId room, long seq) {
        echoes.takeUpTo(room, seq).forEach(this::tellPosted);
    }

    private void tellPosted(Message message) {
        sendFrame(new Delivery(new Notice.Posted(message.version(), message)));
    }

    @Override
    public void end(Ending ending) {
        socket.close(ending.code(), ending.reason());
    }

    // --- opening

    private void open(Handshake handshake) {
        try {
            long usersChanged = shared.hub().usersChanged();
            Optional<Visitor> visitor = admit(handshake);
            if (visitor.isEmpty()) {
                end(Ending.NOT_AUTHENTICATED);
                return;
            }
            // Who is turned away opens no room and enters none.
            shared.hub().requirePlace(visitor.get());
            Optional<RoomId> only = room(handshake, visitor.get());
            LiveSession live = shared.hub().connect(visitor.get(), only, this);
            boolean late;
            synchronized (inbox) {
                session = live;
                late = closed;
            }
            if (late) {
                live.close();
                return;
            }
            if (!stillAdmitted(live, visitor.get(), usersChanged)) {
                end(Ending.NOT_AUTHENTICATED);
                return;
            }
            live.open(welcome -> send(welcome(welcome, live.actor())));
            shared.hub().arrived(live);
        } catch (Hub.Refused refused) {
            end(refused.ending());
            return;
        } catch (Refusal refusal) {
            end(refusal.retryable() ? Ending.TRY_LATER : Ending.NOT_FOUND);
            LiveSession live = session;
            if (live != null) {
                live.close();
            }
            return;
        }
        handleInbox();
    }

    /**
     * What the platform wrote about the user after they were let in and before the session could
     * hear of it counts too. Returns false where they were erased.
     */
    private boolean stillAdmitted(LiveSession live, Visitor visitor, long usersChangedThen) {
        long then = usersChangedThen;
        for (long now = shared.hub().usersChanged(); now != then; ) {
            Optional<Visitor> current = shared.doorkeeper().current(visitor);
            if (current.isEmpty()) {
                return false;
            }
            live.renew(current.get());
            then = now;
            now = shared.hub().usersChanged();
        }
        return true;
    }

    private Optional<Visitor> admit(Handshake handshake) {
        Optional<String> ticket = handshake.parameter("ticket");
        if (ticket.isPresent()) {
            return shared.doorkeeper().admitTicket(ticket.get());
        }
        return handshake
                .parameter("token")
                .or(
                        () ->
                                handshake
                                        .authorization()
                                        .filter(a -> a.regionMatches(true, 0, "Bearer ", 0, 7))
                                        .map(a -> a.substring(7).strip()))
                .flatMap(shared.doorkeeper()::admit);
    }

    /** The one room of a room's own address, made where there is none yet. */
    private Optional<RoomId> room(Handshake handshake, Visitor visitor) {
        if (handshake.segments().size() < 3) {
            return Optional.empty();
        }
        String name = handshake.segments().get(2);
        RoomKey key =
                handshake.segments().get(1).equals("chat")
                        ? new RoomKey.OfAll(name)
                        : RoomKey.OfJob.main(new JobId(name));
        return Optional.of(shared.chat().openRoom().open(visitor.actor(), key).view().room().id());
    }

    private JsonOut welcome(Welcome welcome, Actor actor) {
        JsonOut out = answer("welcome", Optional.empty());
        out.name("user").object();
        Wire.id(out.name("id"), welcome.user().id());
        out.name("username").value(welcome.user().username());
        out.name("first_name").value(welcome.user().firstName());
        out.name("role").value(actor.role().wireName()).end();
        out.name("session").value(welcome.session());
        out.name("server_time").value(shared.clock().instant().truncatedTo(ChronoUnit.MILLIS));
        out.name("heartbeat_seconds").value(shared.settings().heartbeat().toSeconds());
        out.name("limits").object();
        out.name("message_length").value(Draft.MAX_CONTENT);
        out.name("attachment_bytes").value(shared.chat().uploadFile().maxBytes());
        out.name("frame_bytes").value(shared.settings().maxMessageBytes());
        out.name("queue_bytes").value(shared.settings().maxQueueBytes());
        out.name("history").value(PageHistory.MAX_LIMIT);
        out.name("rooms").value(ListRooms.MAX_LIMIT).end();
        out.name("total_unread").value(welcome.totalUnread());
        Frames.rooms(out.name("rooms"), welcome.rooms().rooms(), welcome.presence());
        next(out, welcome.rooms());
        return out;
    }

    private static void next(JsonOut out, RoomPage page) {
        out.name("next");
        page.next().map(Cursors::text).ifPresentOrElse(out::value, out::nullValue);
    }

    // --- frames, one after the other

    private void handleInbox() {
        LiveSession live = session;
        while (live != null) {
            String text;
            synchronized (inbox) {
                text = inbox.poll();
                if (text == null || closed) {
                    working = false;
                    return;
                }
                if (paused && inbox.size() <= MAX_INBOX / 4) {
                    paused = false;
                    socket.resumeReading();
                }
            }
            handle(live, text);
        }
    }

    private void handle(LiveSession live, String text) {
        double wait = shared.limits().secondsToWait(live.user(), RateLimits.Kind.FRAME);
        limitedInARow = wait > 0 ? limitedInARow + 1 : 0;
        if (limitedInARow > MAX_LIMITED) {
            end(Ending.TOO_MANY);
            return;
        }
        ClientFrame frame;
        try {
            frame = ClientFrame.parse(text);
        } catch (ClientFrame.Malformed e) {
            send(
                    error(
                            "bad_frame",
                            String.valueOf(e.getMessage()),
                            false,
                            e.id(),
                            Optional.empty(),
                            0));
            return;
        }
        if (wait > 0) {
            refuse(frame, Refusal.rateLimited(wait));
            return;
        }
        try {
            handle(live, frame);
        } catch (Refusal refusal) {
            refuse(frame, refusal);
        } catch (RuntimeException e) {
            LOG.error(
                    "a frame of type {} failed",
                    frame.type().length() > 20 ? "?" : frame.type(),
                    e);
            refuse(frame, Refusal.unavailable("internal error"));
        }
    }

    private void handle(LiveSession live, ClientFrame frame) {
        switch (frame.type()) {
            case "message" -> message(live, frame);
            case "edit" -> edit(live, frame);
            case "delete" -> delete(live, frame);
            case "read" -> read(live, frame);
            case "typing" -> live.typing(room(live, frame), frame.isTyping());
            case "history" -> history(live, frame);
            case "edits" -> edits(live, frame);
            case "search" -> search(live, frame);
            case "rooms" -> listRooms(live, frame);
            case "room" -> room(frame, shownRoom(live, frame));
            case "open_room" -> room(frame, openedRoom(live, frame));
            case "close_room" -> room(frame, closedRoom(live, frame));
            case "reopen_room" -> room(frame, reopenedRoom(live, frame));
            case "leave_room" -> leave(live, frame);
            case "sync" -> sync(live, frame);
            case "auth" -> renew(live, frame);
            case "ping" -> send(answer("pong", frame.id()));
            default -> refuseUnknown(frame);
        }
    }

    private void refuseUnknown(ClientFrame frame) {
        send(
                error(
                        "unknown_type",
                        "nobody knows this type",
                        false,
                        frame.id(),
                        frame.clientIdText(),
                        0));
    }

    /** Who acts, as the record has them: what an admin does needs their role now. */
    private static Actor acting(LiveSession live) {
        if (live.actor().isAdmin()) {
            live.confirm();
        }
        return live.actor();
    }

    private void message(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        // Writing joins, but for the platform: it is answered, and follows nothing.
        boolean looks = !live.follows(room) && !live.actor().isPlatform();
        if (looks) {
            live.look(room);
        }
        boolean follows = live.follows(room);
        CompletableFuture<Outcome> sent;
        // First: the echo may come before the log's answer does.
        echoes.sent();
        try {
            sent =
                    shared.chat()
                            .sendMessage()
                            .send(acting(live), room, frame.clientId(), frame::draft);
        } catch (RuntimeException refusal) {
            echoes.settled();
            if (looks) {
                live.lookAway(room);
            }
            throw refusal;
        }
        track(
                sent,
                outcome -> {
                    echo(live, room, follows, outcome);
                    if (looks && outcome.repeated()) {
                        work(() -> live.lookAway(room));
                    }
                },
                refusal -> {
                    echoes.settled();
                    refuse(frame, refusal);
                    if (looks) {
                        work(() -> live.lookAway(room));
                    }
                });
    }

    private void echo(LiveSession live, RoomId room, boolean follows, Outcome outcome) {
        Message message = outcome.message().orElseThrow();
        if (outcome.repeated()) {
            echoes.settled();
            live.whenTold(room, outcome.version(), told -> tellPosted(message));
            return;
        }
        if (!follows) {
            echoes.settled();
            tellPosted(message);
            return;
        }
        if (echoes.durable(message)) {
            // Where it is no part of what passes: a snapshot covers it, the client claims to hold
            // it already, or the room is lost before.
            live.whenPassed(
                    room,
                    message.version(),
                    told -> echoes.take(message.id()).ifPresent(this::tellPosted));
        }
    }

    private void edit(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        change(
                live,
                frame,
                room,
                () ->
                        shared.chat()
                                .editMessage()
                                .edit(acting(live), room, frame.messageId(), frame.message()),
                Notice.Edited::new);
    }

    private void delete(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        change(
                live,
                frame,
                room,
                () -> shared.chat().deleteMessage().delete(acting(live), room, frame.messageId()),
                Notice.Deleted::new);
    }

    /**
     * What everybody is told reaches this connection with them, where it shows the room and
     * anything changed.
     */
    private void change(
            LiveSession live,
            ClientFrame frame,
            RoomId room,
            Supplier<CompletableFuture<Outcome>> change,
            BiFunction<Long, Message, Notice> notice) {
        // Before the log has it: shown only since, the room may come with the change in it.
        boolean showed = live.shows(room);
        track(
                change.get(),
                outcome -> {
                    Message message = outcome.message().orElseThrow();
                    if (!live.shows(room)) {
                        tell(notice.apply(message.version(), message));
                    } else if (outcome.events().isEmpty() || !showed) {
                        // Its own version is long past: those of a room do not fall.
                        live.whenTold(
                                room, outcome.version(), told -> tell(notice.apply(told, message)));
                    } else {
                        live.whenPassed(
                                room,
                                message.version(),
                                told -> {
                                    // Lost before it passed: nothing else brings it.
                                    if (!live.shows(room)) {
                                        tell(notice.apply(message.version(), message));
                                    }
                                });
                    }
                },
                refusal -> refuse(frame, refusal));
    }

    private void read(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        track(
                shared.chat().markRead().read(acting(live), room, frame.upToSeq()),
                outcome -> {
                    if (outcome.events().isEmpty()) {
                        live.whenTold(
                                room,
                                outcome.version(),
                                told -> answerRead(live, frame, outcome, told));
                    }
                },
                refusal -> refuse(frame, refusal));
    }

    /** The mark as it is, and what is unread after all that this connection was told. */
    private void answerRead(LiveSession live, ClientFrame frame, Outcome outcome, long told) {
        RoomId room = room(live, frame);
        LiveSession.Marked now =
                live.marked(room)
                        .orElseGet(
                                () ->
                                        new LiveSession.Marked(
                                                outcome.lastReadSeq(), outcome.unread()));
        JsonOut out = answer("read", frame.id()).name("room").value(room.value());
        out.name("version").value(told);
        Frames.mark(out, live.user(), now.upToSeq());
        out.name("unread_count").value(now.unread()).name("total_unread");
        live.withTotalUnread(total -> send(out.value(total)));
    }

    private void history(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        Position position = frame.position();
        int limit = frame.limit(PageHistory.LIMIT);
        MessagePage page =
                live.reading(
                        actor -> shared.chat().pageHistory().page(actor, room, position, limit));
        JsonOut out = answer("history", frame.id()).name("room").value(room.value());
        Wire.messages(out.name("results"), page.messages());
        out.name("has_more_before").value(page.moreBefore());
        sendLong(out.name("has_more_after").value(page.moreAfter()));
    }

    private void edits(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        MessageId message = frame.messageId();
        OptionalLong after =
                frame.cursor()
                        .map(Cursors::number)
                        .map(OptionalLong::of)
                        .orElseGet(OptionalLong::empty);
        int limit = frame.limit(ListEdits.LIMIT);
        EarlierPage page =
                live.reading(
                        actor ->
                                shared.chat().listEdits().list(actor, room, message, after, limit));
        JsonOut out = answer("edits", frame.id()).name("room").value(room.value());
        Wire.earlier(out.name("message_id").value(message.value()), page);
        sendLong(out);
    }

    /** On a room's own address in that room alone, elsewhere in all or the one that is named. */
    private void search(LiveSession live, ClientFrame frame) {
        Optional<RoomId> room =
                live.only().isPresent() ? Optional.of(room(live, frame)) : frame.room();
        Terms terms = Terms.of(frame.q());
        Optional<SearchCursor> after = frame.cursor().map(Cursors::search);
        int limit = frame.limit(SearchMessages.LIMIT);
        SearchPage page =
                live.reading(
                        actor ->
                                shared.chat()
                                        .searchMessages()
                                        .search(actor, terms, room, after, limit));
        JsonOut out = answer("search", frame.id());
        Wire.found(out, page, terms);
        sendLong(out);
    }

    private void listRooms(LiveSession live, ClientFrame frame) {
        RoomFilter filter = frame.filter();
        Optional<RoomCursor> after = frame.cursor().map(Cursors::room);
        int limit = frame.limit(ListRooms.LIMIT);
        RoomPage page =
                live.reading(actor -> shared.chat().listRooms().list(actor, filter, after, limit));
        JsonOut out = answer("rooms", frame.id());
        shared.frames().rooms(out.name("results"), page.rooms());
        next(out, page);
        out.name("total_unread");
        awaitReader();
        live.withTotalUnread(total -> send(out.value(total)));
    }

    private RoomView shownRoom(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        return live.reading(actor -> shared.chat().showRoom().show(actor, room));
    }

    private RoomView openedRoom(LiveSession live, ClientFrame frame) {
        return shared.chat().openRoom().open(acting(live), frame.key(live.user())).view();
    }

    private RoomView closedRoom(LiveSession live, ClientFrame frame) {
        return shared.chat().closeRoom().close(acting(live), room(live, frame));
    }

    private RoomView reopenedRoom(LiveSession live, ClientFrame frame) {
        return shared.chat().closeRoom().reopen(acting(live), room(live, frame));
    }

    private void room(ClientFrame frame, RoomView view) {
        JsonOut out = answer("room", frame.id());
        shared.frames().room(out.name("room"), view);
        send(out);
    }

    private void leave(LiveSession live, ClientFrame frame) {
        RoomId room = room(live, frame);
        // Whoever follows the room is told the way everybody is: with it, in order.
        boolean looks = !live.follows(room);
        live.look(room);
        track(
                shared.chat().leaveRoom().leave(live.actor(), room),
                outcome -> {
                    if (outcome.events().isEmpty()) {
                        tell(new Notice.RoomLeft(room, "left"));
                        if (looks) {
                            work(() -> live.lookAway(room));
                        }
                    }
                },
                refusal -> {
                    refuse(frame, refusal);
                    if (looks) {
                        work(() -> live.lookAway(room));
                    }
                });
    }

    private void sync(LiveSession live, ClientFrame frame) {
        live.sync(
                frame.held(),
                delivery -> {
                    awaitReader();
                    deliver(delivery);
                },
                synced -> send(synced(frame, synced)));
    }

    private static JsonOut synced(ClientFrame frame, Synced synced) {
        JsonOut out = answer("synced", frame.id()).name("total_unread").value(synced.totalUnread());
        out.name("rooms").object();
        synced.rooms()
                .forEach(
                        (room, level) -> {
                            out.name(room.toString());
                            level.ifPresentOrElse(l -> level(out, l), out::nullValue);
                        });
        return out.end();
    }

    private static void level(JsonOut out, Synced.Level level) {
        out.object().name("last_seq").value(level.lastSeq());
        out.name("version").value(level.version());
        out.name("last_read_seq").value(level.lastReadSeq());
        out.name("unread_count").value(level.unread()).end();
    }

    private void renew(LiveSession live, ClientFrame frame) {
        long usersChanged = shared.hub().usersChanged();
        Visitor renewed =
                shared.doorkeeper()
                        .admit(frame.token())
                        .orElseThrow(() -> Refusal.invalid("token", "is not valid"));
        live.renew(renewed);
        if (stillAdmitted(live, renewed, usersChanged)) {
            send(answer("authenticated", frame.id()).name("expires_at").value(renewed.expiresAt()));
        } else {
            end(Ending.NOT_AUTHENTICATED);
        }
    }

    /** The frame's room; on a room's own address that one, named or not. */
    private static RoomId room(LiveSession live, ClientFrame frame) {
        Optional<RoomId> named = frame.room();
        if (live.only().isPresent()) {
            RoomId only = live.only().get();
            if (named.isPresent() && !named.get().equals(only)) {
                throw Refusal.invalid("room", "this address carries room " + only + " alone");
            }
            return only;
        }
        return named.orElseThrow(() -> Refusal.invalid("room", "is required"));
    }

    // --- answers

    private interface Answer<T> {
        void give(T value);
    }

    private void track(
            CompletableFuture<Outcome> change, Answer<Outcome> done, Answer<Refusal> refused) {
        inFlight.acquireUninterruptibly();
        change.whenComplete(
                        (outcome, fault) -> {
                            inFlight.release();
                            if (fault == null) {
                                done.give(outcome);
                            } else {
                                refused.give(refusal(fault));
                            }
                        })
                .exceptionally(
                        fault -> {
                            if (!(fault instanceof CompletionException e
                                            && e.getCause() instanceof Refusal)
                                    && !(fault instanceof Refusal)) {
                                LOG.error("a change failed", fault);
                            }
                            return null;
                        });
    }

    private static Refusal refusal(Throwable fault) {
        Throwable cause =
                fault instanceof CompletionException && fault.getCause() != null
                        ? fault.getCause()
                        : fault;
        return cause instanceof Refusal refusal ? refusal : Refusal.unavailable("internal error");
    }

    private void refuse(ClientFrame frame, Refusal refusal) {
        send(
                error(
                        refusal.code().wireName(),
                        refusal.detail(),
                        refusal.retryable(),
                        frame.id(),
                        frame.clientIdText(),
                        refusal.retryAfterSeconds()));
    }

    private JsonOut error(
            String code,
            String detail,
            boolean retryable,
            Optional<String> id,
            Optional<String> clientId,
            double retryAfter) {
        shared.counts().refuse(code);
        JsonOut out = answer("error", id).name("code").value(code);
        out.name("detail").value(detail).name("retryable").value(retryable);
        out.name("client_id");
        clientId.ifPresentOrElse(out::value, out::nullValue);
        if (retryAfter > 0) {
            out.name("retry_after").value(retryAfter);
        }
        return out;
    }

    private static JsonOut answer(String type, Optional<String> id) {
        JsonOut out = new JsonOut(256).object().name("type").value(type);
        id.ifPresent(json -> out.name("id").raw(json.getBytes(StandardCharsets.UTF_8)));
        return out;
    }

    private void tell(Notice notice) {
        deliver(new Delivery(notice));
    }

    private void send(JsonOut out) {
        socket.send(out.end().toByteArray());
    }

    /** What may be long waits for the reader first, so that asking fast does not fill the queue. */
    private void sendLong(JsonOut out) {
        awaitReader();
        send(out);
    }

    private void awaitReader() {
        // Where the queue is set to less, far enough below its bound.
        long above = Math.min(ANSWERS_ABOVE, shared.settings().maxQueueBytes() / 8);
        for (int i = 0; i < DRAIN_SECONDS * 1_000; i++) {
            if (socket.pendingBytes() < above || !socket.isOpen()) {
                return;
            }
            LockSupport.parkNanos(1_000_000);
        }
        end(Ending.SLOW_CONSUMER);
    }
}
