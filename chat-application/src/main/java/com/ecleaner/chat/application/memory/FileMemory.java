package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.port.Attachments.Upload;
import com.ecleaner.chat.domain.user.UserId;

/**
 * One uploaded file: waiting for its message, taken by it, or gone. Changed under its room's lock.
 */
final class FileMemory {
    private enum State {
        WAITING,
        TAKEN,
        GONE
    }

    private final Upload upload;
    private volatile State state = State.WAITING;

    FileMemory(Upload upload) {
        this.upload = upload;
    }

    Upload upload() {
        return upload;
    }

    boolean is(UserId uploader) {
        return upload.uploader().equals(uploader);
    }

    boolean isTaken() {
        return state == State.TAKEN;
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    void take() {
        state = State.TAKEN;
    }

    /** Returns whether it was still there. */
    boolean drop() {
        boolean there = !isGone();
        state = State.GONE;
        return there;
    }

    boolean dropUntaken() {
        return isWaiting() && drop();
    }
}
