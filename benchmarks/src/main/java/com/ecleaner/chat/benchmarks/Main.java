package com.ecleaner.chat.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The benchmarks' command line, run in the root of the sources. Without a command it plays all
 * scenarios and compares.
 */
@Command(
        name = "benchmarks/run",
        description = "Measures the chat beside a bare server that stores nothing.",
        mixinStandardHelpOptions = true)
public final class Main implements Runnable {
    private static final Path MEASURED = Path.of("benchmarks/target/measured.csv");
    private static final Path RECORD = Path.of("benchmarks/record.csv");
    private static final Path PAGE = Path.of("docs/benchmarks.md");
    private static final Path PLOTS = Path.of("docs/benchmarks");

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        System.exit(
                new CommandLine(new Main())
                        .setUnmatchedOptionsArePositionalParams(
                                arguments.length > 0 && arguments[0].equals("hot"))
                        .execute(arguments));
    }

    @Override
    public void run() {
        measure(5, 4, 45, List.of(), List.of(), List.of());
        compare();
    }

    @Command(
            description = {
                "Plays scenarios; what comes out is kept in benchmarks/target/measured.csv,",
                "where it replaces what was measured of the same sides before."
            })
    int measure(
            @Option(names = "--rounds", defaultValue = "5", description = "${DEFAULT-VALUE}")
                    int rounds,
            @Option(
                            names = "--seconds",
                            defaultValue = "4",
                            description = "of each round (${DEFAULT-VALUE})")
                    int seconds,
            @Option(
                            names = "--warm-up",
                            defaultValue = "45",
                            description = "at most so many seconds (${DEFAULT-VALUE})")
                    int warmUp,
            @Option(names = "--jvm", description = "an option for the JVM of the chat")
                    List<String> options,
            @Option(names = "--side", description = "of a scenario's servers this one alone")
                    List<String> sides,
            @Parameters(
                            paramLabel = "SCENARIO",
                            description = {
                                "fan-out, pairs, open-loop, growth-rooms, growth-members, idle,",
                                "start, reads; all where none is named"
                            })
                    List<String> chosen) {
        if (rounds < 1 || seconds < 1 || warmUp < 0) {
            throw wrong("--rounds and --seconds begin at 1, --warm-up at 0");
        }
        List<Scenario> scenarios = scenarios(chosen);
        Results results = Results.read(MEASURED);
        Side.Rounds each =
                new Side.Rounds(rounds, Duration.ofSeconds(1), Duration.ofSeconds(seconds));
        List<String> more = options == null ? List.of() : options;
        List<String> chosenSides = sides == null ? List.of() : sides;
        try (Stage stage =
                new Stage(results, each, Duration.ofSeconds(warmUp), more, chosenSides)) {
            for (Scenario scenario : scenarios) {
                scenario.play(stage);
                stage.clear();
                results.write(MEASURED, Machine.remarks());
                print(Report.of(scenario, results));
            }
        }
        print(Report.aims(results));
        return 0;
    }

    @Command(
            description = {
                "Shows CPU per message beside the record;",
                "exit code 1 where it is worse by more than a tenth."
            })
    int compare() {
        requireMeasured();
        Comparison comparison = Comparison.of(Results.read(RECORD), Results.read(MEASURED));
        print(String.join("\n", comparison.lines()));
        return comparison.worse() == 0 ? 0 : 1;
    }

    @Command(
            description = {
                "Makes what was measured part of the record that later runs are compared with:",
                "benchmarks/record.csv, docs/benchmarks.md and its plots."
            })
    int record() throws IOException {
        requireMeasured();
        Results results = Results.read(RECORD);
        results.update(Results.read(MEASURED));
        List<String> remarks =
                Files.readAllLines(MEASURED).stream()
                        .filter(line -> line.startsWith("# "))
                        .map(line -> line.substring(2))
                        .toList();
        results.write(RECORD, remarks);
        Files.createDirectories(PLOTS);
        StringBuilder page =
                new StringBuilder("# Benchmarks, as last recorded\n\n")
                        .append("Written by `benchmarks/run record`; what the figures mean is in ")
                        .append("[performance.md](performance.md).\n\n");
        for (Map.Entry<String, Plot> plot : Report.plots(results).entrySet()) {
            Files.writeString(PLOTS.resolve(plot.getKey() + ".svg"), plot.getValue().svg());
            page.append(
                    "![%s](benchmarks/%s.svg)\n\n"
                            .formatted(plot.getValue().title(), plot.getKey()));
        }
        Files.writeString(PAGE, page + Report.all(remarks, results));
        return 0;
    }

    @Command(description = "Runs the hot paths alone, with JMH; its options follow.")
    int hot(@Parameters(arity = "0..*") String[] options) throws IOException {
        org.openjdk.jmh.Main.main(options == null ? new String[0] : options);
        return 0;
    }

    private List<Scenario> scenarios(List<String> chosen) {
        if (chosen == null || chosen.isEmpty()) {
            return List.of(Scenario.values());
        }
        try {
            return chosen.stream().map(Scenario::named).toList();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private void requireMeasured() {
        if (!Files.exists(MEASURED)) {
            throw wrong("nothing was measured yet: benchmarks/run measure");
        }
    }

    private CommandLine.ParameterException wrong(String why) {
        return new CommandLine.ParameterException(spec.commandLine(), why);
    }

    private void print(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
