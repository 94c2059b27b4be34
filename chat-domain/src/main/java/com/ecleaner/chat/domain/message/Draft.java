package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.Text;

import java.util.Optional;

/**
 * A message as somebody means to send it, before the room has numbered it.
 *
 * @param content plain text of 1–4,000 characters, not blank; may be empty with an attachment, and
 *     for a {@code job_update} whose data says it
 * @param clientId without it, sending again after a fault may send twice
 */
public record Draft(
        MessageType type,
        String content,
        Optional<ClientId> clientId,
        Optional<MessageId> replyTo,
        Optional<AttachmentId> attachment,
        Optional<JobChanges> data) {
    public static final int MAX_CONTENT = 4_000;

    public Draft {
        if (type.needsAttachment() != attachment.isPresent()) {
            throw Refusal.invalid(
                    "attachment_id",
                    type.needsAttachment()
                            ? "is required for message_type " + type.wireName()
                            : "goes with message_type image or file only");
        }
        if (data.isPresent() && type != MessageType.JOB_UPDATE) {
            throw Refusal.invalid("data", "goes with message_type job_update only");
        }
        boolean mayBeEmpty = attachment.isPresent() || data.isPresent();
        if (!(mayBeEmpty && content.isEmpty())) {
            content(content);
        }
    }

    /** Text and nothing else. */
    public static Draft text(String content) {
        return new Draft(
                MessageType.TEXT,
                content,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** What the platform tells of a job, as facts without words. */
    public static Draft of(JobChanges changes) {
        return new Draft(
                MessageType.JOB_UPDATE,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(changes));
    }

    /**
     * That a job's status changed: as facts, and in words for whoever shows nothing but contents.
     */
    public static Draft statusChanged(String from, String to) {
        return new Draft(
                MessageType.JOB_UPDATE,
                "Status: " + from + " → " + to,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(JobChanges.status(from, to)));
    }

    public Draft with(ClientId id) {
        return new Draft(type, content, Optional.of(id), replyTo, attachment, data);
    }

    public Draft inReplyTo(MessageId message) {
        return new Draft(type, content, clientId, Optional.of(message), attachment, data);
    }

    /**
     * Returns the text where a message may say it.
     *
     * @throws Refusal {@code invalid}, naming {@code message}
     */
    public static String content(String text) {
        return Text.paragraph("message", text, 1, MAX_CONTENT);
    }
}
