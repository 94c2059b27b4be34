-- The condition always holds. It is there so that only a query which says it takes this index: on
-- an empty table all indexes seem equal, and a plan made then would go on looking for one name
-- through all that was ever said in the room.
alter table message drop constraint message_seq;
create unique index message_seq on message (room_id, seq) where version > 0;
