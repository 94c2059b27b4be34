package com.ecleaner.chat.fleet;

import java.io.IOException;
import java.util.stream.Stream;

/** Signals to processes that this JVM started. */
public final class Signals {
    private Signals() {}

    /** Sends it to a process and to all it started, the process first. */
    public static void toTree(String signal, ProcessHandle process) {
        to(signal, Stream.concat(Stream.of(process), process.descendants()));
    }

    /** Sends it to that process alone. */
    static void to(String signal, ProcessHandle process) {
        to(signal, Stream.of(process));
    }

    private static void to(String signal, Stream<ProcessHandle> processes) {
        String[] command =
                Stream.concat(
                                Stream.of("kill", "-" + signal),
                                processes.map(p -> Long.toString(p.pid())))
                        .toArray(String[]::new);
        try {
            // Some may have ended by now: that is no fault.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
