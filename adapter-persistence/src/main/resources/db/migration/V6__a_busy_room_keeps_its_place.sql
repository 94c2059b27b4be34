-- The order of rooms by their last message, in whole seconds: a busy room's row keeps its place in
-- all indexes within a second, and is updated within its page (HOT). The order within a second is
-- for whoever asks. In UTC, because only then does it depend on nothing but the row.

alter table room
    add column recent_at timestamp(0) not null
        generated always as (date_trunc('second', updated_at at time zone 'UTC')) stored;
drop index room_recent;
create index room_recent on room (recent_at desc);
