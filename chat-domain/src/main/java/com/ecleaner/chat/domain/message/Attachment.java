package com.ecleaner.chat.domain.message;

import com.ecleaner.chat.domain.Refusal;

import java.util.OptionalInt;

/**
 * What is known of an uploaded file.
 *
 * @param name as the uploader called it, made harmless
 * @param contentType found from the bytes, never taken from the uploader
 * @param size in bytes
 * @param width of a picture, in pixels; empty for other files
 * @param height of a picture, in pixels; empty for other files
 * @param thumbnail whether there is a small version of it
 */
public record Attachment(
        AttachmentId id,
        String name,
        String contentType,
        long size,
        OptionalInt width,
        OptionalInt height,
        boolean thumbnail) {
    public Attachment {
        if (size < 0 || width.isPresent() != height.isPresent()) {
            throw Refusal.invalid("attachment_id", "size and dimensions do not fit together");
        }
    }

    /** Whether it is a picture that the chat itself has written, and so may show. */
    public boolean isPicture() {
        return width.isPresent();
    }

    /** What kind of picture its thumbnail is: a photo's a photo, others may be see-through. */
    public String thumbnailType() {
        return contentType.equals("image/jpeg") ? contentType : "image/png";
    }
}
