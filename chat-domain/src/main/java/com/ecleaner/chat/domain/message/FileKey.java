package com.ecleaner.chat.domain.message;

/**
 * What a file's bytes are kept under.
 *
 * @param thumbnail the picture's small version rather than the file itself
 */
public record FileKey(AttachmentId of, boolean thumbnail) {
    public static FileKey whole(AttachmentId of) {
        return new FileKey(of, false);
    }

    public static FileKey thumbnail(AttachmentId of) {
        return new FileKey(of, true);
    }
}
