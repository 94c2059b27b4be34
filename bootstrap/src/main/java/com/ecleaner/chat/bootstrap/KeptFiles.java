package com.ecleaner.chat.bootstrap;

import com.ecleaner.chat.application.Chat;
import com.ecleaner.chat.application.files.SweepFiles;
import com.ecleaner.chat.application.files.UploadLimits;
import com.ecleaner.chat.bootstrap.settings.Settings;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.persistence.files.LocalFileStore;
import com.ecleaner.chat.persistence.files.PictureFileInspector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files in the data directory, which several nodes may share, and whoever clears up behind them, at
 * random moments so that nodes take turns. Thread-safe.
 */
final class KeptFiles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeptFiles.class);

    /** From one time of clearing up to the next, on the average. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private static final long MB = 1L << 20;

    private final Chat.Files files;
    private final PictureFileInspector inspector;
    private volatile Thread sweeper = Thread.ofVirtual().unstarted(() -> {});

    private KeptFiles(Chat.Files files, PictureFileInspector inspector) {
        this.files = files;
        this.inspector = inspector;
    }

    /**
     * Opens the folder.
     *
     * @throws CannotStart where it cannot be written to
     */
    static KeptFiles in(Settings settings, Attachments attachments) {
        if (System.getProperty("java.awt.headless") == null) {
            // Pictures are drawn here, and never on a screen.
            System.setProperty("java.awt.headless", "true");
        }
        Path folder = folder(settings);
        try {
            LocalFileStore store = LocalFileStore.open(folder);
            PictureFileInspector inspector = PictureFileInspector.open(folder.resolve("incoming"));
            UploadLimits limits = UploadLimits.upTo(settings.maxAttachmentMb() * MB);
            return new KeptFiles(new Chat.Files(attachments, store, inspector, limits), inspector);
        } catch (UncheckedIOException e) {
            throw new CannotStart("CHAT_DATA_DIR: " + Store.reason(e), e);
        }
    }

    /** What a start would find, without making anything. */
    static String look(Settings settings) throws IOException {
        Path there = folder(settings);
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            throw new IOException("CHAT_DATA_DIR: " + there + " cannot be written to");
        }
        return folder(settings)
                + ", up to "
                + settings.maxAttachmentMb()
                + " MB each, "
                + Files.getFileStore(there).getUsableSpace() / MB
                + " MB free";
    }

    Chat.Files files() {
        return files;
    }

    /** Begins to clear up, until it is closed. */
    void sweep(SweepFiles files) {
        sweeper = Thread.ofVirtual().name("sweep-files").start(() -> sweepNowAndThen(files));
    }

    @Override
    public void close() {
        sweeper.interrupt();
        try {
            sweeper.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inspector.close();
    }

    private static void sweepNowAndThen(SweepFiles files) {
        try {
            while (true) {
                Thread.sleep(ThreadLocalRandom.current().nextLong(2 * SWEEP.toMillis()));
                try {
                    int removed = files.sweep();
                    log.debug("{} files removed", removed);
                } catch (Refusal e) {
                    log.warn("files could not be cleared up, next time: {}", e.detail());
                }
            }
        } catch (InterruptedException e) {
            log.debug("no more clearing up");
        }
    }

    private static Path folder(Settings settings) {
        return settings.dataDir().resolve("files");
    }
}
