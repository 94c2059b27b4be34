package com.ecleaner.chat.domain.room;

import com.ecleaner.chat.domain.user.UserId;

import java.util.Optional;

/**
 * The two furthest read marks of a room: enough to say of any message whether someone other than
 * its sender has read it.
 *
 * @param furthest who has read furthest; nobody in a room without marks
 * @param first how far they have read
 * @param second how far the next one has read
 */
public record ReadMarks(Optional<UserId> furthest, long first, long second) {
    public static final ReadMarks NONE = new ReadMarks(Optional.empty(), 0, 0);

    public boolean isRead(UserId sender, long seq) {
        boolean ownMark = furthest.isPresent() && furthest.get().equals(sender);
        return (ownMark ? second : first) >= seq;
    }

    /**
     * With {@code user} having read up to {@code seq}; a mark that is not ahead changes nothing.
     */
    public ReadMarks advance(UserId user, long seq) {
        if (furthest.isPresent() && furthest.get().equals(user)) {
            return seq > first ? new ReadMarks(furthest, seq, second) : this;
        }
        if (seq > first) {
            return new ReadMarks(Optional.of(user), seq, first);
        }
        return seq > second ? new ReadMarks(furthest, first, seq) : this;
    }
}
