package com.ecleaner.chat.persistence;

import java.util.List;

/** The definition of unread, and of everything else that is kept as a number, counted anew. */
final class Recount {
    private static final String DIFFERENCES =
            """
            select 'room ' || p.room_id || ', ' || p.user_id || ': ' || kept || ' kept, '
                || counted || ' counted'
            from (
                select p.room_id, p.user_id,
                    r.last_seq - p.last_read_seq - p.skipped as kept,
                    (select count(*) from message m
                        where m.room_id = p.room_id and m.sender_id <> p.user_id
                            and m.deleted_at is null and m.seq > p.last_read_seq) as counted
                from participant p join room r on r.id = p.room_id
            ) as p
            where kept <> counted
            union all
            select 'room ' || id || ': last_seq ' || last_seq || ', messages ' || messages
                || ', highest ' || highest
            from (
                select r.id, r.last_seq, count(m.id) as messages, coalesce(max(m.seq), 0) as highest
                from room r left join message m on m.room_id = r.id group by r.id
            ) as r
            where last_seq <> messages or last_seq <> highest
            union all
            select 'room ' || id || ': ' || participant_count || ' people kept, ' || people
                || ' counted'
            from (
                select r.id, r.participant_count,
                    count(p.user_id) filter (where p.is_present) as people
                from room r left join participant p on p.room_id = r.id group by r.id
            ) as r
            where participant_count <> people
            union all
            select 'room ' || r.id || ': version ' || r.version || ' below its rows'
            from room r
            where r.version < (select max(version) from message m where m.room_id = r.id)
                or r.version < (select max(version) from participant p where p.room_id = r.id)
                or r.version < r.state_version\
            """;

    private Recount() {}

    /** What does not agree, in words; also of those who left. */
    static List<String> differences(Store store) {
        return store.ask(DIFFERENCES);
    }
}
