package com.ecleaner.chat.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Figures, each measured in several rounds. Kept as a CSV file, in which a side of a scenario that
 * was measured again replaces what was there. Not thread-safe.
 */
final class Results {
    private static final String HEADER = "scenario,side,figure,median,lowest,highest,rounds";

    /**
     * What was measured.
     *
     * @param side the server: {@code yardstick}, {@code chat} or a variant of it
     * @param figure with its unit, such as {@code server µs/message}
     */
    record Key(String scenario, String side, String figure) {}

    /** The median of the rounds, and how far they lay apart. */
    record Value(double median, double lowest, double highest, int rounds) {
        static Value of(List<Double> rounds) {
            List<Double> sorted = rounds.stream().sorted().toList();
            return new Value(
                    sorted.get(sorted.size() / 2),
                    sorted.getFirst(),
                    sorted.getLast(),
                    sorted.size());
        }
    }

    private record Played(String scenario, String side) {}

    private final Set<Played> played = new HashSet<>();
    private final Map<Key, List<Double>> samples = new LinkedHashMap<>();
    private final Map<Key, Value> values = new LinkedHashMap<>();

    /** Reads a file of figures; none where there is no file. */
    static Results read(Path file) {
        Results results = new Results();
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file)) {
                    if (!line.startsWith("#") && !line.equals(HEADER) && !line.isBlank()) {
                        results.take(line.split(",", -1));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return results;
    }

    private void take(String[] fields) {
        values.put(
                new Key(fields[0], fields[1], fields[2]),
                new Value(
                        Double.parseDouble(fields[3]),
                        Double.parseDouble(fields[4]),
                        Double.parseDouble(fields[5]),
                        Integer.parseInt(fields[6])));
    }

    /** Adds one round's figure; the first of a side takes the place of all that was read of it. */
    void add(String scenario, String side, String figure, double sample) {
        if (played.add(new Played(scenario, side))) {
            forget(scenario, side);
        }
        Key key = new Key(scenario, side, figure);
        if ((scenario + side + figure).indexOf(',') >= 0) {
            throw new IllegalArgumentException("a comma parts fields: " + key);
        }
        List<Double> rounds = samples.computeIfAbsent(key, k -> new ArrayList<>());
        rounds.add(sample);
        values.put(key, Value.of(rounds));
    }

    /** Takes over whatever {@code newer} knows, side by side. */
    void update(Results newer) {
        newer.values.keySet().forEach(key -> forget(key.scenario(), key.side()));
        values.putAll(newer.values);
    }

    private void forget(String scenario, String side) {
        values.keySet().removeIf(key -> key.scenario().equals(scenario) && key.side().equals(side));
    }

    Map<Key, Value> values() {
        return values;
    }

    OptionalDouble median(String scenario, String side, String figure) {
        Value value = values.get(new Key(scenario, side, figure));
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.median());
    }

    /** One side's median over another's. */
    OptionalDouble ratio(String scenario, String side, String other, String figure) {
        OptionalDouble over = median(scenario, side, figure);
        OptionalDouble under = median(scenario, other, figure);
        return over.isPresent() && under.isPresent()
                ? OptionalDouble.of(over.getAsDouble() / under.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Writes all of it, with what it was measured on in front. */
    void write(Path file, List<String> remarks) {
        List<String> lines = new ArrayList<>();
        remarks.forEach(remark -> lines.add("# " + remark));
        lines.add(HEADER);
        values.forEach(
                (key, value) ->
                        lines.add(
                                String.format(
                                        Locale.ROOT,
                                        "%s,%s,%s,%.3f,%.3f,%.3f,%d",
                                        key.scenario(),
                                        key.side(),
                                        key.figure(),
                                        value.median(),
                                        value.lowest(),
                                        value.highest(),
                                        value.rounds())));
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
