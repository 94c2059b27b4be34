package com.ecleaner.chat.application.files;

import com.ecleaner.chat.application.rooms.Entry;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.FileKey;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.port.FileStore;
import com.ecleaner.chat.domain.user.Actor;

/** Hands out files to those who may read their room, asked each time. */
public final class DownloadFile {
    private final Attachments attachments;
    private final FileStore store;

    /** A file, or its thumbnail, to be read. */
    public record Download(Attachment file, FileKey key, FileStore.Content content) {
        /** What kind of thing the bytes are. */
        public String contentType() {
            return key.thumbnail() ? file.thumbnailType() : file.contentType();
        }
    }

    public DownloadFile(Attachments attachments, FileStore store) {
        this.attachments = attachments;
        this.store = store;
    }

    /**
     * Opens a file; blocks on the stores.
     *
     * @throws Refusal {@code not_found} where there is none, or none the actor may know of, in the
     *     same words
     */
    public Download whole(Actor actor, AttachmentId id) {
        return open(actor, FileKey.whole(id));
    }

    /** Opens a picture's thumbnail, as {@link #whole} does. */
    public Download thumbnail(Actor actor, AttachmentId id) {
        return open(actor, FileKey.thumbnail(id));
    }

    private Download open(Actor actor, FileKey key) {
        Attachments.Found found =
                attachments.find(key.of(), actor.id()).orElseThrow(DownloadFile::unknown);
        if (!Entry.mayRead(actor, found.seat())) {
            throw unknown();
        }
        return store.find(key)
                .map(content -> new Download(found.upload().file(), key, content))
                .orElseThrow(DownloadFile::unknown);
    }

    private static Refusal unknown() {
        return Refusal.notFound("attachment");
    }
}
