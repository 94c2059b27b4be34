package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.client.ChatClient;
import com.ecleaner.chat.client.RoomCopy;
import com.ecleaner.chat.domain.user.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Random people on random devices who send, repeat, edit, delete, read, lose their lines at any
 * byte and their jobs at any moment; and a small model of what must come of it. The same seed plays
 * the same operations.
 */
final class RandomConversations implements AutoCloseable {
    private static final Duration QUIET_WITHIN = Duration.ofMinutes(2);

    /** One device: its own line, its own copy of everything it carries. */
    private record Device(ChatClient client, CuttingProxy line, List<Long> rooms) {
        @Override
        public String toString() {
            return client.toString();
        }
    }

    /** A message that was tried first by operation {@code at}, and what it may say at the end. */
    private record Said(int at, String user, long room, Set<String> contents) {}

    private final long seed;
    private final Random random;
    private final int port;
    private final Platform platform;
    private final Function<String, LineTampering> tampering;
    private final Duration patience;

    /** Nobody talks in two conversations: what is unread in all is of this one alone. */
    private final List<String> clients;

    private final List<String> cleaners;
    private final String admin;
    private final List<Device> devices = new ArrayList<>();
    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final List<Long> jobRooms = new ArrayList<>();
    private final Map<Long, String> assigned = new HashMap<>();

    /** Since which operation a cleaner is out of a room. */
    private final Map<String, Integer> outSince = new HashMap<>();

    private final Map<String, Said> said = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();

    /** By which operation a message was deleted first. */
    private final Map<Long, Integer> deleted = new HashMap<>();

    /** Devices that are away, and the operation that brings them back. */
    private final Map<Device, Integer> away = new LinkedHashMap<>();

    private final Map<String, Integer> counts = new TreeMap<>();
    private final long general;
    private int operations;

    RandomConversations(long seed, int port, Platform platform) throws IOException {
        this(seed, port, platform, user -> LineTampering.NONE, Duration.ofSeconds(60));
    }

    /**
     * @param tampering what goes wrong on the way to a user's device, to see whether it is noticed
     * @param patience how long, in quiet, a device's copy may differ from the record
     */
    RandomConversations(
            long seed,
            int port,
            Platform platform,
            Function<String, LineTampering> tampering,
            Duration patience)
            throws IOException {
        this.seed = seed;
        this.random = new Random(seed);
        this.port = port;
        this.platform = platform;
        this.tampering = tampering;
        this.patience = patience;
        this.clients = List.of(name("anna"), name("bert"), name("cora"));
        this.cleaners = List.of(name("john"), name("kate"));
        this.admin = name("root");
        for (int job = 0; job < clients.size(); job++) {
            jobRooms.add(platform.book(job(job), clients.get(job), cleaners.get(0)));
            assigned.put(jobRooms.get(job), cleaners.get(0));
        }
        clients.forEach(user -> tokens.put(user, platform.token(user, Role.CLIENT)));
        cleaners.forEach(user -> tokens.put(user, platform.token(user, Role.CLEANER)));
        tokens.put(admin, platform.token(admin, Role.ADMIN));
        ObjectNode open = Platform.JSON.createObjectNode();
        open.put("room_type", "general").put("name", lobby());
        long shared = 0;
        for (String user : tokens.keySet()) {
            shared =
                    platform.post("/chat/rooms/", tokens.get(user), open).body().get("id").asLong();
        }
        this.general = shared;
        List<Long> all = new ArrayList<>(jobRooms);
        all.add(general);
        for (String user : tokens.keySet()) {
            device(user, "/ws/", all);
            device(user, "/ws/", all);
        }
        String name = URLEncoder.encode(lobby(), StandardCharsets.UTF_8).replace("+", "%20");
        device(cleaners.get(1), "/ws/chat/" + name + "/", List.of(general));
        for (int job = 0; job < clients.size(); job++) {
            device(clients.get(job), "/ws/job_chat/" + job(job) + "/", List.of(jobRooms.get(job)));
        }
        settle();
    }

    private String name(String user) {
        return user + "-" + seed;
    }

    private String job(int number) {
        return name("p") + "-" + number;
    }

