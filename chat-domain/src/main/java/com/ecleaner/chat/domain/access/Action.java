package com.ecleaner.chat.domain.access;

/** What somebody may want of a room. */
public enum Action {
    /** Know of it: see it, its people, its history; search it, download from it. */
    READ(true),
    /** Post text and files, upload, show that one types. */
    WRITE(false),
    /** Change one's own message. */
    EDIT_OWN(false),
    DELETE_OWN(true),
    /** Delete a message of somebody else. */
    DELETE_ANY(true),
    /** Move one's read mark. */
    MARK_READ(true),
    /** Become a participant by one's own wish. */
    JOIN(false),
    /** Stop being one by one's own wish. */
    LEAVE(true),
    /** Close and reopen it by hand. */
    CLOSE(true),
    /** Post {@code system} and {@code job_update} messages. */
    SPEAK_FOR_PLATFORM(false);

    private final boolean goesOnWhenClosed;

    Action(boolean goesOnWhenClosed) {
        this.goesOnWhenClosed = goesOnWhenClosed;
    }

    /** Whether a closed room still allows it. */
    public boolean goesOnWhenClosed() {
        return goesOnWhenClosed;
    }
}
