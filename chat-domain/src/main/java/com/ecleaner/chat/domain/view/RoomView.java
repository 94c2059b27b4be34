package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.job.Job;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.room.Membership;
import com.ecleaner.chat.domain.room.Room;
import com.ecleaner.chat.domain.user.UserId;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A room as one user sees it.
 *
 * @param job the job it belongs to, for job rooms and support rooms about a job
 * @param people who is in it, in order of joining; of more than {@link Room#SMALL} the last active
 * @param lastReadSeq the viewer's mark, 0 for a non-participant
 * @param unread the viewer's unread messages, 0 for a non-participant
 * @param membership how the viewer is in it
 * @param lastMessage the newest message; nothing in an empty room
 */
public record RoomView(
        Room room,
        Optional<Job> job,
        List<Member> people,
        long lastReadSeq,
        long unread,
        Membership membership,
        Optional<Message> lastMessage) {
    /** Whose presence its viewer sees: everybody's in a small room, nobody's in a large one. */
    public Set<UserId> presenceShown() {
        return room.isSmall()
                ? people.stream()
                        .map(member -> member.person().id())
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }
}
