package com.ecleaner.chat.domain.given;

import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;

/** Puts a file that somebody uploaded for a room into a store, as far as its log has to know. */
@FunctionalInterface
public interface Uploads {
    void uploaded(RoomId room, UserId uploader, Attachment attachment);
}
