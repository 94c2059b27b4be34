package com.ecleaner.chat.torture;

import java.util.Locale;

/** Something that happened, as seen from outside the chat, with a time of this JVM's own clock. */
sealed interface Fact {
    /** Nanoseconds of {@link System#nanoTime}. */
    long at();

    /** A user wrote a message, or the same again. */
    record Said(long at, String device, String user, long room, String clientId, String content)
            implements Fact {}

    /** A user asked for a message of theirs to say something else; empty to have it deleted. */
    record Rewrote(long at, String device, String clientId, String content) implements Fact {}

    /** A sender was told that a message is kept: by its echo, or by REST's answer. */
    record Acknowledged(long at, String device, long room, String clientId, long seq, long id)
            implements Fact {}

    /** A device holds a room from that number on: what came before is history to it. */
    record Began(long at, String device, long room, long seq) implements Fact {}

    /** A new connection of a device. */
    record Connected(long at, String device, int connection) implements Fact {}

    /** How a message reached a device. */
    enum Way {
        /** In the room's order, on a connection that is level. */
        LIVE,
        /** While a sync runs, or as the answer to a repeated client_id. */
        AGAIN,
        /** As a page of history. */
        HISTORY
    }

    /** A device was told a message. */
    record Told(
            long at,
            String device,
            String user,
            int connection,
            Way way,
            long room,
            long seq,
            long id,
            String sender,
            String clientId)
            implements Fact {}

    /** A device on a connection that is level was told that a room has come to this version. */
    record Reached(long at, String device, int connection, long room, long version)
            implements Fact {}

    /** A user's own mark, as one of their devices was told it on a connection that is level. */
    record Marked(long at, String device, int connection, long room, long upTo) implements Fact {}

    /** The platform was answered that a user is not in that room any more. */
    record Out(long at, String user, long room) implements Fact {}

    /** The platform is about to let a user in, perhaps again. */
    record ComesIn(long at, String user, long room) implements Fact {}

    /** Something was broken, or repaired. */
    record Broke(long at, String what) implements Fact {}

    /** A line of a story. */
    default String line(long start) {
        return String.format(Locale.ROOT, "%9.3f s  %s", (at() - start) / 1e9, words());
    }

    private String words() {
        return switch (this) {
            case Said s -> s.device + " says " + s.clientId + " in room " + s.room;
            case Rewrote r ->
                    r.device + (r.content.isEmpty() ? " deletes " : " edits ") + r.clientId;
            case Acknowledged a ->
                    a.device + " is told that " + a.clientId + " is kept as number " + a.seq;
            case Began b -> b.device + " holds room " + b.room + " from " + b.seq + " on";
            case Connected c -> c.device + " connects, for the " + c.connection + ". time";
            case Told t ->
                    t.device
                            + " is told number "
                            + t.seq
                            + " of room "
                            + t.room
                            + " ("
                            + t.clientId
                            + ", id "
                            + t.id
                            + "), "
                            + t.way.name().toLowerCase(Locale.ROOT)
                            + " on connection "
                            + t.connection;
            case Reached r ->
                    r.device + " is told that room " + r.room + " is at version " + r.version;
            case Marked m ->
                    m.device + " is told that its mark in room " + m.room + " is " + m.upTo;
            case Out o -> o.user + " is out of room " + o.room;
            case ComesIn c -> c.user + " is about to come into room " + c.room;
            case Broke b -> "--- " + b.what;
        };
    }
}
