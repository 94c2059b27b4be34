package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.Person;

import java.time.Instant;
import java.util.Optional;

/**
 * A message in its place in the log. A deleted one keeps its place and says nothing any more.
 *
 * @param seq its number in the room: 1, 2, 3 … without holes
 * @param version the room's version at the message's last change
 * @param content as it was sent, or last edited; empty once deleted
 * @param timestamp when it was posted, to the millisecond
 * @param read whether someone other than the sender has read it
 */
public record Message(
        MessageId id,
        RoomId room,
        long seq,
        long version,
        Person sender,
        MessageType type,
        String content,
        Instant timestamp,
        boolean read,
        Optional<ClientId> clientId,
        Optional<Quote> replyTo,
        Optional<Attachment> attachment,
        Optional<JobChanges> data,
        Optional<Instant> editedAt,
        Optional<Instant> deletedAt) {

    public Message {
        if (deletedAt.isPresent()) {
            content = "";
            attachment = Optional.empty();
            data = Optional.empty();
            editedAt = Optional.empty();
        }
    }

    public boolean isDeleted() {
        return deletedAt.isPresent();
    }

    public Message edited(String newContent, Instant at, long newVersion) {
        return new Message(
                id,
                room,
                seq,
                newVersion,
                sender,
                type,
                newContent,
                timestamp,
                read,
                clientId,
                replyTo,
                attachment,
                data,
                Optional.of(at),
                deletedAt);
    }

    public Message deleted(Instant at, long newVersion) {
        return new Message(
                id,
                room,
                seq,
                newVersion,
                sender,
                type,
                "",
                timestamp,
                read,
                clientId,
                replyTo,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(at));
    }

    public Message withRead(boolean isRead) {
        return told(sender, isRead, replyTo);
    }

    /** The same message with what is not its own and changes around it: names, receipt, excerpt. */
    public Message told(Person senderNow, boolean readNow, Optional<Quote> replyToNow) {
        return new Message(
                id,
                room,
                seq,
                version,
                senderNow,
                type,
                content,
                timestamp,
                readNow,
                clientId,
                replyToNow,
                attachment,
                data,
                editedAt,
                deletedAt);
    }
}
