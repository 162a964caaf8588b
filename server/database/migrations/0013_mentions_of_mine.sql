-- A list of all that mentions somebody (docs/adr/0020-a-list-of-mentions.md) asks room by room for the newest: of rooms that
-- they have left nothing is looked at, however much mentions them there. Both take the place of one that knew no rooms; a
-- mention stands in one of them.
drop index mentions_newest;
create index mentions_newest_of_user on mentions (user_id, room_id, message_id) where user_id is not null;
create index mentions_newest_of_all on mentions (room_id, message_id, author_id) where user_id is null;

-- Messages below `p_before` that mention somebody in rooms that are theirs now, the newest first.
create function messages_mentioning(p_user bigint, p_before bigint, p_most integer) returns setof bigint
language plpgsql stable
-- The rows of each room come in the order of an index, and end with the page. Who is mentioned in one room more than in all
-- others together looks to a planner as if there were few.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
as $$
begin
  return query
  select distinct mine.message_id
  from (
    -- What a page shows stands in as many rooms at most: in those that were mentioned in last.
    select own.room_id
    from memberships own
    cross join lateral (
      select greatest(
        (select message_id from mentions
          where user_id = p_user and room_id = own.room_id and message_id < p_before
          order by message_id desc limit 1),
        (select message_id from mentions
          where user_id is null and room_id = own.room_id and message_id < p_before and author_id <> p_user
          order by message_id desc limit 1)
      ) as message_id
    ) as newest
    where own.user_id = p_user and own.left_at is null and newest.message_id is not null
    order by newest.message_id desc limit p_most
  ) as room
  cross join lateral (
    (select message_id from mentions
      where user_id = p_user and room_id = room.room_id and message_id < p_before
      order by message_id desc limit p_most)
    union all
    (select message_id from mentions
      where user_id is null and room_id = room.room_id and message_id < p_before and author_id <> p_user
      order by message_id desc limit p_most)
  ) as mine
  order by mine.message_id desc limit p_most;
end
$$;
