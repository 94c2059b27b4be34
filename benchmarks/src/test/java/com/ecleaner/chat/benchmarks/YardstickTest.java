package com.ecleaner.chat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.benchmarks.load.Swarm;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** The generator against the yardstick: it counts what happens, and waits for all of it. */
class YardstickTest {
    private static Target yardstick;

    @BeforeAll
    static void start() {
        yardstick = Target.yardstick("-Xmx64m");
    }

    @AfterAll
    static void stop() {
        yardstick.close();
    }

    @Test
    void a_closed_loop_brings_each_message_to_everybody_in_the_room_and_to_nobody_else() {
        try (Swarm swarm = new Swarm(yardstick.port(), false)) {
            swarm.open(Stage.seatsAtYardstick("loop", 3, 4));
            swarm.loop(12, 2);
            await().until(() -> swarm.messages() > 1_000);
            swarm.settle();

            // A message is back at its sender's; the others may get theirs a moment later.
            await().until(() -> swarm.deliveries() == 4 * swarm.messages());
            assertThat(swarm.latencies().getTotalCount()).isEqualTo(3 * swarm.messages());
        }
    }

    @Test
    void a_rate_sends_exactly_what_is_due_and_counts_from_then() {
        try (Swarm swarm = new Swarm(yardstick.port(), false)) {
            swarm.open(Stage.seatsAtYardstick("rate", 5, 2));
            swarm.send(500, Duration.ofMillis(400));
            swarm.settle();

            assertThat(swarm.messages()).isEqualTo(200);
            await().until(() -> swarm.deliveries() == 400);
            assertThat(swarm.latencies().getMinValue()).isPositive();
        }
    }

    @Test
    void the_servers_cpu_and_memory_are_seen() {
        assertThat(Processes.cpuNanos(yardstick.pid())).isPositive();
        assertThat(Processes.residentBytes(yardstick.pid())).isGreaterThan(10_000_000);
    }
}
