package com.ecleaner.chat.client;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.function.LongPredicate;

/** Sees whatever reaches a client, in order and before the client acts on it. */
public interface Witness {
    /** Sees nothing. */
    Witness NONE =
            new Witness() {
                @Override
                public void connected(ChatClient client, int connection) {}

                @Override
                public void heard(
                        ChatClient client, int connection, JsonNode frame, LongPredicate level) {}
            };

    /** A connection is open, the client's so manieth. */
    void connected(ChatClient client, int connection);

    /**
     * A frame came.
     *
     * @param level whether the client holds everything of a room up to here, so that the next frame
     *     of it has to connect
     */
    void heard(ChatClient client, int connection, JsonNode frame, LongPredicate level);
}
