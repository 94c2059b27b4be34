package com.ecleaner.chat.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** What figures were measured on. */
final class Machine {
    private Machine() {}

    /** A line each: day, processors, memory, versions. */
    static List<String> remarks() {
        return List.of(
                "measured on " + LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors()
                        + " processors ("
                        + first("/proc/cpuinfo", "model name")
                        + "), memory "
                        + first("/proc/meminfo", "MemTotal"),
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + ", Java "
                        + System.getProperty("java.version")
                        + ", PostgreSQL 18 (fsync on), all on one machine with the generator");
    }

    private static String first(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