    private String lobby() {
        return "lobby " + seed;
    }

    private void device(String user, String path, List<Long> rooms) throws IOException {
        CuttingProxy line = new CuttingProxy(port, tampering.apply(user));
        URI address =
                URI.create("ws://127.0.0.1:" + line.port() + path + "?token=" + tokens.get(user));
        devices.add(
                new Device(
                        new ChatClient(
                                user, client -> address, Duration.ofMillis(20), random.nextLong()),
                        line,
                        rooms));
    }

    int operations() {
        return operations;
    }

    /** How many of what were played, for the reader of a test's output. */
    Map<String, Integer> counts() {
        Map<String, Integer> all = new TreeMap<>(counts);
        all.put("connections", devices.stream().mapToInt(d -> d.client().connections()).sum());
        all.put("messages", (int) said.keySet().stream().filter(this::isEchoed).count());
        return all;
    }

    private boolean isEchoed(String name) {
        return devices.stream().anyMatch(d -> d.client().echo(name) != null);
    }

    // --- operations

    /** So many operations, as fast as they can be said. */
    void play(int count) {
        for (int i = 0; i < count; i++) {
            operations++;
            comeBack();
            Device device = devices.get(random.nextInt(devices.size()));
            int dice = random.nextInt(1_000);
            if (dice < 530) {
                send(device);
            } else if (dice < 600) {
                repeat(device);
            } else if (dice < 680) {
                edit(device);
            } else if (dice < 730) {
                delete(device);
            } else if (dice < 890) {
                read(device);
            } else if (dice < 910) {
                type(device);
            } else if (dice < 950) {
                count("cut");
                device.line().cutAfter(random.nextInt(20_000));
            } else if (dice < 970) {
                count("abort");
                device.client().abort();
            } else if (dice < 980) {
                goAway(device);
            } else {
                assign();
            }
            if (i % 20 == 19) {
                pause();
            }
        }
    }

    private void count(String operation) {
        counts.merge(operation, 1, Integer::sum);
    }

    /** Lets commits and cuts overlap in ever new ways without flooding the connections. */
    private void pause() {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(QUIET_WITHIN)
                .until(() -> devices.stream().filter(d -> d.client().isLevel()).count() > 4);
    }

    private void goAway(Device device) {
        if (away.size() < devices.size() / 4) {
            count("away");
            device.line().away(true);
            away.put(device, operations + 20 + random.nextInt(300));
        }
    }

    private void comeBack() {
        away.entrySet()
                .removeIf(
                        entry -> {
                            boolean over = entry.getValue() <= operations;
                            if (over) {
                                entry.getKey().line().away(false);
                            }
                            return over;
                        });
    }

    private long anyRoom(Device device) {
        return device.rooms().get(random.nextInt(device.rooms().size()));
    }

    private void send(Device device) {
        count("send");
        String user = device.client().user();
        String name = "m" + said.size();
        String text = "says " + name + " " + "ü€🧽".repeat(random.nextInt(5));
        long room = anyRoom(device);
        said.put(name, new Said(operations, user, room, new HashSet<>(Set.of(text))));
        names.add(name);
        device.client().send(room, text, name);
    }

