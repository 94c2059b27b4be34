package com.ecleaner.chat.client;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One room as a client holds it: its messages by number, how far it was told, its user's mark.
 * Every frame is checked against the promises; what breaks one is written down. Guarded by its
 * client.
 */
public final class RoomCopy {
    private final long id;
    private final TreeMap<Long, JsonNode> messages = new TreeMap<>();
    private final Map<Long, Long> versions = new HashMap<>();
    private final List<String> faults;
    private boolean member = true;
    private boolean level;
    private long version;
    private long from;
    private long highest;
    private long mark;
    private long toldUnread = -1;

    RoomCopy(long id, List<String> faults) {
        this.id = id;
        this.faults = faults;
    }

    /** The room as a welcome or a room frame shows it. */
    void shown(JsonNode room, boolean first) {
        member = true;
        if (first && highest == 0 && messages.isEmpty()) {
            // What came before is history: this client's own log begins here.
            from = room.get("last_seq").asLong();
            highest = from;
        }
        if (first || level) {
            // In the middle of a sync it may stand beyond what is still to be told.
            version = Math.max(version, room.get("version").asLong());
        }
        mark = Math.max(mark, room.get("last_read_seq").asLong());
        toldUnread = room.get("unread_count").asLong();
    }

    /**
     * A reconnect: until {@code synced} frames may repeat what is known, or run ahead of a hole.
     */
    void reconnecting() {
        level = false;
    }

    void beLevel() {
        level = true;
    }

    void post(long toldVersion, JsonNode message, boolean own) {
        long seq = message.get("seq").asLong();
        if (seq <= highest) {
            if (level && !own && !messages.containsKey(seq) && seq > from) {
                faults.add("room " + id + ": message " + seq + " came after " + highest);
            }
            if (messages.containsKey(seq)) {
                replace(seq, toldVersion, message);
            }
            return;
        }
        if (seq > highest + 1) {
            // The answer to a repeated client_id may come ahead of the room's own order.
            if (level && !own) {
                faults.add("room " + id + ": a hole before " + seq + ", held " + highest);
            }
            return;
        }
        highest = seq;
        hold(seq, toldVersion, message);
        told(toldVersion);
    }

    void change(long toldVersion, JsonNode message) {
        long seq = message.get("seq").asLong();
        if (seq > highest) {
            if (level) {
                faults.add("room " + id + ": a change of " + seq + " overtook it, held " + highest);
            }
            return;
        }
        if (messages.containsKey(seq)) {
            replace(seq, toldVersion, message);
        }
        told(toldVersion);
    }

    /** What is older than what is held changes nothing: an answer may come late. */
    private void replace(long seq, long toldVersion, JsonNode message) {
        if (toldVersion >= versions.getOrDefault(seq, 0L)) {
            hold(seq, toldVersion, message);
        }
    }

    private void hold(long seq, long toldVersion, JsonNode message) {
        messages.put(seq, message);
        versions.put(seq, toldVersion);
    }

    void read(long toldVersion, long upTo, boolean own, long unread) {
        if (own) {
            // A read that moved nothing is answered by itself, beside the room's order.
            if (upTo < mark && level && toldVersion != 0) {
                faults.add("room " + id + ": the mark went back from " + mark + " to " + upTo);
            }
            mark = Math.max(mark, upTo);
            if (unread >= 0) {
                toldUnread = unread;
            }
        }
        told(toldVersion);
    }

    void synced(JsonNode state) {
        if (state == null || state.isNull()) {
            member = false;
            return;
        }
        long lastSeq = state.get("last_seq").asLong();
        if (highest < lastSeq) {
            faults.add("room " + id + ": synced at " + lastSeq + ", held " + highest);
        }
        version = Math.max(version, state.get("version").asLong());
        mark = Math.max(mark, state.get("last_read_seq").asLong());
        toldUnread = state.get("unread_count").asLong();
        level = true;
    }

    /** The messages of a gap, fetched as history. */
    void filled(JsonNode results) {
        results.forEach(
                message -> {
                    long seq = message.get("seq").asLong();
                    messages.put(seq, message);
                    highest = Math.max(highest, seq);
                });
    }

    void left() {
        member = false;
        level = false;
    }

    void returned() {
        member = true;
    }

    private void told(long toldVersion) {
        if (toldVersion == 0 || !level) {
            // In the middle of a sync only its end says what is held.
            return;
        }
        if (toldVersion < version) {
            faults.add("room " + id + ": version fell from " + version + " to " + toldVersion);
        }
        version = Math.max(version, toldVersion);
    }

    /** Unread by the definition, from the messages this client holds. */
    long unreadByDefinition(String user) {
        return messages.tailMap(mark, false).values().stream()
                .filter(m -> m.get("deleted_at").isNull())
                .filter(m -> !m.get("sender").get("id").asText().equals(user))
                .count();
    }

    public long id() {
        return id;
    }

    boolean isLevel() {
        return level;
    }

    public boolean isMember() {
        return member;
    }

    public long highest() {
        return highest;
    }

    public long version() {
        return version;
    }

    public long mark() {
        return mark;
    }

    /** The first number this client may hold; what is at or below came before it. */
    public long from() {
        return from;
    }

    public List<JsonNode> messages() {
        return new ArrayList<>(messages.values());
    }

    /** What the server last said is unread, -1 where it has not. */
    public long toldUnread() {
        return toldUnread;
    }
}
