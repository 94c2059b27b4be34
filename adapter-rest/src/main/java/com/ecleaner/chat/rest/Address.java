package com.ecleaner.chat.rest;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.job.JobId;
import com.ecleaner.chat.domain.message.AttachmentId;
import com.ecleaner.chat.domain.message.MessageId;
import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;

/** Ids as they stand in an address. The chat's own are numbers: what is none, does not exist. */
final class Address {
    private Address() {}

    static RoomId room(String segment) {
        return new RoomId(number(segment, "room"));
    }

    static MessageId message(String segment) {
        return new MessageId(number(segment, "message"));
    }

    /** What the chat never gave as an id is no file of its own. */
    static AttachmentId attachment(String segment) {
        if (!segment.matches("[0-9A-Za-z_-]{1,64}")) {
            throw Refusal.notFound("attachment");
        }
        return new AttachmentId(segment);
    }

    static UserId user(String segment) {
        return new UserId(decoded("user_id", segment));
    }

    static JobId job(String segment) {
        return new JobId(decoded("job_id", segment));
    }

    private static long number(String segment, String what) {
        if (!segment.matches("[1-9][0-9]{0,18}")) {
            throw Refusal.notFound(what);
        }
        try {
            return Long.parseLong(segment);
        } catch (NumberFormatException e) {
            throw Refusal.notFound(what);
        }
    }

    /** Bytes that were no UTF-8 have become U+FFFD by now, and no honest id has one. */
    private static String decoded(String field, String segment) {
        if (segment.indexOf('\ufffd') >= 0) {
            throw Refusal.invalid(field, "must be UTF-8");
        }
        return segment;
    }
}