    /** The same name again, from whatever device of the user, with another text. */
    private void repeat(Device device) {
        if (names.isEmpty()) {
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        Said first = said.get(name);
        if (first.user().equals(device.client().user()) && device.rooms().contains(first.room())) {
            count("repeat");
            first.contents().add("said again " + name);
            device.client().send(first.room(), "said again " + name, name);
        }
    }

    private void edit(Device device) {
        JsonNode echo = someEcho(device);
        if (echo != null) {
            count("edit");
            String text = "edited " + operations;
            said.get(echo.get("client_id").asText()).contents().add(text);
            device.client()
                    .tell(
                            ChatClient.frame("edit")
                                    .put("room", echo.get("room").asLong())
                                    .put("message_id", echo.get("id").asLong())
                                    .put("message", text));
        }
    }

    private void delete(Device device) {
        JsonNode echo = someEcho(device);
        if (echo != null) {
            count("delete");
            deleted.putIfAbsent(echo.get("id").asLong(), operations);
            device.client()
                    .tell(
                            ChatClient.frame("delete")
                                    .put("room", echo.get("room").asLong())
                                    .put("message_id", echo.get("id").asLong()));
        }
    }

    private JsonNode someEcho(Device device) {
        for (int i = 0; i < 20 && !names.isEmpty(); i++) {
            JsonNode echo = device.client().echo(names.get(random.nextInt(names.size())));
            if (echo != null) {
                return echo;
            }
        }
        return null;
    }

    private void read(Device device) {
        count("read");
        long room = anyRoom(device);
        RoomCopy copy = device.client().room(room);
        long upTo = copy == null ? 5 : Math.max(0, copy.highest() - random.nextInt(8) + 2);
        device.client().tell(ChatClient.frame("read").put("room", room).put("up_to_seq", upTo));
    }

    private void type(Device device) {
        count("typing");
        device.client()
                .tell(
                        ChatClient.frame("typing")
                                .put("room", anyRoom(device))
                                .put("is_typing", random.nextBoolean()));
    }

    private void assign() {
        count("assign");
        int job = random.nextInt(jobRooms.size());
        int who = random.nextInt(cleaners.size() + 1);
        String cleaner = who == cleaners.size() ? null : cleaners.get(who);
        long room = platform.book(job(job), clients.get(job), cleaner);
        String before = assigned.put(room, cleaner);
        if (before != null && !before.equals(cleaner)) {
            outSince.put(before + " " + room, operations);
        }
        outSince.remove(cleaner + " " + room);
    }

    // --- checks

    /** Quiet time: everybody comes back, everything is echoed or refused. */
    void settle() {
        away.keySet().forEach(device -> device.line().away(false));
        away.clear();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(QUIET_WITHIN)
                .untilAsserted(
                        () ->
                                assertThat(devices)
                                        .filteredOn(
                                                d ->
                                                        !d.client().isLevel()
                                                                || !d.client().everythingEchoed())
                                        .as("not level, or not answered")
                                        .isEmpty());
    }

    /** Holds every device's copy, every unread and every page against the record and the model. */
    void check() {
        settle();
        Map<Long, List<JsonNode>> logs = new LinkedHashMap<>();
        readLogs(logs);
        logs.forEach(this::checkLog);
        checkFaults();
        for (Device device : devices) {
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(patience)
                    .untilAsserted(
                            () -> {
                                try {
                                    checkDevice(device, logs);
                                } catch (AssertionError differs) {
                                    // An edit has no echo: it may be later than what was read.
                                    readLogs(logs);
                                    throw differs;
                                }
                            });
        }
    }

    private void readLogs(Map<Long, List<JsonNode>> logs) {
        for (long room : jobRooms) {
            logs.put(room, platform.log(room, tokens.get(admin)));
        }
        logs.put(general, platform.log(general, tokens.get(admin)));
    }

    private void checkLog(long room, List<JsonNode> log) {
        Map<String, JsonNode> kept = new HashMap<>();
        for (int i = 0; i < log.size(); i++) {
            JsonNode message = log.get(i);
            assertThat(message.get("seq").asLong())
                    .as("numbers of room %s", room)
                    .isEqualTo(i + 1L);
            String name = message.get("client_id").asText();
            Said model = said.get(name);
            assertThat(model).as("somebody sent %s", message).isNotNull();
            assertThat(kept.put(name, message)).as("%s once", name).isNull();
            assertThat(model.room()).isEqualTo(room);
            assertThat(message.get("sender").get("id").asText()).isEqualTo(model.user());
            if (message.get("deleted_at").isNull()) {
                assertThat(model.contents())
                        .as("what was said as %s", name)
                        .contains(message.get("content").asText());
            } else {
                assertThat(message.get("content").asText()).isEmpty();
                assertThat(deleted).containsKey(message.get("id").asLong());
            }
        }
        for (Device device : devices) {
            for (String name : names) {
                JsonNode echo = device.client().echo(name);
                if (echo != null && echo.get("room").asLong() == room) {
                    assertThat(kept).as("echoed, so kept").containsKey(name);
                    assertThat(kept.get(name).get("id")).as(name).isEqualTo(echo.get("id"));
                }
            }
        }
        // A mark or an edit that nobody waits for may come between the two.
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(patience)
                .untilAsserted(
                        () ->
                                assertThat(platform.logBackwards(room, tokens.get(admin)))
                                        .isEqualTo(platform.log(room, tokens.get(admin))));
    }

    private void checkFaults() {
        Map<Device, List<String>> broken = new HashMap<>();
        for (Device device : devices) {
            List<String> faults = device.client().faults();
            if (!faults.isEmpty()) {
                broken.put(device, faults);
            }
        }
        assertThat(broken).as("promises broken").isEmpty();
    }

    private void checkDevice(Device device, Map<Long, List<JsonNode>> logs) {
        ChatClient client = device.client();
        checkFaults();
        for (long room : device.rooms()) {
            RoomCopy copy = client.room(room);
            if (!mayRead(client.user(), room)) {
                if (copy != null) {
                    checkLost(client, room, copy);
                }
            } else if (copy == null || !copy.isMember()) {
                // An admin who never wrote there follows nothing.
                assertThat(client.user()).isEqualTo(admin);
            } else {
                checkCopy(client, room, copy, logs.get(room));
            }
        }
    }

    /** Nothing that was done after access was lost. */
    private void checkLost(ChatClient client, long room, RoomCopy copy) {
        assertThat(copy.isMember())
                .as("%s still takes room %s for their own", client.user(), room)
                .isFalse();
        int since = outSince.get(client.user() + " " + room);
        for (JsonNode message : copy.messages()) {
            String content = message.get("content").asText();
            int newest = said.get(message.get("client_id").asText()).at();
            if (content.startsWith("edited ")) {
                newest = Integer.parseInt(content.substring(7));
            } else if (!message.get("deleted_at").isNull()) {
                newest = deleted.get(message.get("id").asLong());
            }
            assertThat(newest)
                    .as("%s, out of %s since %s, holds %s", client.user(), room, since, message)
                    .isLessThanOrEqualTo(since);
        }
    }

    private void checkCopy(ChatClient client, long room, RoomCopy copy, List<JsonNode> log) {
        assertThat(copy.highest()).as("%s in room %s", client.user(), room).isEqualTo(log.size());
        List<JsonNode> expected = log.subList((int) copy.from(), log.size());
        List<JsonNode> held = copy.messages();
        assertThat(held).hasSameSizeAs(expected);
        for (int i = 0; i < held.size(); i++) {
            assertThat(held.get(i).get("id")).isEqualTo(expected.get(i).get("id"));
            assertThat(held.get(i).get("content"))
                    .as("content of %s as %s holds it", held.get(i), client.user())
                    .isEqualTo(expected.get(i).get("content"));
            assertThat(held.get(i).get("deleted_at").isNull())
                    .isEqualTo(expected.get(i).get("deleted_at").isNull());
        }
        JsonNode shown =
                platform.get("/chat/rooms/" + room + "/", tokens.get(client.user())).body();
        long mark = shown.get("last_read_seq").asLong();
        long byDefinition =
                log.stream()
                        .filter(m -> m.get("seq").asLong() > mark)
                        .filter(m -> m.get("deleted_at").isNull())
                        .filter(m -> !m.get("sender").get("id").asText().equals(client.user()))
                        .count();
        assertThat(shown.get("unread_count").asLong())
                .as("unread of %s in room %s", client.user(), room)
                .isEqualTo(byDefinition);
        assertThat(copy.mark()).as("mark of %s in %s", client.user(), room).isEqualTo(mark);
        if (copy.from() <= mark) {
            assertThat(client.unread(room)).isEqualTo(byDefinition);
        }
    }

    private boolean mayRead(String user, long room) {
        if (room == general || user.equals(admin)) {
            return true;
        }
        int job = jobRooms.indexOf(room);
        return clients.get(job).equals(user) || user.equals(assigned.get(room));
    }

    @Override
    public void close() throws IOException {
        for (Device device : devices) {
            device.client().close();
            device.line().close();
        }
    }
}
