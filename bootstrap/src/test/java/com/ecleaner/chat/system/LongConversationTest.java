package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** Everything people put into messages, in one conversation, over both stores. */
@Timeout(240)
final class LongConversationTest {
    @TempDir Path folder;

    @Test
    void a_long_conversation_over_both_doors_ends_alike_in_memory_and_in_postgresql()
            throws Exception {
        Map<String, JsonNode> inMemory;
        try (ChatInMemory chat = new ChatInMemory(folder.resolve("incoming"))) {
            inMemory = new LongConversation(chat.port(), chat.platform()).play();
        }
        Map<String, JsonNode> inPostgres;
        try (RunningChat chat = RunningChat.in(folder.resolve("data"), Map.of())) {
            inPostgres = new LongConversation(chat.port(), chat.platform()).play();
        }

        assertThat(inMemory.keySet()).hasSizeGreaterThan(60);
        inMemory.forEach(
                (what, state) -> assertThat(inPostgres.get(what)).as(what).isEqualTo(state));
        assertThat(inPostgres.keySet()).isEqualTo(inMemory.keySet());
    }
}
