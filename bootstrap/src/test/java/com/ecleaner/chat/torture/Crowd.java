package com.ecleaner.chat.torture;

import com.ecleaner.chat.client.ChatClient;
import com.ecleaner.chat.client.RoomCopy;
import com.ecleaner.chat.domain.user.Role;
import com.ecleaner.chat.system.Platform;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * People who send, repeat, edit, delete and read on several devices each, over whatever node they
 * find, and a platform that puts cleaners in and out of jobs. What was broken meanwhile is their
 * clients' affair: they come back, sync, and send again.
 */
final class Crowd implements AutoCloseable {
    private static final List<String> CLIENTS = List.of("anna", "bert", "cora", "dora");
    private static final List<String> CLEANERS = List.of("john", "kate", "lena");
    private static final String ADMIN = "root";
    private static final int DEVICES = 2;
    private static final Duration STEP = Duration.ofMillis(100);
    private final Duration silence;

    /** One device: its client, and who watches it. */
    private record Device(ChatClient client, Recorder.Notes witness) {}

    /** A message that somebody may say again, edit or delete. */
    private record Saying(String user, long room, String clientId) {}

    private final Fleet fleet;
    private final Recorder recorder;
    private final Random random;
    private final Map<String, String> tokens = new HashMap<>();
    private final List<Device> devices = new ArrayList<>();
    private final List<Long> jobs = new ArrayList<>();
    private final Map<Long, String> assigned = new ConcurrentHashMap<>();
    private final List<Saying> sayings = new CopyOnWriteArrayList<>();
    private final AtomicLong said = new AtomicLong();
    private final long general;
    private final Platform office;
    private volatile boolean talking;
    private volatile boolean over;
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Everybody there is, connecting at once.
     *
     * @param silence after twice as long without a frame a client gives its connection up
     */
    Crowd(Fleet fleet, Recorder recorder, long seed, Duration silence) {
        this.silence = silence;
        this.fleet = fleet;
        this.recorder = recorder;
        this.random = new Random(seed);
        this.office = fleet.patient(fleet.nodes().getFirst());
        CLIENTS.forEach(user -> tokens.put(user, office.token(user, Role.CLIENT)));
        CLEANERS.forEach(user -> tokens.put(user, office.token(user, Role.CLEANER)));
        tokens.put(ADMIN, office.token(ADMIN, Role.ADMIN));
        for (int job = 0; job < CLIENTS.size(); job++) {
            jobs.add(office.book("t" + job, CLIENTS.get(job), CLEANERS.getFirst()));
            long room = jobs.getLast();
            assigned.put(room, CLEANERS.getFirst());
            for (String other : CLEANERS.subList(1, CLEANERS.size())) {
                recorder.add(new Fact.Out(Recorder.now(), other, room));
            }
        }
        ObjectNode lobby = Platform.JSON.createObjectNode();
        lobby.put("room_type", "general").put("name", "lobby");
        long id = 0;
        for (String token : tokens.values()) {
            id = office.post("/chat/rooms/", token, lobby).body().get("id").asLong();
        }
        general = id;
        for (String user : tokens.keySet()) {
            for (int i = 1; i <= DEVICES; i++) {
                devices.add(device(user, user + "'s device " + i));
            }
        }
    }

    private Device device(String user, String name) {
        Recorder.Notes witness = recorder.new Notes(name);
        Random choice = new Random(random.nextLong());
        ChatClient client =
                new ChatClient(
                        user,
                        c -> fleet.socket(choice, tokens.get(user)),
                        STEP,
                        silence,
                        random.nextLong(),
                        witness);
        return new Device(client, witness);
    }

    long general() {
        return general;
    }

    List<Long> rooms() {
        List<Long> rooms = new ArrayList<>(jobs);
        rooms.add(general);
        return rooms;
    }

    // --- talking

