package com.ecleaner.chat.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Figures as Markdown and as plots. */
final class Report {
    private static final List<String> PARTS =
            List.of("server µs/message", "PostgreSQL µs/message", "Redis µs/message");

    private Report() {}

    /** All of it: the aims, then a table of each scenario that was played. */
    static String all(List<String> remarks, Results results) {
        StringBuilder text = new StringBuilder();
        remarks.forEach(remark -> text.append("- ").append(remark).append('\n'));
        text.append('\n').append(aims(results)).append('\n');
        for (Scenario scenario : Scenario.values()) {
            if (results.values().keySet().stream()
                    .anyMatch(key -> key.scenario().equals(scenario.id))) {
                text.append(of(scenario, results)).append('\n');
            }
        }
        return text.toString().stripTrailing() + "\n";
    }

    /** What was aimed at, and what was reached. */
    static String aims(Results results) {
        List<String> lines = new ArrayList<>();
        lines.add("| | aim | reached |");
        lines.add("| --- | --- | --- |");
        for (Aim aim : Aim.all()) {
            OptionalDouble reached = aim.reached().apply(results);
            lines.add(
                    "| %s | %s | %s |"
                            .formatted(
                                    aim.what(),
                                    aim.aim(),
                                    reached.isPresent()
                                            ? number(reached.getAsDouble())
                                            : "not measured"));
        }
        return String.join("\n", lines) + "\n";
    }

    /** A table of one scenario: a row for each side, a column for each figure. */
    static String of(Scenario scenario, Results results) {
        Set<String> figures = new LinkedHashSet<>();
        Map<String, Map<String, Results.Value>> sides = new LinkedHashMap<>();
        results.values()
                .forEach(
                        (key, value) -> {
                            if (key.scenario().equals(scenario.id)) {
                                figures.add(key.figure());
                                sides.computeIfAbsent(key.side(), side -> new LinkedHashMap<>())
                                        .put(key.figure(), value);
                            }
                        });
        List<String> lines = new ArrayList<>();
        lines.add("### " + scenario.id + ": " + scenario.meaning);
        lines.add("");
        lines.add("| | " + String.join(" | ", figures) + " |");
        lines.add("| --- |" + " --- |".repeat(figures.size()));
        sides.forEach(
                (side, values) -> {
                    StringBuilder line = new StringBuilder("| ").append(side).append(" |");
                    for (String figure : figures) {
                        Results.Value value = values.get(figure);
                        line.append(' ')
                                .append(value == null ? "" : number(value.median()))
                                .append(" |");
                    }
                    lines.add(line.toString());
                });
        return String.join("\n", lines) + "\n";
    }

    /** Plots by the names of their files, of what was measured. */
    static Map<String, Plot> plots(Results results) {
        Map<String, Plot> plots = new LinkedHashMap<>();
        plots.put("cpu-pairs", cpu("pairs", "CPU of a durable message, rooms of two", results));
        plots.put("cpu-rooms", cpu("growth-rooms", "CPU of a message, by rooms", results));
        plots.put(
                "fan-out",
                bars("growth-members", "A delivery, by members", "server µs/delivery", results));
        plots.put("latency", bars("open-loop", "Slowest of 1,000, open loop", "p99.9 ms", results));
        plots.put("memory", bars("idle", "An idle connection", "kB/connection", results));
        plots.values().removeIf(plot -> plot.bars().isEmpty());
        return plots;
    }

    private static Plot cpu(String scenario, String title, Results results) {
        List<Plot.Bar> bars = new ArrayList<>();
        for (String side : sides(scenario, PARTS.getFirst(), results)) {
            bars.add(
                    new Plot.Bar(
                            side,
                            PARTS.stream()
                                    .map(part -> results.median(scenario, side, part).orElse(0))
                                    .toList()));
        }
        return new Plot(title, "µs", List.of("server", "PostgreSQL", "Redis"), bars);
    }

    private static Plot bars(String scenario, String title, String figure, Results results) {
        List<Plot.Bar> bars = new ArrayList<>();
        for (String side : sides(scenario, figure, results)) {
            bars.add(
                    new Plot.Bar(
                            side, List.of(results.median(scenario, side, figure).orElseThrow())));
        }
        return new Plot(title, figure, List.of(figure), bars);
    }

    private static List<String> sides(String scenario, String figure, Results results) {
        return results.values().keySet().stream()
                .filter(key -> key.scenario().equals(scenario) && key.figure().equals(figure))
                .map(Results.Key::side)
                .toList();
    }

    /** Three digits, or all there are before the point. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
