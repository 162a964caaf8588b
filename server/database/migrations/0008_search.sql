-- The index of search (docs/adr/0013-search.md). Written after the messages, by whichever backend, never by a send: what is
-- newer than a room's mark is looked through by itself.

-- How far each room is packed: all its messages up to this version of the room.
create table search_rooms (
  room_id bigint primary key,
  version bigint not null,
  packed_at timestamptz not null
) with (fillfactor = 70);

-- Runs of a room's messages, one folded line each, in the order of `message_ids`: as many as fill a page of the database. Read
-- from end to end, so that a search costs what its searcher may read, and how long it takes tells nothing about the rest.
create table search_packs (
  room_id bigint not null,
  first_id bigint not null,
  last_id bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  message_ids bigint[] not null,
  text text collate "C" not null,
  primary key (room_id, first_id) include (last_id, first_at, last_at)
) with (toast_tuple_target = 8160);
-- A pack lies in its row, as it is: to unpack or to look it up elsewhere takes longer than to read it.
alter table search_packs alter column text set storage external;

-- What may stand in a pack, a bit for every three letters (server/search/signature.ts): most packs need not be read.
create table search_signatures (
  room_id bigint not null,
  first_id bigint not null,
  bits bit(8192) not null,
  primary key (room_id, first_id)
) with (fillfactor = 85);

-- The newest messages below `p_before` in whose lines all needles are found, newest first; at the end a 0 if time ran out.
-- Packs are read newest first, more of them each time, until no older one can hold anything newer than what was found.
create function search_packed(
  p_rooms bigint[], p_before bigint, p_from timestamptz, p_to timestamptz, p_needles text[], p_bits bit(8192),
  p_most integer, p_ms integer
)
returns setof bigint
language plpgsql stable
-- A pack costs little to fetch and much to fetch in vain: never read the whole table.
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
-- In this order: what a signature rules out is not read.
set join_collapse_limit = 1
as $$
declare
  deadline constant timestamptz := clock_timestamp() + make_interval(secs => p_ms / 1000.0);
  -- The planner is not to weigh them again for each slice.
  first_needle constant text := coalesce(p_needles[1], '');
  second_needle constant text := coalesce(p_needles[2], '');
  rooms bigint[];
  firsts bigint[];
  lasts bigint[];
  ids bigint[] := '{}';
  at integer := 1;
  size integer := 16;
  is_late boolean := false;
begin
  select array_agg(room_id), array_agg(first_id), array_agg(last_id) into rooms, firsts, lasts
  from (
    select room_id, first_id, last_id from search_packs
    where room_id = any (p_rooms) and first_id < p_before and last_at >= p_from and first_at < p_to
    order by last_id desc
  ) pack;
  while at <= coalesce(cardinality(firsts), 0) loop
    exit when lasts[at] < ids[p_most];
    if clock_timestamp() > deadline then
      is_late := true;
      exit;
    end if;
    ids := array(
      select id from (
        select unnest(ids) as id
        union all
        select p.message_ids[line.n]
        from unnest(rooms[at:at + size - 1], firsts[at:at + size - 1]) as k (room_id, first_id)
        join search_signatures s on s.room_id = k.room_id and s.first_id = k.first_id and s.bits & p_bits = p_bits
        join search_packs p on p.room_id = k.room_id and p.first_id = k.first_id
        cross join lateral string_to_table(p.text, e'\n') with ordinality as line (text, n)
        where strpos(p.text, first_needle) > 0 and strpos(p.text, second_needle) > 0
          and strpos(line.text, first_needle) > 0 and strpos(line.text, second_needle) > 0
          and p.message_ids[line.n] < p_before
          and not exists (select from unnest(p_needles[3:]) needle where strpos(line.text, needle) = 0)
      ) found
      order by id desc limit p_most
    );
    at := at + size;
    size := least(size * 4, 512);
  end loop;
  return query select unnest(ids);
  if is_late then return next 0; end if;
end
$$;
