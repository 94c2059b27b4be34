package com.ecleaner.chat.application.files;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.port.Attachments;
import com.ecleaner.chat.domain.user.UserId;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** For a chat of words alone. */
public final class NoAttachments implements Attachments {
    @Override
    public void add(Upload upload, Quota quota) {
        throw Refusal.forbidden("files are not taken here");
    }

    @Override
    public Optional<Found> find(AttachmentId id, UserId viewer) {
        return Optional.empty();
    }

    @Override
    public void drop(AttachmentId id) {}

    @Override
    public int dropUnsent(Instant before) {
        return 0;
    }

    @Override
    public int removeGone(int limit, Consumer<AttachmentId> removal) {
        return 0;
    }
}
