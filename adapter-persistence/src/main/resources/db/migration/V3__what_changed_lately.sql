-- Nodes ask once a second what changed lately: no event has to arrive for a change to be found.
-- Whole seconds, so that a busy room's row keeps its place in the index within a second (HOT).
-- The time is the database's own, whatever the nodes' clocks say.

alter table room
    add column changed_at       timestamptz(0) not null default date_trunc('second', now()),
    add column state_changed_at timestamptz(0) not null default date_trunc('second', now());
create index room_changed on room (changed_at);
create index room_state_changed on room (state_changed_at);

alter table chat_user
    add column changed_at timestamptz(0) not null default date_trunc('second', now());
create index chat_user_changed on chat_user (changed_at);
