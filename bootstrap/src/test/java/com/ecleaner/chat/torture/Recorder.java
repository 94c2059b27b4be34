package com.ecleaner.chat.torture;

import com.ecleaner.chat.client.ChatClient;
import com.ecleaner.chat.client.Witness;
import com.ecleaner.chat.torture.Fact.Way;
import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/** Writes down everything that happens. Thread-safe. */
final class Recorder {
    private final Queue<Fact> facts = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final long start = System.nanoTime();

    void add(Fact fact) {
        facts.add(fact);
    }

    static long now() {
        return System.nanoTime();
    }

    long start() {
        return start;
    }

    List<Fact> facts() {
        return new ArrayList<>(facts);
    }

    /** How many messages were acknowledged, each once. */
    long acknowledged() {
        return acknowledged.get();
    }

    void acknowledged(Fact.Acknowledged fact, boolean first) {
        add(fact);
        if (first) {
            acknowledged.incrementAndGet();
        }
    }

    /** What one device sees. */
    final class Notes implements Witness {
        private final String name;
        private final Set<Long> begun = new HashSet<>();

        /** Whatever this device has sent comes back to it outside the order, if sent again. */
        private final Set<String> said = ConcurrentHashMap.newKeySet();

        private final Set<String> echoed = new HashSet<>();

        Notes(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        void says(ChatClient client, long room, String clientId, String content) {
            said.add(clientId);
            add(new Fact.Said(now(), name, client.user(), room, clientId, content));
        }

        @Override
        public void connected(ChatClient client, int connection) {
            add(new Fact.Connected(now(), name, connection));
        }

        @Override
        public void heard(ChatClient client, int connection, JsonNode frame, LongPredicate level) {
            switch (frame.path("type").asText()) {
                case "welcome" -> frame.get("rooms").forEach(this::begin);
                case "room" -> {
                    JsonNode room = frame.get("room");
                    begin(room);
                    reached(connection, room.get("id").asLong(), room, level);
                }
                case "chat_message" -> {
                    JsonNode message = frame.get("message");
                    long room = frame.get("room").asLong();
                    boolean own = said.contains(message.get("client_id").asText());
                    boolean live = level.test(room) && !own;
                    told(client, connection, live ? Way.LIVE : Way.AGAIN, message);
                    if (!own) {
                        reached(connection, room, frame, level);
                    } else {
                        acknowledged(
                                new Fact.Acknowledged(
                                        now(),
                                        name,
                                        room,
                                        message.get("client_id").asText(),
                                        message.get("seq").asLong(),
                                        message.get("id").asLong()),
                                echoed.add(message.get("client_id").asText()));
                    }
                }
                case "message_edited", "message_deleted" ->
                        reached(connection, frame.get("room").asLong(), frame, level);
                case "read" -> {
                    long room = frame.get("room").asLong();
                    if (frame.path("version").asLong() != 0) {
                        reached(connection, room, frame, level);
                        if (level.test(room)
                                && frame.get("user_id").asText().equals(client.user())) {
                            long upTo = frame.get("up_to_seq").asLong();
                            add(new Fact.Marked(now(), name, connection, room, upTo));
                        }
                    }
                }
                case "history" ->
                        frame.get("results")
                                .forEach(message -> told(client, connection, Way.HISTORY, message));
                default -> {}
            }
        }

        private void begin(JsonNode room) {
            long id = room.get("id").asLong();
            if (begun.add(id)) {
                add(new Fact.Began(now(), name, id, room.get("last_seq").asLong()));
            }
        }

        private void told(ChatClient client, int connection, Way way, JsonNode message) {
            add(
                    new Fact.Told(
                            now(),
                            name,
                            client.user(),
                            connection,
                            way,
                            message.get("room").asLong(),
                            message.get("seq").asLong(),
                            message.get("id").asLong(),
                            message.at("/sender/id").asText(),
                            message.get("client_id").asText()));
        }

        private void reached(int connection, long room, JsonNode frame, LongPredicate level) {
            if (level.test(room)) {
                add(new Fact.Reached(now(), name, connection, room, frame.get("version").asLong()));
            }
        }
    }
}
