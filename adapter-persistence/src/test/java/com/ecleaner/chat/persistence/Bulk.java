package com.ecleaner.chat.persistence;

import com.ecleaner.chat.domain.room.RoomId;
import com.ecleaner.chat.domain.user.UserId;

/** Fills rooms with more than a test would want to say. */
final class Bulk {
    private Bulk() {}

    /** Jobs with their rooms, people and ten files each, of which nobody in the test is part. */
    static void others(Store store, int count) {
        store.execute(
                """
                insert into chat_user (id, username)
                select 'other-' || i, 'other ' || i from generate_series(1, %1$d) as i;
                insert into job (id, title, status, client_id, is_active)
                select 'other-' || i, 'Job ' || i, 'assigned', 'other-' || i, true
                from generate_series(1, %1$d) as i;
                insert into room (room_type, job_id, created_at, updated_at, is_active, version,
                    state_version, last_seq, participant_count)
                select 'job', id, now(), now(), true, 1, 1, 0, 1 from job where id like 'other-%%';
                insert into participant (room_id, user_id, role, joined_at, last_read_seq, skipped,
                    is_present, version)
                select id, job_id, 'client', now(), 0, 0, true, 1 from room
                where job_id like 'other-%%';
                insert into attachment (id, room_id, uploader_id, name, content_type, size,
                    has_thumbnail, created_at)
                select 'other-' || i, 1, 'nobody', 'file', 'text/plain', 1, false, now()
                from generate_series(1, 10 * %1$d) as i\
                """
                        .formatted(count));
    }

    /** A log of {@code count} messages by two participants in turn, into an empty room. */
    static void messages(Store store, RoomId room, int count, UserId first, UserId second) {
        store.execute(
                """
                insert into message (id, room_id, seq, version, sender_id, client_id, message_type,
                    content, created_at)
                select %1$d * 10000000 + i, %1$d, i, i + 1,
                    case when i %% 2 = 1 then '%3$s' else '%4$s' end, 'bulk-' || i, 'text',
                    'Message number ' || i || ', about keys and times',
                    timestamptz '2025-01-01T00:00:00Z' + i * interval '1 second'
                from generate_series(1, %2$d) as i;
                update room set last_seq = %2$d, version = %2$d + 1,
                    updated_at = timestamptz '2025-01-01T00:00:00Z' + %2$d * interval '1 second'
                where id = %1$d;
                update participant p set skipped = (
                    select count(*) from message m
                    where m.room_id = p.room_id and m.sender_id = p.user_id)
                where room_id = %1$d\
                """
                        .formatted(room.value(), count, first.value(), second.value()));
    }
}
