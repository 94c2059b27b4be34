package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Text;

/**
 * The sender's own name for a message: sent again, it gives the first message, not a second one.
 *
 * @param value 1–100 characters, unique per sender and room
 */
public record ClientId(String value) {
    public ClientId {
        Text.line("client_id", value, 1, 100);
    }
}
