package com.ecleaner.chat.bootstrap.postgres;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * PostgreSQL's programs, as Zonky's jars bring them: {@code initdb}, {@code postgres} and {@code
 * pg_ctl}. Unpacked once per user and version, 75 MB on Linux.
 *
 * @param home holds {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path home) {
    /** The program of that name. */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /**
     * Unpacks them where they are not yet.
     *
     * @param fallback a directory to unpack into where the user's home cannot be written
     */
    static PostgresBinaries unpacked(Path fallback) throws IOException {
        byte[] archive = archive();
        String name = "postgres-" + digest(archive);
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "e-cleaner-chat");
        for (Path parent : List.of(cache, fallback)) {
            Path home = parent.resolve(name);
            if (Files.isDirectory(home)) {
                return new PostgresBinaries(home);
            }
        }
        Path parent = writable(cache) ? cache : fallback;
        Path home = parent.resolve(name);
        Path unfinished = Files.createTempDirectory(parent, name + "-");
        try {
            unpack(archive, unfinished);
            Files.move(unfinished, home);
        } catch (IOException e) {
            delete(unfinished);
            // Another chat that started at the same time may have been faster.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
        return new PostgresBinaries(home);
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static boolean writable(Path directory) {
        try {
            Files.createDirectories(directory);
            return Files.isWritable(directory);
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] archive() throws IOException {
        String system =
                System.getProperty("os.name").startsWith("Mac")
                        ? "darwin"
                        : System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor =
                switch (System.getProperty("os.arch")) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    case String other -> other;
                };
        String resource = "/postgres-" + system + "-" + processor + ".txz";
        try (InputStream in = PostgresBinaries.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(
                        "no PostgreSQL comes along for "
                                + system
                                + " on "
                                + processor
                                + "; set CHAT_DATABASE_URL");
            }
            return in.readAllBytes();
        }
    }

    private static String digest(byte[] archive) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unpack(byte[] archive, Path into) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path path = into.resolve(entry.getName()).normalize();
                if (!path.startsWith(into)) {
                    throw new IOException("a path leads out of the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(path, into.resolve(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    boolean program = (entry.getMode() & 0b001_000_000) != 0;
                    if (program && !path.toFile().setExecutable(true)) {
                        throw new IOException("cannot make " + path + " executable");
                    }
                }
            }
        }
    }
}
