package com.ecleaner.chat.domain.log;

import com.ecleaner.chat.domain.message.Attachment;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.ClientId;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.room.ReadMarks;
import com.ecleaner.chat.domain.user.User;
import com.ecleaner.chat.domain.user.UserId;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link RoomLedger} asks of its store: the room as it was when its row was locked, without
 * what the ledger has changed since. A store fetches the answers for all changes of a batch at
 * once.
 */
public interface LedgerRecord {
    /** The user's row in this room, whether they are in it or were. */
    Optional<Participant> participant(UserId user);

    /** Everybody who is in the room now; asked for {@code FollowJob} only. */
    List<Participant> present();

    /** What is known of a user; nothing for somebody who was never seen. */
    Optional<User> user(UserId user);

    /** The message of that id in this room. */
    Optional<Message> message(MessageId id);

    /** The message that this sender gave that name in this room. */
    Optional<Message> message(UserId sender, ClientId clientId);

    /**
     * How many messages with {@code afterSeq < seq ≤ upToSeq} are the user's own or deleted. The
     * range may go beyond the record's end, where nothing counts.
     */
    long skippable(UserId user, long afterSeq, long upToSeq);

    /** The room's two furthest marks; asked where a message that was there before is told again. */
    ReadMarks readMarks();

    /**
     * The numbers of the user's messages here that are not deleted; asked for {@code EraseAuthor}
     * only.
     */
    List<Long> seqsOf(UserId sender);

    /** An upload that this user made for this room and that no message has yet. */
    Optional<Attachment> attachment(UserId uploader, AttachmentId id);

    /** An id that no message has or will get from anybody else. */
    MessageId nextMessageId();
}
