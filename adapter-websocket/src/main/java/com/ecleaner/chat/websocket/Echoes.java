package com.ecleaner.chat.websocket;

import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.RoomId;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The messages a connection has sent and not heard of yet. Their echo comes with the room's other
 * messages, in order; where a snapshot or a gap stands in for those, it has to be sent by itself.
 * Holds no more than are under way at once. Thread-safe.
 */
final class Echoes {
    /** Messages of one's own other devices may look like early echoes: no more than these count. */
    private static final int MAX_EARLY = 256;

    private int underWay;
    private final Set<MessageId> early = new LinkedHashSet<>();
    private final Map<MessageId, Message> owed = new LinkedHashMap<>();

    /** A message was handed to the log. */
    synchronized void sent() {
        underWay++;
    }

    /** It was refused, or answered in another way. */
    synchronized void settled() {
        underWay--;
        if (underWay == 0) {
            early.clear();
        }
    }

    /**
     * It is durable. Returns whether its echo is owed from now on; otherwise that has come already.
     */
    synchronized boolean durable(Message message) {
        boolean isOwed = !early.remove(message.id());
        if (isOwed) {
            owed.put(message.id(), message);
        }
        settled();
        return isOwed;
    }

    /** A message of this user passes on its way to the connection. */
    synchronized void passed(MessageId id) {
        if (owed.remove(id) == null && underWay > 0) {
            early.add(id);
            if (early.size() > MAX_EARLY) {
                early.remove(early.iterator().next());
            }
        }
    }

    /** Takes the echo that is still owed. */
    synchronized Optional<Message> take(MessageId id) {
        return Optional.ofNullable(owed.remove(id));
    }

    /** Takes those that are owed in a room up to that number: nothing else will bring them. */
    synchronized List<Message> takeUpTo(RoomId room, long seq) {
        if (owed.isEmpty()) {
            return List.of();
        }
        List<Message> taken = new ArrayList<>();
        for (Iterator<Message> all = owed.values().iterator(); all.hasNext(); ) {
            Message message = all.next();
            if (message.room().equals(room) && message.seq() <= seq) {
                taken.add(message);
                all.remove();
            }
        }
        return taken;
    }
}
