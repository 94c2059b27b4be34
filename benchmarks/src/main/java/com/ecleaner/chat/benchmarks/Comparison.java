package com.ecleaner.chat.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What was measured now beside what was recorded last: CPU per message, and the same over the
 * yardstick's of the same run, which another machine or a busy hour changes less.
 *
 * @param lines a table in Markdown
 * @param worse how many are worse by more than a tenth
 */
record Comparison(List<String> lines, int worse) {
    private static final String CPU = "all µs/message";
    private static final double BOUND = 1.1;

    static Comparison of(Results recorded, Results measured) {
        List<String> lines = new ArrayList<>();
        lines.add("| CPU per message | recorded | now | change | change over the yardstick | |");
        lines.add("| --- | --- | --- | --- | --- | --- |");
        int worse = 0;
        for (Results.Key key : measured.values().keySet()) {
            if (!key.figure().equals(CPU) || key.side().startsWith("yardstick")) {
                continue;
            }
            OptionalDouble before = recorded.median(key.scenario(), key.side(), CPU);
            double now = measured.median(key.scenario(), key.side(), CPU).orElseThrow();
            if (before.isEmpty()) {
                continue;
            }
            double change = now / before.getAsDouble();
            String yardstick = key.side().replaceFirst("^[^ ]*", "yardstick");
            OptionalDouble ratioBefore = recorded.ratio(key.scenario(), key.side(), yardstick, CPU);
            OptionalDouble ratioNow = measured.ratio(key.scenario(), key.side(), yardstick, CPU);
            double counts =
                    ratioBefore.isPresent() && ratioNow.isPresent()
                            ? ratioNow.getAsDouble() / ratioBefore.getAsDouble()
                            : change;
            boolean isWorse = counts > BOUND;
            worse += isWorse ? 1 : 0;
            lines.add(
                    "| %s, %s | %s µs | %s µs | %+.0f %% | %s | %s |"
                            .formatted(
                                    key.scenario(),
                                    key.side(),
                                    Report.number(before.getAsDouble()),
                                    Report.number(now),
                                    100 * (change - 1),
                                    ratioNow.isPresent()
                                            ? "%+.0f %%".formatted(100 * (counts - 1))
                                            : "",
                                    isWorse ? "WORSE" : ""));
        }
        return new Comparison(List.copyOf(lines), worse);
    }
}
