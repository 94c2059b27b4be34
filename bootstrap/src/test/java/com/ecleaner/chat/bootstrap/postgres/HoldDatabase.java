package com.ecleaner.chat.bootstrap.postgres;

import java.io.IOException;
import java.nio.file.Path;

/** A process to be killed: starts the database of a directory, says so, and waits. */
final class HoldDatabase {
    private HoldDatabase() {}

    public static void main(String[] arguments) throws IOException {
        EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(arguments[0]));
        System.out.println("up");
        System.out.flush();
        if (System.in.read() < 0) {
            database.close();
        }
    }
}
