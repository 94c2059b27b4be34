package com.ecleaner.chat.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * People talk while one thing after another is broken and repaired; now and then they fall silent,
 * and everything that anybody was told so far is checked.
 */
final class Torture {
    private static final int THINGS_PER_SECOND = 40;

    /** Short, so that people find out about a dead line while it is dead. */
    private static final Duration SILENCE = Duration.ofMillis(1_500);

    /** Nothing heals later than that. */
    private static final Duration HEALED_WITHIN = Duration.ofSeconds(60);

    /** What a kind of fault did. */
    static final class Row {
        private int faults;
        private long acknowledged;

        /** What was found wrong at the check that came next, whichever fault it was of several. */
        private final Set<Violation> violations = new HashSet<>();

        private final List<Double> secondsToHeal = new ArrayList<>();
    }

    /**
     * What came of it.
     *
     * @param seconds how long it took, without starting
     */
    record Result(
            long seed,
            double seconds,
            int faults,
            long acknowledged,
            int connections,
            Map<String, Row> rows,
            List<Violation> violations,
            List<String> complaints,
            long start) {

        boolean isClean() {
            return violations.isEmpty() && complaints.isEmpty();
        }

        private static final Violation.Kind[] DISORDER = {
            Violation.Kind.HOLE, Violation.Kind.ORDER, Violation.Kind.WENT_BACK
        };

        private static long count(Collection<Violation> violations, Violation.Kind... kinds) {
            return violations.stream().filter(v -> Arrays.asList(kinds).contains(v.kind())).count();
        }

        String table() {
            StringBuilder table = new StringBuilder();
            table.append(
                    """
                    | fault | times | acknowledged | lost | repeated or never sent | out of order \
                    | unread wrong | to heal, median | longest |
                    | --- | --: | --: | --: | --: | --: | --: | --: | --: |
                    """);
            rows.forEach(
                    (kind, row) -> {
                        List<Double> sorted = row.secondsToHeal.stream().sorted().toList();
                        table.append(
                                String.format(
                                        Locale.ROOT,
                                        "| %s | %d | %d | %d | %d | %d | %d | %.1f s | %.1f s |%n",
                                        kind,
                                        row.faults,
                                        row.acknowledged,
                                        count(row.violations, Violation.Kind.LOST),
                                        count(
                                                row.violations,
                                                Violation.Kind.DUPLICATE,
                                                Violation.Kind.PHANTOM),
                                        count(row.violations, DISORDER),
                                        count(row.violations, Violation.Kind.UNREAD),
                                        sorted.get((sorted.size() - 1) / 2),
                                        sorted.getLast()));
                    });
            table.append(
                    String.format(
                            Locale.ROOT,
                            "%nseed %d: %d faults of %d kinds in %.0f s; %d messages acknowledged,"
                                    + " %d connections; lost %d, duplicated %d, never sent %d,"
                                    + " holes and wrong order %d, unread wrong %d, told after"
                                    + " access was lost %d, not level %d, other complaints %d%n",
                            seed,
                            faults,
                            rows.size(),
                            seconds,
                            acknowledged,
                            connections,
                            count(violations, Violation.Kind.LOST),
                            count(violations, Violation.Kind.DUPLICATE),
                            count(violations, Violation.Kind.PHANTOM),
                            count(violations, DISORDER),
                            count(violations, Violation.Kind.UNREAD),
                            count(violations, Violation.Kind.AFTER_LOSS),
                            count(violations, Violation.Kind.NOT_LEVEL),
                            complaints.size()));
            return table.toString();
        }

        String stories() {
            StringBuilder stories = new StringBuilder();
            violations.stream().limit(8).forEach(v -> stories.append(v.told(start)).append('\n'));
            complaints.stream().limit(8).forEach(c -> stories.append(c).append('\n'));
            return stories.toString();
        }
    }

    private final Duration length;
    private final long seed;
    private final int faultsBetweenChecks;
    private final String only;
    private final Map<String, Row> rows = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final Set<Row> sinceCheck = new HashSet<>();
    private final Recorder recorder = new Recorder();
    private List<Node> nodes = List.of();

    /**
     * A torture to come.
     *
     * @param only the kinds of faults that contain this
     */
    Torture(Duration length, long seed, int faultsBetweenChecks, String only) {
        this.only = only;
        this.length = length;
        this.seed = seed;
        this.faultsBetweenChecks = faultsBetweenChecks;
    }

    /** Plays it all; returns sooner where something does not heal or a promise is broken. */
    Result play(Path folder) throws Exception {
        try (Fleet fleet = new Fleet(folder, 3)) {
            this.nodes = fleet.nodes();
            return play(fleet);
        }
    }

