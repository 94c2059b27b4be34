package com.ecleaner.chat.benchmarks;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What processes have used, as Linux tells below {@code /proc}. */
final class Processes {
    /** Linux counts processes' time in these. */
    private static final long TICK_NANOS = 10_000_000;

    private Processes() {}

    /** CPU time of a process and of all it started, ended ones included, in nanoseconds. */
    static long cpuNanos(long pid) {
        return own(pid)
                + ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(child -> own(child.pid()))
                        .sum();
    }

    /**
     * CPU time of a PostgreSQL on behalf of one of its databases, in nanoseconds: of all its
     * processes but those that work for another one.
     *
     * @param pid of the process that all others descend from
     * @param database by its name
     * @param others begins the names of databases that do not count
     */
    static long cpuNanos(long pid, String database, String others) {
        return own(pid)
                + ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .filter(child -> worksFor(child.pid(), database, others))
                        .mapToLong(child -> own(child.pid()))
                        .sum();
    }

    /** PostgreSQL writes into its processes' titles for which database they work. */
    private static boolean worksFor(long pid, String database, String others) {
        String title = " " + read(pid, "cmdline").replace('\0', ' ') + " ";
        return title.contains(" " + database + " ") || !title.contains(" " + others);
    }

    /** What of its memory is in RAM, in bytes. */
    static long residentBytes(long pid) {
        return read(pid, "status")
                        .lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                * 1_024;
    }

    /** What the threads of a Java process have allocated on its heap so far, in bytes. */
    static long allocatedBytes(long pid) {
        return asked(
                pid,
                java ->
                        (Long)
                                java.getAttribute(
                                        new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                                        "TotalThreadAllocatedBytes"));
    }

    /** Has a Java process throw away what it no longer needs: what stays resident is in use. */
    static void collect(long pid) {
        asked(
                pid,
                java ->
                        java.invoke(
                                new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME),
                                "gc",
                                new Object[0],
                                new String[0]));
    }

    /** A question to the beans of a Java process. */
    private interface Question<T> {
        T ask(MBeanServerConnection java) throws JMException, IOException;
    }

    @SuppressWarnings("BanJNDI") // a process that this benchmark started itself
    private static <T extends @Nullable Object> T asked(long pid, Question<T> question) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            String address = machine.startLocalManagementAgent();
            machine.detach();
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
                return question.ask(connector.getMBeanServerConnection());
            }
        } catch (IOException | AttachNotSupportedException | JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long own(long pid) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        // After the name, which may contain anything: utime, stime, and those of ended children.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * TICK_NANOS;
    }

    /** Empty where the process has ended. */
    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid, file));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (!ProcessHandle.of(pid).isPresent()) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
