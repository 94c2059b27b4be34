package com.ecleaner.chat.torture;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.fleet.RedisProcess;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Ninety seconds with a fixed seed in every build; {@code ./chat torture --minutes N --seed S}
 * plays longer.
 */
final class TortureTest {
    private static final long SEED = 20251025;
    private static final int FAULTS_BETWEEN_CHECKS = 12;

    @Test
    void whatever_is_broken_nothing_is_lost_repeated_or_out_of_order(@TempDir Path folder)
            throws Exception {
        Assumptions.assumeTrue(
                RedisProcess.program().isPresent(), "no redis-server runs on this machine");
        Duration length = Duration.ofSeconds(Integer.getInteger("chat.torture.seconds", 90));
        long seed = Long.getLong("chat.torture.seed", SEED);

        Torture.Result result =
                new Torture(
                                length,
                                seed,
                                FAULTS_BETWEEN_CHECKS,
                                System.getProperty("chat.torture.only", ""))
                        .play(folder);

        System.out.println(result.table() + result.stories());
        String report = System.getProperty("chat.torture.report", "");
        if (!report.isEmpty()) {
            Files.writeString(Path.of(report), result.table() + result.stories());
        }
        assertThat(result.isClean()).as(result.stories()).isTrue();
        assertThat(result.acknowledged()).isPositive();
        assertThat(result.faults()).isPositive();
    }
}
