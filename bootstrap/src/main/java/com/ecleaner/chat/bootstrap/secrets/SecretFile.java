package com.ecleaner.chat.bootstrap.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.bootstrap.settings.Secret;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** A file with one random secret of 43 letters (256 bits), mode 0600. */
public final class SecretFile {
    private static final int BYTES = 32;

    private SecretFile() {}

    /** The secret that is kept there; a new one where there is none yet. */
    public static Secret readOrMake(Path file) throws IOException {
        return Files.exists(file) ? read(file) : make(file);
    }

    private static Secret read(Path file) throws IOException {
        String secret = Files.readString(file).strip();
        if (secret.getBytes(UTF_8).length < BYTES) {
            throw new IOException(file + " holds no secret; delete it to get a new one");
        }
        return new Secret(secret);
    }

    private static Secret make(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        Files.deleteIfExists(unfinished);
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            channel.write(UTF_8.encode(secret));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return new Secret(secret);
    }
}
