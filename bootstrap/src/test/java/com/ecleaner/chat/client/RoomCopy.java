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
    private final String user;
    private final TreeMap<Long, JsonNode> messages = new TreeMap<>();
    private final Map<Long, Long> versions = new HashMap<>();
    private final List<String> faults;
    private boolean member = true;

    /** A sync was asked about the room: its answer says whether access is there. */
    private boolean asking;

    /** How many syncs that name the room are not answered yet. */
    private int asked;

    private boolean level;
    private long version;
    private long from;
    private long highest;
    private long mark;
    private long toldUnread = -1;

    /** The numbers that a gap named and that history has not brought yet; none where they cross. */
    private long gapFrom = 1;

    private long gapTo;

    RoomCopy(long id, String user, List<String> faults) {
        this.id = id;
        this.user = user;
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
        asking = true;
        if (hasGap()) {
            // What lies above the gap is told again, or the gap is.
            highest = gapFrom - 1;
            messages.tailMap(highest, false).clear();
            versions.keySet().removeIf(seq -> seq > highest);
            gapTo = 0;
        }
    }

    /** The line broke: whatever was asked on it is not answered any more. */
    void cutOff() {
        asked = 0;
        reconnecting();
    }

    /** A sync names the room. */
    void ask() {
        asked++;
    }

    /** A sync that named the room has ended. Returns whether no later one will say more. */
    boolean answered() {
        asked = Math.max(0, asked - 1);
        return asked == 0;
    }

    void beLevel() {
        level = true;
    }

    /**
     * @param own whether this client's user wrote it: a repeated client_id is answered beside the
     *     room's order
     */
    void post(long toldVersion, JsonNode message, boolean own) {
        long seq = message.get("seq").asLong();
        notAfterALoss("message " + seq, own);
        if (seq <= highest) {
            if (level && !own) {
                fault(
                        messages.containsKey(seq) || seq <= from
                                ? "message " + seq + " came twice"
                                : "message " + seq + " came after " + highest);
            }
            if (messages.containsKey(seq)) {
                replace(seq, toldVersion, message);
            }
            return;
        }
        if (seq > highest + 1) {
            // The answer to a repeated client_id may come ahead of the room's own order.
            if (level && !own) {
                fault("a hole before " + seq + ", held " + highest);
            }
            return;
        }
        highest = seq;
        hold(seq, toldVersion, message);
        told(toldVersion, own);
    }

    void change(long toldVersion, JsonNode message, boolean own) {
        long seq = message.get("seq").asLong();
        notAfterALoss("a change of " + seq, own);
        if (seq > highest) {
            if (level) {
                fault("a change of " + seq + " overtook it, held " + highest);
            }
            return;
        }
        if (messages.containsKey(seq) || isInGap(seq)) {
            replace(seq, toldVersion, message);
        }
        told(toldVersion, own);
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

    /**
     * @param unread what the server says is unread then; -1 where it says nothing
     */
    void read(long toldVersion, long upTo, boolean own, long unread) {
        notAfterALoss("a mark", own);
        if (own) {
            // A read that moved nothing is answered by itself, beside the room's order.
            if (upTo < mark && level && toldVersion != 0) {
                fault("the mark went back from " + mark + " to " + upTo);
            }
            mark = Math.max(mark, upTo);
            if (unread >= 0) {
                toldUnread = unread;
                if (member && level) {
                    compareUnread("read " + upTo);
                }
            }
        }
        told(toldVersion, own);
    }

    void typing() {
        notAfterALoss("typing", false);
    }

    void synced(JsonNode state) {
        asking = false;
        member = state != null && !state.isNull();
        if (!member) {
            return;
        }
        long lastSeq = state.get("last_seq").asLong();
        if (highest < lastSeq) {
            fault("synced at " + lastSeq + ", held " + highest);
        }
        version = Math.max(version, state.get("version").asLong());
        mark = Math.max(mark, state.get("last_read_seq").asLong());
        toldUnread = state.get("unread_count").asLong();
        level = true;
        compareUnread("synced");
    }

    // --- a gap

    /** The server names messages that are too many to be told. */
    void gap(long fromSeq, long toSeq) {
        if (fromSeq != highest + 1) {
            fault("a gap from " + fromSeq + ", held " + highest);
        }
        gapFrom = fromSeq;
        gapTo = toSeq;
        highest = Math.max(highest, toSeq);
    }

    /** A page of the gap; what was told of a message meanwhile is newer than the page. */
    void filled(JsonNode results) {
        for (JsonNode message : results) {
            long seq = message.get("seq").asLong();
            if (seq == gapFrom) {
                messages.putIfAbsent(seq, message);
                gapFrom++;
            }
        }
    }

    boolean hasGap() {
        return gapFrom <= gapTo;
    }

    long gapFrom() {
        return gapFrom;
    }

    private boolean isInGap(long seq) {
        return seq >= gapFrom && seq <= gapTo;
    }

    // --- people

    void left() {
        reconnecting();
        member = false;
        // A sync that was asked before may find access back, and tell what there is.
        asking = asked > 0;
    }

    void returned() {
        member = true;
    }

    private void notAfterALoss(String what, boolean own) {
        // What the user did before the loss may be answered after it.
        if (!member && !asking && !own) {
            fault(what + " came after access was lost");
        }
    }

    // --- versions

    private void told(long toldVersion, boolean own) {
        if (toldVersion == 0 || !level) {
            // In the middle of a sync only its end says what is held.
            return;
        }
        // Answers to this client alone repeat the version that it was told last.
        if (toldVersion < version || (toldVersion == version && !own)) {
            fault("version fell from " + version + " to " + toldVersion);
        }
        version = Math.max(version, toldVersion);
    }

    // --- unread

    /** Unread by the definition, from the messages this client holds. */
    long unreadByDefinition() {
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

    /** Whether this client holds everything that may be unread. */
    boolean isCountable() {
        return !member || (level && from <= mark && !hasGap());
    }

    private void compareUnread(String when) {
        if (isCountable() && toldUnread != unreadByDefinition()) {
            fault(
                    "unread was told as "
                            + toldUnread
                            + " with "
                            + when
                            + ", and by definition is "
                            + unreadByDefinition());
        }
    }

    private void fault(String what) {
        faults.add("room " + id + ": " + what);
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
