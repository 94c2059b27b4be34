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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random people on random devices who send, repeat, edit, delete, read, lose their lines at any
 * byte and their jobs at any moment; and a small model of what must come of it. The same seed plays
 * the same operations.
 */
final class RandomConversations implements AutoCloseable {
    private static final List<String> CLIENTS = List.of("anna", "bert", "cora");
    private static final List<String> CLEANERS = List.of("john", "kate");
    private static final String ADMIN = "root";

    /** One device: its own line, its own copy of everything. */
    private record Device(ChatClient client, CuttingProxy line) {}

    /** A message some device tried to send: in which room, and what it may say at the end. */
    private record Said(String user, long room, Set<String> contents) {}

    private final Random random;
    private final Platform platform;
    private final List<Device> devices = new ArrayList<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final List<Long> jobRooms = new ArrayList<>();
    private final Map<Long, String> assigned = new HashMap<>();
    private final Map<String, Said> said = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Set<Long> deleted = new HashSet<>();
    private final long general;
    private int operations;

    RandomConversations(long seed, int port, Platform platform) throws IOException {
        this.random = new Random(seed);
        this.platform = platform;
        for (int job = 0; job < CLIENTS.size(); job++) {
            jobRooms.add(platform.book("p" + seed + "-" + job, CLIENTS.get(job), CLEANERS.get(0)));
            assigned.put(jobRooms.get(job), CLEANERS.get(0));
        }
        this.seed = seed;
        CLIENTS.forEach(user -> tokens.put(user, platform.token(user, Role.CLIENT)));
        CLEANERS.forEach(user -> tokens.put(user, platform.token(user, Role.CLEANER)));
        tokens.put(ADMIN, platform.token(ADMIN, Role.ADMIN));
        ObjectNode open = Platform.JSON.createObjectNode();
        open.put("room_type", "general").put("name", "lobby " + seed);
        long lobby = 0;
        for (String user : tokens.keySet()) {
            lobby = platform.post("/chat/rooms/", tokens.get(user), open).body().get("id").asLong();
        }
        this.general = lobby;
        for (String user : tokens.keySet()) {
            for (int i = 0; i < 2; i++) {
                CuttingProxy line = new CuttingProxy(port);
                URI address =
                        URI.create(
                                "ws://127.0.0.1:" + line.port() + "/ws/?token=" + tokens.get(user));
                devices.add(
                        new Device(
                                new ChatClient(
                                        user,
                                        client -> address,
                                        Duration.ofMillis(20),
                                        random.nextLong()),
                                line));
            }
        }
        settle();
    }

    private final long seed;

    int operations() {
        return operations;
    }

    /** So many operations, as fast as they can be said. */
    void play(int count) {
        for (int i = 0; i < count; i++) {
            operations++;
            Device device = devices.get(random.nextInt(devices.size()));
            int dice = random.nextInt(100);
            if (dice < 55) {
                send(device);
            } else if (dice < 62) {
                repeat(device);
            } else if (dice < 70) {
                edit(device);
            } else if (dice < 75) {
                delete(device);
            } else if (dice < 92) {
                read(device);
            } else if (dice < 96) {
                device.line().cutAfter(random.nextInt(20_000));
            } else if (dice < 98) {
                device.client().abort();
            } else {
                assign();
            }
            if (i % 20 == 19) {
                pause();
            }
        }
    }

