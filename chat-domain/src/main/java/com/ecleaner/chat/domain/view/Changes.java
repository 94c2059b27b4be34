package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.Room;

import java.util.List;
import java.util.Optional;

/**
 * What happened in a room above a seq and a version, in one snapshot: the room's present state and
 * each row whose last change lies above. Earlier changes of the same row are not told, only what it
 * is now.
 *
 * @param room the room now; {@code room.version()} is what the reader holds after taking all of
 *     this
 * @param posted messages above the seq, in order, as they are now; empty where {@link #gap} says so
 * @param rewritten messages at or below the seq that were edited or deleted above the version, in
 *     order of it; empty where they are more than {@link #MAX_MESSAGES}, then the gap covers them
 * @param moved participants' rows that changed above the version, in order of it
 * @param reader the asking user's own row; nothing where they never were in the room
 * @param gap a range of seq that is too long to be told here: load it as history
 */
public record Changes(
        Room room,
        List<Message> posted,
        List<Message> rewritten,
        List<Participant> moved,
        Optional<Participant> reader,
        Optional<Gap> gap) {
    /** More messages than this, missing or rewritten, are a gap. */
    public static final int MAX_MESSAGES = 500;

    /** Both ends included. */
    public record Gap(long fromSeq, long toSeq) {}
}