    /** Starts to talk, so many things a second, until {@link #hush}. */
    void talk(int perSecond) {
        talking = true;
        if (threads.isEmpty()) {
            threads.add(Thread.ofPlatform().name("crowd").start(() -> talkOn(perSecond)));
            threads.add(Thread.ofPlatform().name("platform").start(this::assignOn));
            threads.add(Thread.ofPlatform().name("rest").start(this::repeatByRestOn));
        }
    }

    /** Nobody begins anything more; what is under way goes on. */
    void hush() {
        talking = false;
    }

    private static void sleep(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void talkOn(int perSecond) {
        Random dice = new Random(random.nextLong());
        while (!over) {
            if (talking) {
                act(dice);
            }
            sleep(1_000 / perSecond);
        }
    }

    private void act(Random dice) {
        Device device = devices.get(dice.nextInt(devices.size()));
        int what = dice.nextInt(100);
        if (what < 60) {
            say(device, dice);
        } else if (what < 65) {
            sayAgain(device, dice);
        } else if (what < 72) {
            rewrite(device, dice, "edited " + dice.nextInt(1_000));
        } else if (what < 76) {
            rewrite(device, dice, "");
        } else if (what < 97) {
            read(device, dice);
        } else {
            device.client()
                    .tell(
                            ChatClient.frame("typing")
                                    .put("room", anyRoom(dice))
                                    .put("is_typing", true));
        }
    }

    private long anyRoom(Random dice) {
        List<Long> rooms = rooms();
        return rooms.get(dice.nextInt(rooms.size()));
    }

    private void say(Device device, Random dice) {
        String clientId = "m" + said.incrementAndGet();
        long room = anyRoom(dice);
        String text = "says " + clientId + " " + "ü€🧽".repeat(dice.nextInt(4));
        device.witness().says(device.client(), room, clientId, text);
        sayings.add(new Saying(device.client().user(), room, clientId));
        device.client().send(room, text, clientId);
    }

    private Saying anySaying(Random dice) {
        int size = sayings.size();
        return size == 0 ? null : sayings.get(Math.max(0, size - 1 - dice.nextInt(200)));
    }

    /** The same again from some device of the same user, with another text. */
    private void sayAgain(Device device, Random dice) {
        Saying saying = anySaying(dice);
        if (saying != null && saying.user().equals(device.client().user())) {
            String text = "says again " + saying.clientId();
            device.witness().says(device.client(), saying.room(), saying.clientId(), text);
            device.client().send(saying.room(), text, saying.clientId());
        }
    }

    private void rewrite(Device device, Random dice, String text) {
        Saying saying = anySaying(dice);
        JsonNode echo = saying == null ? null : device.client().echo(saying.clientId());
        if (echo == null) {
            return;
        }
        recorder.add(
                new Fact.Rewrote(Recorder.now(), device.witness().name(), saying.clientId(), text));
        ObjectNode frame = ChatClient.frame(text.isEmpty() ? "delete" : "edit");
        frame.put("room", saying.room()).put("message_id", echo.get("id").asLong());
        if (!text.isEmpty()) {
            frame.put("message", text);
        }
        device.client().tell(frame);
    }

    private void read(Device device, Random dice) {
        long room = anyRoom(dice);
        RoomCopy copy = device.client().room(room);
        if (copy != null) {
            long upTo = Math.max(0, copy.highest() - dice.nextInt(8) + 2);
            device.client().tell(ChatClient.frame("read").put("room", room).put("up_to_seq", upTo));
        }
    }

    /** By REST, at whatever node: what was said by socket is not said twice. */
    private void repeatByRestOn() {
        Random dice = new Random(random.nextLong());
        while (!over) {
            sleep(300);
            Saying saying = talking ? anySaying(dice) : null;
            if (saying == null) {
                continue;
            }
            String text = "says by REST " + saying.clientId();
            String place = saying.user() + " by REST";
            recorder.add(
                    new Fact.Said(
                            Recorder.now(),
                            place,
                            saying.user(),
                            saying.room(),
                            saying.clientId(),
                            text));
            ObjectNode body = Platform.JSON.createObjectNode();
            body.put("message", text).put("client_id", saying.clientId());
            try {
                Platform.Answer answer =
                        fleet.platform(fleet.any(dice))
                                .post(
                                        "/chat/rooms/" + saying.room() + "/send_message/",
                                        tokens.get(saying.user()),
                                        body);
                if (answer.status() == 200 || answer.status() == 201) {
                    recorder.acknowledged(
                            new Fact.Acknowledged(
                                    Recorder.now(),
                                    place,
                                    saying.room(),
                                    saying.clientId(),
                                    answer.body().get("seq").asLong(),
                                    answer.body().get("id").asLong()),
                            false);
                }
            } catch (AssertionError nodeOrLineIsAway) {
                // It may have been kept all the same.
            }
        }
    }

    /** Cleaners come and go. */
    private void assignOn() {
        Random dice = new Random(random.nextLong());
        while (!over) {
            sleep(1_200);
            if (talking) {
                int job = dice.nextInt(jobs.size());
                int who = dice.nextInt(CLEANERS.size() + 1);
                assign(job, who == CLEANERS.size() ? null : CLEANERS.get(who), dice);
            }
        }
    }

    private void assign(int job, String cleaner, Random dice) {
        long room = jobs.get(job);
        String before = assigned.get(room);
        if (cleaner != null) {
            recorder.add(new Fact.ComesIn(Recorder.now(), cleaner, room));
        }
        while (true) {
            try {
                fleet.platform(fleet.any(dice)).book("t" + job, CLIENTS.get(job), cleaner);
                break;
            } catch (AssertionError awayOrBusy) {
                sleep(50);
            }
        }
        if (before != null && !before.equals(cleaner)) {
            recorder.add(new Fact.Out(Recorder.now(), before, room));
        }
        if (cleaner == null) {
            assigned.remove(room);
        } else {
            assigned.put(room, cleaner);
        }
    }

    // --- being level

    /** What everybody has to come to: what is known of now. */
    record Aim(Map<Long, Long> heights, List<Set<String>> pending) {}

    Aim aim() {
        Map<Long, Long> heights = new HashMap<>();
        List<Set<String>> pending = new ArrayList<>();
        for (Device device : devices) {
            pending.add(device.client().pending());
            device.client()
                    .rooms()
                    .forEach((room, copy) -> heights.merge(room, copy.highest(), Math::max));
        }
        return new Aim(heights, pending);
    }

    /** Whether everybody has come to that: connected, level, and what they had said is kept. */
    boolean hasReached(Aim aim) {
        return behind(aim) == null;
    }

    /** Who has not, in words; null where all have. */
    String behind(Aim aim) {
        for (int i = 0; i < devices.size(); i++) {
            ChatClient client = devices.get(i).client();
            String name = devices.get(i).witness().name();
            if (!client.isLevel()) {
                return name + " is not level";
            }
            Set<String> pending = client.pending();
            pending.retainAll(aim.pending().get(i));
            if (!pending.isEmpty()) {
                return name + " waits for the echo of " + pending;
            }
            for (Map.Entry<Long, Long> height : aim.heights().entrySet()) {
                RoomCopy copy = client.room(height.getKey());
                if (copy != null && copy.isMember() && copy.highest() < height.getValue()) {
                    return name
                            + " holds room "
                            + height.getKey()
                            + " up to "
                            + copy.highest()
                            + " of "
                            + height.getValue();
                }
            }
        }
        return null;
    }

    int connections() {
        return devices.stream().mapToInt(d -> d.client().connections()).sum();
    }

    /** How often each device has connected so far. */
    List<Integer> connectionsOfEach() {
        return devices.stream().map(d -> d.client().connections()).toList();
    }

    /** With what every connection that ended was closed. */
    List<Integer> closeCodes() {
        return devices.stream().flatMap(d -> d.client().closeCodes().stream()).toList();
    }

    /** What the reference clients found wrong by themselves. */
    List<String> faults() {
        return devices.stream()
                .flatMap(
                        d ->
                                d.client().faults().stream()
                                        .map(fault -> d.witness().name() + ": " + fault))
                .toList();
    }

    // --- in the end

    private Platform.Answer get(String path, String user) {
        for (int i = 0; ; i++) {
            try {
                Platform.Answer answer =
                        fleet.platform(fleet.nodes().get(i % fleet.nodes().size()))
                                .get(path, tokens.get(user));
                if (answer.status() < 500 || i > 20) {
                    return answer;
                }
            } catch (AssertionError away) {
                if (i > 20) {
                    throw away;
                }
            }
            sleep(200);
        }
    }

    /** Everything there is, read after quiet time. */
    Outcome outcome() {
        Map<Long, List<Outcome.Kept>> log = new HashMap<>();
        for (long room : rooms()) {
            log.put(room, office.log(room, tokens.get(ADMIN)).stream().map(Crowd::kept).toList());
        }
        List<Outcome.Copy> copies = new ArrayList<>();
        List<Outcome.Count> counts = new ArrayList<>();
        List<Outcome.Total> totals = new ArrayList<>();
        for (String user : tokens.keySet()) {
            for (long room : rooms()) {
                count(user, room, counts);
            }
        }
        for (Device device : devices) {
            device.client().rooms().values().stream()
                    .filter(RoomCopy::isMember)
                    .forEach(copy -> copies.add(copy(device, copy)));
            sync(device, counts, totals);
        }
        return new Outcome(log, copies, counts, totals);
    }

    private void count(String user, long room, List<Outcome.Count> counts) {
        Platform.Answer shown = get("/chat/rooms/" + room + "/", user);
        boolean in = false;
        if (shown.status() == 200) {
            for (JsonNode participant : shown.body().get("participants")) {
                in |= participant.at("/user/id").asText().equals(user);
            }
        }
        if (in) {
            counts.add(
                    new Outcome.Count(
                            "REST",
                            user,
                            room,
                            shown.body().get("last_read_seq").asLong(),
                            shown.body().get("unread_count").asLong()));
        }
    }

    private Outcome.Copy copy(Device device, RoomCopy copy) {
        return new Outcome.Copy(
                device.witness().name(),
                device.client().user(),
                copy.id(),
                copy.from(),
                copy.mark(),
                copy.messages().stream().map(Crowd::kept).toList());
    }

    private static Outcome.Kept kept(JsonNode message) {
        return new Outcome.Kept(
                message.get("seq").asLong(),
                message.get("id").asLong(),
                message.at("/sender/id").asText(),
                message.get("client_id").asText(),
                message.get("content").asText(),
                !message.get("deleted_at").isNull());
    }

    /** What the live connection itself counts, and what the record says to it. */
    private void sync(Device device, List<Outcome.Count> counts, List<Outcome.Total> totals) {
        ObjectNode held = Platform.JSON.createObjectNode();
        device.client().rooms().values().stream()
                .filter(RoomCopy::isMember)
                .forEach(
                        copy ->
                                held.putObject(Long.toString(copy.id()))
                                        .put("seq", copy.highest())
                                        .put("version", copy.version()));
        JsonNode synced =
                device.client()
                        .ask(ChatClient.frame("sync").set("rooms", held))
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
        Map<Long, Long> marks = new HashMap<>();
        synced.get("rooms")
                .properties()
                .forEach(
                        state -> {
                            if (!state.getValue().isNull()) {
                                long room = Long.parseLong(state.getKey());
                                long mark = state.getValue().get("last_read_seq").asLong();
                                marks.put(room, mark);
                                counts.add(
                                        new Outcome.Count(
                                                device.witness().name(),
                                                device.client().user(),
                                                room,
                                                mark,
                                                state.getValue().get("unread_count").asLong()));
                            }
                        });
        totals.add(
                new Outcome.Total(
                        device.witness().name(),
                        device.client().user(),
                        marks,
                        OptionalLong.of(synced.get("total_unread").asLong())));
    }

    @Override
    public void close() {
        over = true;
        devices.forEach(device -> device.client().close());
        threads.forEach(
                thread -> {
                    try {
                        thread.join(5_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