    private Result play(Fleet fleet) throws Exception {
        long begun = System.nanoTime();
        try (Crowd crowd = new Crowd(fleet, recorder, seed, SILENCE)) {
            Nemesis nemesis = new Nemesis(fleet, crowd, seed, only);
            List<Violation> violations = List.of();
            int faults = 0;
            boolean well = heals(crowd, "the start");
            crowd.talk(THINGS_PER_SECOND);
            while (well && violations.isEmpty() && System.nanoTime() - begun < length.toNanos()) {
                well = breakOne(nemesis.next(), crowd);
                faults++;
                if (well && faults % faultsBetweenChecks == 0) {
                    violations = check(crowd);
                    crowd.talk(THINGS_PER_SECOND);
                }
            }
            if (violations.isEmpty()) {
                violations = check(crowd);
            }
            if (!well) {
                complaints.addAll(logs(fleet));
            }
            return new Result(
                    seed,
                    (System.nanoTime() - begun) / 1e9,
                    faults,
                    recorder.acknowledged(),
                    crowd.connections(),
                    rows,
                    violations,
                    complaints,
                    recorder.start());
        }
    }

    private boolean breakOne(Fault fault, Crowd crowd) throws Exception {
        say(String.format(Locale.ROOT, "%s, for %.1f s", fault.kind(), fault.seconds()));
        long before = recorder.acknowledged();
        fault.begin().run();
        pause(fault.seconds());
        fault.end().run();
        long repaired = System.nanoTime();
        say(fault.kind() + ": repaired");
        boolean well = heals(crowd, fault.kind());
        double seconds = (System.nanoTime() - repaired) / 1e9;
        Row row = rows.computeIfAbsent(fault.kind(), kind -> new Row());
        row.faults++;
        sinceCheck.add(row);
        row.acknowledged += recorder.acknowledged() - before;
        row.secondsToHeal.add(seconds);
        say(String.format(Locale.ROOT, "healed after %.2f s", seconds));
        pause(0.5);
        return well;
    }

    /** Whether everybody comes to what there is now, while all talk on. */
    private boolean heals(Crowd crowd, String what) {
        Crowd.Aim aim = crowd.aim();
        long end = System.nanoTime() + HEALED_WITHIN.toNanos();
        while (!crowd.hasReached(aim)) {
            if (System.nanoTime() > end) {
                complaints.add(what + " has not healed: " + crowd.behind(aim));
                threads();
                return false;
            }
            pause(0.01);
        }
        return true;
    }

    /** Quiet time, and then everything has to be level and right. */
    private List<Violation> check(Crowd crowd) {
        crowd.hush();
        // What was begun before may still be on its way.
        long end = System.nanoTime() + HEALED_WITHIN.toNanos();
        List<Violation> violations = List.of();
        do {
            pause(1);
            if (heals(crowd, "the quiet time")) {
                violations = Checker.check(recorder.facts(), crowd.outcome());
            }
        } while (complaints.isEmpty()
                && violations.stream().anyMatch(Torture::mayBeOnItsWay)
                && System.nanoTime() < end);
        complaints.addAll(crowd.faults());
        for (Row row : sinceCheck) {
            row.violations.addAll(violations);
        }
        sinceCheck.clear();
        return violations;
    }

    /** An edit, a mark or a send that was begun before the quiet may still come. */
    private static boolean mayBeOnItsWay(Violation violation) {
        return switch (violation.kind()) {
            case NOT_LEVEL, UNREAD -> true;
            default -> false;
        };
    }

    /** What every thread of every node is about, virtual ones too. */
    private void threads() {
        for (Node node : nodes) {
            Path file =
                    Path.of(
                            System.getProperty("java.io.tmpdir"),
                            "torture-" + node.name().replace(' ', '-') + ".threads");
            try {
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(node.handle().pid()),
                                "Thread.dump_to_file",
                                "-overwrite",
                                file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor(10, TimeUnit.SECONDS);
                complaints.add("the threads of " + node.name() + " are in " + file);
            } catch (IOException e) {
                complaints.add("the threads of " + node.name() + " are not to be had: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<String> logs(Fleet fleet) {
        List<String> logs = new ArrayList<>();
        for (Node node : fleet.nodes()) {
            try {
                List<String> log = node.log();
                logs.add(
                        node.name()
                                + " logged last:\n  "
                                + String.join(
                                        "\n  ",
                                        log.subList(Math.max(0, log.size() - 15), log.size())));
            } catch (IOException e) {
                logs.add(node.name() + " has no log");
            }
        }
        return logs;
    }

    private void say(String what) {
        recorder.add(new Fact.Broke(Recorder.now(), what));
        if (Boolean.getBoolean("chat.torture.tell")) {
            System.out.printf(
                    Locale.ROOT,
                    "%8.1f s  %s%n",
                    (System.nanoTime() - recorder.start()) / 1e9,
                    what);
        }
    }

    private static void pause(double seconds) {
        LockSupport.parkNanos((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    }
}
