package com.ecleaner.chat.persistence.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts in how many passes a JPEG draws itself. A file of megabytes can hold a hundred thousand,
 * each of which costs as much as a whole picture: honest ones have at most a dozen.
 *
 * @param count markers of a scan's beginning, be they in data nobody draws
 * @param progressive whether its reader has to hold the whole picture while it is being drawn
 */
record JpegScans(int count, boolean progressive) {
    private static final int MARKER = 0xff;
    private static final int START_OF_SCAN = 0xda;
    private static final int PROGRESSIVE_FRAME = 0xc2;

    static JpegScans of(Path file) throws IOException {
        int scans = 0;
        boolean progressive = false;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 * 1024)) {
            int before = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (before == MARKER) {
                    // Within a picture's data the encoder puts a zero behind every ff.
                    scans += b == START_OF_SCAN ? 1 : 0;
                    progressive |= b == PROGRESSIVE_FRAME;
                }
                before = b;
            }
        }
        return new JpegScans(scans, progressive);
    }
}
