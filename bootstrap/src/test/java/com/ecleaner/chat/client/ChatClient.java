package com.ecleaner.chat.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One device of one user on {@code /ws/}, or on a room's own address. Keeps a copy of every room,
 * comes back by itself after 1, 2, 4, 8, 16, then 30 steps of its patience with jitter, syncs, and
 * sends again what was not echoed. Thread-safe.
 */
@SuppressWarnings({"ReferenceEquality", "FutureReturnValueIgnored"})
public final class ChatClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A broken promise is told with so many frames that came before. */
    private static final int STORY = 60;

    /** As a browser is. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static final int[] STEPS = {1, 2, 4, 8, 16, 30};

    /** One pool for all clients of a test, as one machine would have. */
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final ScheduledExecutorService TIMER =
            Executors.newScheduledThreadPool(
                    1, Thread.ofPlatform().daemon().name("chat-client").factory());

    private final Function<ChatClient, URI> address;
    private final String user;
    private final Duration step;
    private final Duration silence;
    private final Witness witness;
    private final Random jitter;

    private final Map<Long, RoomCopy> rooms = new TreeMap<>();
    private final Map<String, ObjectNode> outbox = new LinkedHashMap<>();
    private final Map<String, JsonNode> echoes = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<JsonNode>> answers = new LinkedHashMap<>();
    private final Set<Long> back = new TreeSet<>();

    private final List<JsonNode> errors = new ArrayList<>();
    private final List<JsonNode> frames = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final ArrayDeque<String> recent = new ArrayDeque<>(STORY);
    private final List<Integer> closeCodes = new ArrayList<>();

    private WebSocket socket;
    private CompletableFuture<?> writing = CompletableFuture.completedFuture(null);
    private boolean level;
    private boolean closed;
    private boolean keepsFrames;

    /** Whether the address is that of everything, not of one room. */
    private boolean everything = true;

    private int attempts;
    private int connections;
    private long totalUnread;
    private long lastId;
    private long lastHeard;

    /**
     * A client that connects at once.
     *
     * @param address asked for before each connection: a token or a ticket may be new each time
     * @param step the first pause before coming back; one second in real life
     */
    public ChatClient(String user, Function<ChatClient, URI> address, Duration step, long seed) {
        this(user, address, step, PATIENT, seed, Witness.NONE);
    }

    /**
     * The same, watched, and with little patience.
     *
     * @param silence after so long without a frame it asks whether anybody is there, after twice as
     *     long it takes the connection for dead; and so long it waits for one
     */
    public ChatClient(
            String user,
            Function<ChatClient, URI> address,
            Duration step,
            Duration silence,
            long seed,
            Witness witness) {
        this.user = user;
        this.address = address;
        this.step = step;
        this.silence = silence;
        this.witness = witness;
        this.jitter = new Random(seed);
        connect();
    }

    /** A client of a token that never changes. */
    public static ChatClient of(String user, URI server, String token) {
        return new ChatClient(
                user,
                client -> server.resolve("/ws/?token=" + token),
                Duration.ofMillis(50),
                user.hashCode());
    }

    // --- what one may ask of it

    /** Sends a text and goes on sending it until it is echoed. Returns its client_id. */
    public synchronized String send(long room, String text, String clientId) {
        ObjectNode frame = JSON.createObjectNode();
        frame.put("type", "message").put("room", room).put("message", text);
        frame.put("client_id", clientId);
        outbox.put(clientId, frame);
        if (level) {
            write(frame);
        }
        return clientId;
    }

    /** Sends a frame once, if connected. Returns whether it was. */
    public synchronized boolean tell(ObjectNode frame) {
        return socket != null && write(frame);
    }

    /**
     * Sends a frame and waits for the answer that carries its id; fails when the connection ends
     * first.
     */
    public CompletableFuture<JsonNode> ask(ObjectNode frame) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        synchronized (this) {
            String id = "q" + ++lastId;
            frame.put("id", id);
            answers.put(id, answer);
            if (socket == null || !write(frame)) {
                answers.remove(id);
                answer.completeExceptionally(new IllegalStateException("not connected"));
            }
        }
        return answer;
    }

    /** An empty frame of that type. */
    public static ObjectNode frame(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    /** Keeps every frame from now on, for {@link #frames}. */
    public synchronized ChatClient keepingFrames() {
        keepsFrames = true;
        return this;
    }

    /** Drops the connection without a goodbye; the client comes back by itself. */
    public void abort() {
        WebSocket now;
        synchronized (this) {
            now = socket;
        }
        if (now != null) {
            now.abort();
            gone(now, 1006);
        }
    }

    /** Leaves for good. */
    @Override
    public void close() {
        WebSocket now;
        synchronized (this) {
            closed = true;
            now = socket;
            socket = null;
        }
        if (now != null) {
            now.sendClose(WebSocket.NORMAL_CLOSURE, "")
                    .orTimeout(1, TimeUnit.SECONDS)
                    .whenComplete((s, fault) -> now.abort());
        }
    }

    // --- what it knows

    public String user() {
        return user;
    }

    /** Whether everything that was missed has been told, or read. */
    public synchronized boolean isLevel() {
        return level && rooms.values().stream().noneMatch(RoomCopy::hasGap);
    }

    public synchronized boolean everythingEchoed() {
        return outbox.isEmpty();
    }

    /** What was sent and not echoed yet, by client_id. */
    public synchronized Set<String> pending() {
        return new TreeSet<>(outbox.keySet());
    }

    public synchronized int connections() {
        return connections;
    }

    public synchronized Map<Long, RoomCopy> rooms() {
        return new TreeMap<>(rooms);
    }

    public synchronized RoomCopy room(long id) {
        return rooms.get(id);
    }

    /** What the room's messages come to by the definition of unread, on this client's own copy. */
    public synchronized long unread(long room) {
        return rooms.get(room).unreadByDefinition();
    }

    public synchronized long totalUnread() {
        return totalUnread;
    }

    /** The message as it was echoed, by its client_id; null until it is. */
    public synchronized JsonNode echo(String clientId) {
        return echoes.get(clientId);
    }

    /** How it stands, for whoever waits for it in vain. */
    @Override
    public synchronized String toString() {
        return user
                + (closed ? " has left" : socket == null ? " is away" : " is connected")
                + (level ? ", level" : ", not level")
                + ", awaits "
                + outbox.keySet()
                + ", in gaps "
                + rooms.values().stream().filter(RoomCopy::hasGap).map(RoomCopy::id).toList()
                + ", "
                + connections
                + " connections, closed "
                + closeCodes.subList(Math.max(0, closeCodes.size() - 5), closeCodes.size())
                + ", last error "
                + (errors.isEmpty() ? "none" : errors.getLast())
                + ", last frame "
                + recent.peekLast();
    }

    public synchronized List<JsonNode> errors() {
        return new ArrayList<>(errors);
    }

    public synchronized List<JsonNode> frames() {
        return new ArrayList<>(frames);
    }

    /** Every promise that was broken, in words. */
    public synchronized List<String> faults() {
        return new ArrayList<>(faults);
    }

    public synchronized List<Integer> closeCodes() {
        return new ArrayList<>(closeCodes);
    }

    // --- the connection

    private void connect() {
        URI next = address.apply(this);
        synchronized (this) {
            if (closed) {
                return;
            }
            everything = next.getPath().equals("/ws/");
        }
        HTTP.newWebSocketBuilder()
                .connectTimeout(silence)
                .buildAsync(next, new Frames())
                .whenComplete(
                        (opened, fault) -> {
                            if (fault != null) {
                                later();
                            }
                        });
    }

    private void later() {
        synchronized (this) {
            if (closed) {
                return;
            }
            long pause = step.toMillis() * STEPS[Math.min(attempts, STEPS.length - 1)];
            attempts++;
            try {
                TIMER.schedule(
                        this::connect,
                        pause / 2 + jitter.nextLong(pause / 2 + 1),
                        TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                closed = true;
            }
        }
    }

    /** Looks now and then whether anybody is there still. */
    private void listenFor(WebSocket which) {
        TIMER.schedule(
                () -> {
                    long silent;
                    synchronized (this) {
                        if (socket != which) {
                            return;
                        }
                        silent = System.nanoTime() - lastHeard;
                        if (silent > silence.toNanos() && silent <= 2 * silence.toNanos()) {
                            write(frame("ping"));
                        }
                    }
                    if (silent > 2 * silence.toNanos()) {
                        which.abort();
                        gone(which, 1006);
                    } else {
                        listenFor(which);
                    }
                },
                silence.toMillis() / 2,
                TimeUnit.MILLISECONDS);
    }

    private void gone(WebSocket which, int code) {
        List<CompletableFuture<JsonNode>> waiting;
        synchronized (this) {
            if (socket != which) {
                return;
            }
            socket = null;
            level = false;
            back.clear();
            closeCodes.add(code);
            rooms.values().forEach(RoomCopy::cutOff);
            waiting = new ArrayList<>(answers.values());
            answers.clear();
            if (code == 4401 || code == 4403 || code == 4404) {
                closed = true;
            }
        }
        waiting.forEach(w -> w.completeExceptionally(new IllegalStateException("closed " + code)));
        later();
    }

    private boolean write(ObjectNode frame) {
        WebSocket now = socket;
        if (now == null) {
            return false;
        }
        writing =
                writing.handle((done, fault) -> now.sendText(frame.toString(), true))
                        .thenCompose(f -> f);
        return true;
    }

    private final class Frames implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void onOpen(WebSocket opened) {
            synchronized (ChatClient.this) {
                socket = opened;
                writing = CompletableFuture.completedFuture(null);
                connections++;
                lastHeard = System.nanoTime();
                witness.connected(ChatClient.this, connections);
            }
            listenFor(opened);
            opened.request(1);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                synchronized (ChatClient.this) {
                    if (from == socket) {
                        took(whole);
                    }
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            gone(from, code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable fault) {
            gone(from, 1006);
        }
    }

    // --- frames

    private void took(String text) {
        JsonNode frame;
        try {
            frame = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            faults.add("not JSON: " + text);
            return;
        }
        lastHeard = System.nanoTime();
        witness.heard(this, connections, frame, this::isLevelIn);
        if (keepsFrames) {
            frames.add(frame);
        }
        recent.add(text);
        if (recent.size() > STORY) {
            recent.remove();
        }
        int before = faults.size();
        act(frame);
        if (faults.size() > before) {
            faults.add("after " + String.join("\n      ", recent));
        }
        CompletableFuture<JsonNode> asked = answers.remove(frame.path("id").asText(""));
        if (asked != null) {
            asked.completeAsync(() -> frame);
        }
    }

    private void act(JsonNode frame) {
        switch (frame.path("type").asText()) {
            case "welcome" -> welcome(frame);
            case "chat_message" -> {
                JsonNode message = frame.get("message");
                boolean own = isMine(message.get("sender").get("id"));
                if (own && !message.get("client_id").isNull()) {
                    String name = message.get("client_id").asText();
                    outbox.remove(name);
                    echoes.put(name, message);
                }
                known(frame)
                        .ifPresent(copy -> copy.post(frame.path("version").asLong(), message, own));
            }
            case "message_edited", "message_deleted" -> {
                JsonNode message = frame.get("message");
                boolean own = isMine(message.get("sender").get("id"));
                known(frame)
                        .ifPresent(
                                copy -> copy.change(frame.path("version").asLong(), message, own));
            }
            case "read" -> {
                boolean own = isMine(frame.get("user_id"));
                known(frame)
                        .ifPresent(
                                copy ->
                                        copy.read(
                                                frame.path("version").asLong(),
                                                frame.get("up_to_seq").asLong(),
                                                own,
                                                frame.path("unread_count").asLong(-1)));
                if (frame.hasNonNull("total_unread")) {
                    total(frame.get("total_unread").asLong());
                }
            }
            case "typing" -> known(frame).ifPresent(RoomCopy::typing);
            case "room" -> roomShown(frame.get("room"));
            case "room_left" -> known(frame).ifPresent(RoomCopy::left);
            case "gap" ->
                    known(frame)
                            .ifPresent(
                                    copy -> {
                                        copy.gap(
                                                frame.get("from_seq").asLong(),
                                                frame.get("to_seq").asLong());
                                        fill(copy);
                                    });
            case "synced" -> synced(frame);
            case "error" -> {
                errors.add(frame);
                String name = frame.path("client_id").asText("");
                if (!frame.path("retryable").asBoolean()) {
                    outbox.remove(name);
                } else if (outbox.containsKey(name)) {
                    again(name, (long) (1_000 * frame.path("retry_after").asDouble(0.1)) + 20);
                }
            }
            default -> {}
        }
    }

    private void roomShown(JsonNode room) {
        long id = room.get("id").asLong();
        boolean isNew = !rooms.containsKey(id);
        RoomCopy copy = copy(id);
        if (!isNew && !copy.isMember()) {
            // Access is back: what happened meanwhile was not told.
            copy.reconnecting();
            copy.returned();
            back.add(id);
            if (level) {
                syncBack();
            }
            return;
        }
        copy.shown(room, isNew);
        if (isNew && level) {
            copy.beLevel();
        }
    }

    private void syncBack() {
        ObjectNode held = JSON.createObjectNode();
        back.forEach(id -> hold(held, copy(id)));
        back.clear();
        if (!held.isEmpty()) {
            sync(held);
        }
    }

    /** Asks for what is missing, and again where the server cannot say at the moment. */
    private void sync(ObjectNode held) {
        String id = "s" + ++lastId;
        WebSocket on = socket;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        answer.thenAccept(
                frame -> {
                    if (frame.path("retryable").asBoolean()) {
                        TIMER.schedule(
                                () -> {
                                    synchronized (this) {
                                        if (socket == on) {
                                            sync(held);
                                        }
                                    }
                                },
                                step.toMillis(),
                                TimeUnit.MILLISECONDS);
                    }
                });
        write(frame("sync").put("id", id).set("rooms", held));
    }

    private static void hold(ObjectNode held, RoomCopy copy) {
        copy.ask();
        held.putObject(Long.toString(copy.id()))
                .put("seq", copy.highest())
                .put("version", copy.version());
    }

    private void again(String clientId, long afterMillis) {
        TIMER.schedule(
                () -> {
                    synchronized (this) {
                        ObjectNode frame = outbox.get(clientId);
                        if (frame != null && level) {
                            write(frame);
                        }
                    }
                },
                afterMillis,
                TimeUnit.MILLISECONDS);
    }

    private void welcome(JsonNode frame) {
        attempts = 0;
        totalUnread = frame.get("total_unread").asLong();
        ObjectNode held = JSON.createObjectNode();
        rooms.values().forEach(copy -> hold(held, copy));
        boolean returning = !held.isEmpty();
        for (JsonNode room : frame.get("rooms")) {
            long id = room.get("id").asLong();
            if (!rooms.containsKey(id)) {
                RoomCopy copy = copy(id);
                copy.shown(room, true);
                copy.beLevel();
            }
        }
        if (returning) {
            sync(held);
        } else {
            beLevel();
        }
    }

    private void synced(JsonNode frame) {
        for (Map.Entry<String, JsonNode> state : frame.get("rooms").properties()) {
            long id = Long.parseLong(state.getKey());
            // What was answered before access came back says nothing of now.
            RoomCopy copy = copy(id);
            if (copy.answered() && !back.contains(id)) {
                copy.synced(state.getValue());
            }
        }
        total(frame.get("total_unread").asLong());
        beLevel();
        syncBack();
    }

    /**
     * The server says what is unread over all rooms; where all of it is held here, it is counted.
     */
    private void total(long told) {
        totalUnread = told;
        if (everything && rooms.values().stream().allMatch(RoomCopy::isCountable)) {
            long counted =
                    rooms.values().stream()
                            .filter(RoomCopy::isMember)
                            .mapToLong(RoomCopy::unreadByDefinition)
                            .sum();
            if (counted != told) {
                faults.add("in all " + told + " were told unread, by definition " + counted);
            }
        }
    }

    private void beLevel() {
        level = true;
        outbox.values().forEach(this::write);
    }

    /** Too many messages are missing to be told: they are read as history, a page after another. */
    private void fill(RoomCopy copy) {
        ObjectNode ask = frame("history").put("room", copy.id()).put("limit", 200);
        ask.put("after_seq", copy.gapFrom() - 1);
        String id = "g" + ++lastId;
        CompletableFuture<JsonNode> page = new CompletableFuture<>();
        answers.put(id, page);
        WebSocket asked = socket;
        page.thenAccept(
                answer -> {
                    synchronized (this) {
                        if (socket == asked && answer.has("results")) {
                            copy.filled(answer.get("results"));
                            if (copy.hasGap()) {
                                fill(copy);
                            }
                        }
                    }
                });
        write(ask.put("id", id));
    }

    private boolean isLevelIn(long room) {
        RoomCopy copy = rooms.get(room);
        return level && copy != null && copy.isLevel();
    }

    private boolean isMine(JsonNode id) {
        return id.asText().equals(user);
    }

    /**
     * A room that this client was shown; what is said of others is an answer, and no copy's
     * business.
     */
    private Optional<RoomCopy> known(JsonNode frame) {
        return Optional.ofNullable(rooms.get(frame.get("room").asLong()));
    }

    private RoomCopy copy(long room) {
        return rooms.computeIfAbsent(room, id -> new RoomCopy(id, user, faults));
    }
}
