package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Text;

/** An uploaded file's id, given by the chat: 1–64 characters, not guessable. */
public record AttachmentId(String value) {
    public AttachmentId {
        Text.line("attachment_id", value, 1, 64);
    }
}
