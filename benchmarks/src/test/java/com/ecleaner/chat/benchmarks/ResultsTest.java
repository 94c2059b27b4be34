package com.ecleaner.chat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Figures are kept, read again, and compared. */
class ResultsTest {
    private static final String CPU = "all µs/message";

    private static Results of(double yardstick, double chat) {
        Results results = new Results();
        for (double noise : new double[] {1, 0.5, 2}) {
            results.add("pairs", "yardstick", CPU, yardstick * noise);
            results.add("pairs", "chat", CPU, chat * noise);
        }
        return results;
    }

    @Test
    void the_median_of_the_rounds_counts() {
        assertThat(of(20, 60).median("pairs", "chat", CPU)).hasValue(60);
        assertThat(of(20, 60).ratio("pairs", "chat", "yardstick", CPU)).hasValue(3);
        assertThat(of(20, 60).ratio("pairs", "chat", "nobody", CPU)).isEmpty();
    }

    @Test
    void a_file_gives_back_what_was_written(@TempDir Path folder) {
        Path file = folder.resolve("measured.csv");
        of(20, 60).write(file, List.of("a machine, a day"));

        assertThat(Results.read(file).values()).isEqualTo(of(20, 60).values());
        assertThat(Results.read(folder.resolve("none.csv")).values()).isEmpty();
    }

    @Test
    void what_is_measured_again_replaces_what_was_there(@TempDir Path folder) {
        Path file = folder.resolve("measured.csv");
        of(20, 60).write(file, List.of());
        Results again = Results.read(file);
        again.add("pairs", "chat", CPU, 50);
        again.add("pairs", "chat", "messages/s", 10_000);

        assertThat(again.values()).hasSize(3);
        assertThat(again.median("pairs", "yardstick", CPU)).hasValue(20);
        assertThat(again.values().get(new Results.Key("pairs", "chat", CPU)).rounds()).isOne();
    }

    @Test
    void the_record_takes_over_the_sides_that_were_measured() {
        Results record = of(20, 60);
        Results measured = new Results();
        measured.add("pairs", "chat", CPU, 50);

        record.update(measured);

        assertThat(record.median("pairs", "yardstick", CPU)).hasValue(20);
        assertThat(record.median("pairs", "chat", CPU)).hasValue(50);
    }

    @Test
    void more_than_a_tenth_over_the_yardstick_is_worse() {
        assertThat(Comparison.of(of(20, 60), of(20, 65)).worse()).isZero();
        assertThat(Comparison.of(of(20, 60), of(20, 67)).worse()).isEqualTo(1);
        assertThat(Comparison.of(of(20, 60), of(20, 67)).lines().getLast()).contains("WORSE");
    }

    @Test
    void a_slower_machine_alone_is_not_worse() {
        assertThat(Comparison.of(of(20, 60), of(40, 120)).worse()).isZero();
    }

    @Test
    void a_report_and_its_plots_show_the_figures() {
        assertThat(Report.of(Scenario.PAIRS, of(20, 60))).contains("| chat | 60.0 |");
        assertThat(Report.aims(of(20, 60))).contains("| ≤ 3 | 3.00 |").contains("not measured");

        Results idle = new Results();
        idle.add("idle", "chat & co", "kB/connection", 17);
        assertThat(Report.plots(idle).get("memory").svg())
                .startsWith("<svg")
                .contains("chat &amp; co", ">17.0<");
    }
}
