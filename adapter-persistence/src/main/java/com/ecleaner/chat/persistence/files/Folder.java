package com.ecleaner.chat.persistence.files;

import com.ecleaner.chat.domain.Refusal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

/**
 * A folder that nobody but its owner may look into. Where the system has no such modes, as on
 * Windows, its own rules hold. Thread-safe.
 */
final class Folder {
    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** No upload is under way that long, on whatever node. */
    private static final Duration STALE = Duration.ofHours(24);

    private final Path path;
    private final boolean posix;

    private Folder(Path path) {
        this.path = path;
        this.posix = Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    /** The folder, made where it is missing; one that is there keeps its mode. */
    static Folder at(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null
                && Files.getFileAttributeView(parent, PosixFileAttributeView.class) != null) {
            Files.createDirectories(path, PRIVATE);
        } else {
            Files.createDirectories(path);
        }
        return new Folder(path);
    }

    Path path() {
        return path;
    }

    /** A new, empty file with a name nobody can guess. */
    Path newFile(String ending) throws IOException {
        // On POSIX systems such a file is its owner's alone from the start.
        return Files.createTempFile(path, "", ending);
    }

    /** Makes durable which files are in it, where the system can. */
    void sync() throws IOException {
        if (!posix) {
            return;
        }
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Removes what a process that died has left here, long ago. */
    void removeStale() throws IOException {
        Instant before = Instant.now().minus(STALE);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                try {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    // Another node was faster, or its upload has ended.
                }
            }
        }
    }

    /**
     * Leaves room for others who write to the same disk, the database first of all.
     *
     * @param reserve bytes that stay free besides the {@code size} to come
     * @throws Refusal {@code unavailable}
     */
    void requireSpace(long size, long reserve) throws IOException {
        if (Files.getFileStore(path).getUsableSpace() - size < reserve) {
            LOG.warn("No space left for files in {}", path);
            throw full();
        }
    }

    /** What the uploader is told where it could not be written, whatever the reason. */
    static Refusal full() {
        return Refusal.unavailable("the file could not be kept, try again");
    }

    /**
     * Removes a file of which nothing is known any more; what stays is removed when it is stale.
     */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("A file could not be removed", e);
        }
    }
}