    /** Lets commits and cuts overlap in ever new ways without flooding the connections. */
    private void pause() {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(60))
                .until(() -> devices.stream().filter(d -> d.client().isLevel()).count() > 4);
    }

    private long anyRoom() {
        int i = random.nextInt(jobRooms.size() + 1);
        return i == jobRooms.size() ? general : jobRooms.get(i);
    }

    private void send(Device device) {
        String user = device.client().user();
        String name = "m" + said.size();
        String text = "says " + name + " " + "ü€🧽".repeat(random.nextInt(5));
        long room = anyRoom();
        said.put(name, new Said(user, room, new HashSet<>(Set.of(text))));
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
        if (first.user().equals(device.client().user())) {
            first.contents().add("said again " + name);
            device.client().send(first.room(), "said again " + name, name);
        }
    }

    private void edit(Device device) {
        JsonNode echo = someEcho(device);
        if (echo != null) {
            String text = "edited " + random.nextInt(1000);
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
            deleted.add(echo.get("id").asLong());
            device.client()
                    .tell(
                            ChatClient.frame("delete")
                                    .put("room", echo.get("room").asLong())
                                    .put("message_id", echo.get("id").asLong()));
        }
    }

    private JsonNode someEcho(Device device) {
        if (names.isEmpty()) {
            return null;
        }
        return device.client().echo(names.get(random.nextInt(names.size())));
    }

    private void read(Device device) {
        long room = anyRoom();
        RoomCopy copy = device.client().room(room);
        long upTo = copy == null ? 5 : Math.max(0, copy.highest() - random.nextInt(8) + 2);
        device.client().tell(ChatClient.frame("read").put("room", room).put("up_to_seq", upTo));
    }

    private void assign() {
        int job = random.nextInt(jobRooms.size());
        int who = random.nextInt(CLEANERS.size() + 1);
        String cleaner = who == CLEANERS.size() ? null : CLEANERS.get(who);
        long room = platform.book("p" + seed + "-" + job, CLIENTS.get(job), cleaner);
        assigned.put(room, cleaner);
    }

    /** Quiet time: everybody comes back, everything is echoed or refused. */
    void settle() {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () ->
                                assertThat(devices)
                                        .allMatch(d -> d.client().isLevel())
                                        .allMatch(d -> d.client().everythingEchoed()));
    }

    /** Holds every device's copy, every unread and every page against the record and the model. */
    void check() {
        settle();
        Map<Long, List<JsonNode>> logs = new LinkedHashMap<>();
        for (long room : jobRooms) {
            logs.put(room, platform.log(room, tokens.get(ADMIN)));
        }
        logs.put(general, platform.log(general, tokens.get(ADMIN)));
        logs.forEach(this::checkLog);
        for (Device device : devices) {
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> checkDevice(device.client(), logs));
        }
    }

    private void checkLog(long room, List<JsonNode> log) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < log.size(); i++) {
            JsonNode message = log.get(i);
            assertThat(message.get("seq").asLong())
                    .as("numbers of room %s", room)
                    .isEqualTo(i + 1L);
            String name = message.get("client_id").asText();
            Said model = said.get(name);
            assertThat(model).as("somebody sent %s", message).isNotNull();
            assertThat(seen.add(name)).as("%s once", name).isTrue();
            assertThat(model.room()).isEqualTo(room);
            assertThat(message.get("sender").get("id").asText()).isEqualTo(model.user());
            if (message.get("deleted_at").isNull()) {
                assertThat(model.contents()).contains(message.get("content").asText());
            } else {
                assertThat(message.get("content").asText()).isEmpty();
                assertThat(deleted).contains(message.get("id").asLong());
            }
        }
        for (Device device : devices) {
            for (String name : names) {
                JsonNode echo = device.client().echo(name);
                if (echo != null && echo.get("room").asLong() == room) {
                    assertThat(seen).as("echoed, so kept").contains(name);
                }
            }
        }
    }

    private void checkDevice(ChatClient client, Map<Long, List<JsonNode>> logs) {
        assertThat(client.faults()).as("promises broken to %s", client.user()).isEmpty();
        logs.forEach(
                (room, log) -> {
                    RoomCopy copy = client.room(room);
                    if (!mayRead(client.user(), room)) {
                        if (copy != null && !client.user().equals(ADMIN)) {
                            assertThat(copy.isMember())
                                    .as("%s in %s", client.user(), room)
                                    .isFalse();
                        }
                        return;
                    }
                    if (copy == null || !copy.isMember()) {
                        // An admin who never wrote there follows nothing.
                        assertThat(client.user()).isEqualTo(ADMIN);
                        return;
                    }
                    checkCopy(client, room, copy, log);
                });
    }

    private void checkCopy(ChatClient client, long room, RoomCopy copy, List<JsonNode> log) {
        assertThat(copy.highest()).as("%s in room %s", client.user(), room).isEqualTo(log.size());
        List<JsonNode> expected = log.subList((int) copy.from(), log.size());
        List<JsonNode> held = copy.messages();
        assertThat(held).hasSameSizeAs(expected);
        for (int i = 0; i < held.size(); i++) {
            assertThat(held.get(i).get("id")).isEqualTo(expected.get(i).get("id"));
            assertThat(held.get(i).get("content")).isEqualTo(expected.get(i).get("content"));
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
        if (room == general || user.equals(ADMIN)) {
            return true;
        }
        int job = jobRooms.indexOf(room);
        return CLIENTS.get(job).equals(user) || user.equals(assigned.get(room));
    }

    @Override
    public void close() throws IOException {
        for (Device device : devices) {
            device.client().close();
            device.line().close();
        }
    }
}
