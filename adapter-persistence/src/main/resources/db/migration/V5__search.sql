-- Searching for what was said. The chat cuts texts into words itself: without case, accents and
-- punctuation, the same in every language and whatever the database's locale is.

do $$
begin
    if not exists (select from pg_available_extensions where name = 'pg_trgm') then
        raise exception 'the chat needs the extension pg_trgm, which this PostgreSQL does not have'
            using hint = 'it comes with PostgreSQL, often as a package called postgresql-contrib';
    end if;
    create extension if not exists pg_trgm;
exception
    when insufficient_privilege then
        raise exception 'the chat needs the extension pg_trgm, and may not create it here'
            using hint = 'let somebody who may run CREATE EXTENSION pg_trgm in this database once';
end
$$;

-- The words of each message that says something. New ones wait in a table without the dear index,
-- so that a commit pays for one short row; from there they are moved, many at once. Each message is
-- in one of the two. Neither refers to messages by a foreign key: whoever changes a message holds
-- its room's row.
create table message_words_new (
    message_id bigint         not null,
    room_id    bigint         not null,
    sent_at    timestamptz(3) not null,
    words      text           not null,
    constraint message_words_new_pk primary key (message_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

create table message_words (
    message_id bigint         not null,
    room_id    bigint         not null,
    sent_at    timestamptz(3) not null,
    words      text           not null,
    constraint message_words_pk primary key (message_id)
);

insert into message_words (message_id, room_id, sent_at, words)
select id, room_id, created_at, words
from (
    select m.id, m.room_id, m.created_at, trim(lower(regexp_replace(
        m.content || ' ' || coalesce(f.name, ''), '[^[:alnum:]]+', ' ', 'g'))) as words
    from message m left join attachment f on f.id = m.attachment_id
    where m.deleted_at is null
) as a
where words <> '';

create index message_words_room on message_words (room_id);
-- Whole words and their beginnings by full text, any part of a word by its trigrams.
create index message_words_text on message_words
    using gin (array_to_tsvector(string_to_array(words, ' ')), words gin_trgm_ops);

-- The words of a person's names.
alter table chat_user add column words text not null default '';
update chat_user
set words = trim(lower(regexp_replace(username || ' ' || first_name, '[^[:alnum:]]+', ' ', 'g')));
create index chat_user_words on chat_user using gin (words gin_trgm_ops);
alter table chat_user add constraint chat_user_erased_words check (
    erased_at is null or words = '');
