package com.ecleaner.chat.bootstrap.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory that nobody but its owner may look into, mode 0700. */
public final class PrivateDirectory {
    private PrivateDirectory() {}

    /** Makes it where it is missing; one that is there keeps its mode. */
    public static void make(Path directory) throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
