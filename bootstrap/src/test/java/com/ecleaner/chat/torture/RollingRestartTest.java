package com.ecleaner.chat.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ecleaner.chat.fleet.RedisProcess;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A new release goes out, node after node, while everybody talks. */
final class RollingRestartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void nothing_is_lost_or_said_twice_and_each_device_reconnects_once_a_restart_at_most(
            @TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                RedisProcess.program().isPresent(), "no redis-server runs on this machine");
        Recorder recorder = new Recorder();
        try (Fleet fleet = new Fleet(folder, 2);
                Crowd crowd = new Crowd(fleet, recorder, 1, PATIENCE)) {
            crowd.talk(100);
            level(crowd);
            List<Integer> before = crowd.connectionsOfEach();

            for (Node node : fleet.nodes()) {
                assertThat(node.terminate()).as("its exit code").isZero();
                node.start();
                level(crowd);
            }
            crowd.hush();
            level(crowd);

            assertThat(crowd.closeCodes()).isNotEmpty().containsOnly(1001);
            List<Integer> after = crowd.connectionsOfEach();
            for (int i = 0; i < before.size(); i++) {
                assertThat(after.get(i) - before.get(i))
                        .as("how often device %s came back", i)
                        .isLessThanOrEqualTo(fleet.nodes().size());
            }
            assertThat(crowd.faults()).isEmpty();
            await().pollInterval(Duration.ofMillis(500))
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(Checker.check(recorder.facts(), crowd.outcome()))
                                            .isEmpty());
            assertThat(recorder.acknowledged()).isPositive();
        }
    }

    private static void level(Crowd crowd) {
        Crowd.Aim aim = crowd.aim();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(crowd.behind(aim)).isNull());
    }
}
