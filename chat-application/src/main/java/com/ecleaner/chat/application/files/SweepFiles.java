package com.ecleaner.chat.application.files;

import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.FileKey;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.FileStore;

import java.time.InstantSource;

/**
 * Clears up behind files: those that nobody sent in their time, and those that are gone with their
 * message or their uploader. To be run from time to time, on as many nodes as there are; they share
 * the work.
 */
public final class SweepFiles {
    /** Few enough that a batch takes a moment. */
    private static final int BATCH = 50;

    private final Attachments attachments;
    private final FileStore store;
    private final UploadLimits limits;
    private final InstantSource clock;

    public SweepFiles(
            Attachments attachments, FileStore store, UploadLimits limits, InstantSource clock) {
        this.attachments = attachments;
        this.store = store;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Clears up everything there is; blocks. What cannot be removed now is left for the next time.
     *
     * @return how many files were removed
     * @throws com.ecleaner.chat.domain.Refusal {@code unavailable}
     */
    public int sweep() {
        attachments.dropUnsent(clock.instant().minus(limits.unsentLife()));
        return removeGone();
    }

    /** Removes the bytes of what is gone by now; as {@link #sweep()}. */
    public int removeGone() {
        int all = 0;
        int removed;
        do {
            removed = attachments.removeGone(BATCH, this::remove);
            all += removed;
        } while (removed == BATCH);
        return all;
    }

    private void remove(AttachmentId id) {
        store.remove(FileKey.thumbnail(id));
        store.remove(FileKey.whole(id));
    }
}
