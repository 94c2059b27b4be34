package com.ecleaner.chat.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/**
 * Random conversations against the real server and its PostgreSQL: 10,000 operations, or as many as
 * {@code -Dchat.operations=…} says. Replay one with {@code -Dchat.seed=…}.
 */
class PromisesHoldTest {
    private static final int ROUND = 500;

    @Test
    void no_interleaving_of_people_devices_and_cuts_breaks_a_promise(@TempDir Path folder)
            throws Exception {
        long seed = Long.getLong("chat.seed", System.nanoTime() % 1_000_000);
        int operations = Integer.getInteger("chat.operations", 10_000);
        System.out.println("random conversations: -Dchat.seed=" + seed);
        try (RunningChat chat = RunningChat.in(folder, Map.of());
                RandomConversations talk =
                        new RandomConversations(seed, chat.port(), chat.platform())) {
            while (talk.operations() < operations) {
                talk.play(Math.min(ROUND, operations - talk.operations()));
                talk.check();
            }
            assertThat(talk.operations()).isEqualTo(operations);
            System.out.println("played: " + talk.counts());
        }
    }
}
