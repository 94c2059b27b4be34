-- A file is gone with its message, its uploader, or because nobody sent it: from then on it is not
-- found. Whoever clears up removes its bytes first and its row after them.
alter table attachment add column is_gone boolean not null default false;

create index attachment_gone on attachment (id) where is_gone;
drop index attachment_untaken;
create index attachment_untaken on attachment (created_at)
    where message_id is null and not is_gone;
-- What somebody uploaded lately, and at all.
create index attachment_uploader on attachment (uploader_id, created_at);
