-- Search reads all that its searcher may read faster: what a pack may hold and when it was written lie in one row, and of its
-- bits only those of the needles are looked at (docs/adr/0013-search.md).

-- What the bits say has changed as well: all is packed anew.
truncate search_rooms, search_packs;
drop function search_packed(bigint[], bigint, timestamptz, timestamptz, text[], bit, integer, integer);
drop table search_signatures;

create table search_signatures (
  room_id bigint not null,
  first_id bigint not null,
  last_id bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  bits bit(8192) not null,
  primary key (room_id, first_id)
) with (fillfactor = 85);
create index search_signatures_newest on search_signatures (room_id, last_id);

-- The newest messages below `p_before` in whose lines all needles are found, newest first; at the end a 0 if time ran out.
-- `p_pattern`: what lines must match beside, or null. `p_places`: at most eight bits that a pack must have. Packs are read
-- newest first, more of them each time, until no older one can hold anything newer than what was found.
create function search_packed(
  p_rooms bigint[], p_before bigint, p_from timestamptz, p_to timestamptz, p_needles text[], p_pattern text,
  p_places integer[], p_most integer, p_ms integer
)
returns setof bigint
language plpgsql stable
-- Planned once for each connection: there is one good way. A pack costs little to fetch and much to fetch in vain: never
-- read the whole table.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set join_collapse_limit = 1
as $$
declare
  deadline constant timestamptz := clock_timestamp() + make_interval(secs => p_ms / 1000.0);
  needle constant text := coalesce(p_needles[1], '');
  second_needle constant text := coalesce(p_needles[2], '');
  -- So does the sign of an author.
  begins_line constant boolean := starts_with(needle, e'\x01');
  top constant bigint := least(p_before, coalesce((select max(id) from messages), 0) + 1);
  -- Most searches end among the newest: a sixty-fourth, then an eighth of all ids, then the rest.
  floors constant bigint[] := array[top - top / 64, top - top / 8, 0];
  ceiling bigint := 9223372036854775807;
  rooms bigint[];
  firsts bigint[];
  lasts bigint[];
  ids bigint[] := '{}';
  at integer;
  size integer := 16;
  is_late boolean := false;
begin
  <<stages>>
  for stage in 1..3 loop
    select array_agg(room_id), array_agg(first_id), array_agg(last_id) into rooms, firsts, lasts
    from (
      select room_id, first_id, last_id from search_signatures
      where room_id = any (p_rooms) and last_id >= floors[stage] and last_id < ceiling
        and first_id < p_before and last_at >= p_from and first_at < p_to
        -- A place that is not asked for is null, and rules nothing out.
        and coalesce(get_bit(bits, p_places[1]), 1) = 1 and coalesce(get_bit(bits, p_places[2]), 1) = 1
        and coalesce(get_bit(bits, p_places[3]), 1) = 1 and coalesce(get_bit(bits, p_places[4]), 1) = 1
        and coalesce(get_bit(bits, p_places[5]), 1) = 1 and coalesce(get_bit(bits, p_places[6]), 1) = 1
        and coalesce(get_bit(bits, p_places[7]), 1) = 1 and coalesce(get_bit(bits, p_places[8]), 1) = 1
      order by last_id desc
    ) pack;
    at := 1;
    while at <= coalesce(cardinality(firsts), 0) loop
      exit stages when lasts[at] < ids[p_most];
      if clock_timestamp() > deadline then
        is_late := true;
        exit stages;
      end if;
      ids := array(
        select id from (
          select unnest(ids) as id
          union all
          select p.message_ids[line.n]
          from unnest(rooms[at:at + size - 1], firsts[at:at + size - 1]) as k (room_id, first_id)
          join search_packs p on p.room_id = k.room_id and p.first_id = k.first_id
          cross join lateral string_to_table(p.text, e'\n') with ordinality as line (text, n)
          where strpos(p.text, needle) > 0 and strpos(p.text, second_needle) > 0
            -- Most packs that hold both hold them in different lines: the pieces between them tell. What begins its line needs
            -- only what comes after it; a line that has the needle twice is read below.
            and (second_needle = '' or exists (
              select from (select string_to_array(p.text, needle) as pieces offset 0) cut
              cross join generate_series(1, cardinality(cut.pieces) - 1) i
              where strpos(
                  case when not begins_line then split_part(cut.pieces[i], e'\n', -1) || needle else '' end
                    || split_part(cut.pieces[i + 1], e'\n', 1), second_needle) > 0
                or (not begins_line and i > 1 and strpos(cut.pieces[i], e'\n') = 0)))
            and strpos(line.text, needle) > 0 and strpos(line.text, second_needle) > 0
            and p.message_ids[line.n] < p_before
            and (p_pattern is null or line.text ~ p_pattern)
            and not exists (select from unnest(p_needles[3:]) more where strpos(line.text, more) = 0)
        ) found
        order by id desc limit p_most
      );
      at := at + size;
      size := least(size * 4, 512);
    end loop;
    exit when ids[p_most] >= floors[stage];
    ceiling := floors[stage];
  end loop;
  return query select unnest(ids);
  if is_late then return next 0; end if;
end
$$;

-- Words with this piece in them, and how often they stand in the newest packs that may hold it.
create function search_words(p_rooms bigint[], p_piece text, p_places integer[], p_packs integer, p_words integer)
returns table (word text, count bigint)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set join_collapse_limit = 1
as $$
begin
  return query
  select case when starts_with(p_piece, ' ') then '' else split_part(translate(right(cut.pieces[i], 40), e'\n', ' '), ' ', -1) end
    || p_piece || split_part(translate(left(cut.pieces[i + 1], 40), e'\n', ' '), ' ', 1) as found, count(*)
  from (
    select room_id, first_id from search_signatures
    where room_id = any (p_rooms)
      and coalesce(get_bit(bits, p_places[1]), 1) = 1 and coalesce(get_bit(bits, p_places[2]), 1) = 1
      and coalesce(get_bit(bits, p_places[3]), 1) = 1 and coalesce(get_bit(bits, p_places[4]), 1) = 1
      and coalesce(get_bit(bits, p_places[5]), 1) = 1 and coalesce(get_bit(bits, p_places[6]), 1) = 1
      and coalesce(get_bit(bits, p_places[7]), 1) = 1 and coalesce(get_bit(bits, p_places[8]), 1) = 1
    order by last_id desc limit p_packs
  ) k
  join search_packs p on p.room_id = k.room_id and p.first_id = k.first_id
  cross join lateral (select string_to_array(p.text, p_piece) as pieces offset 0) cut
  cross join lateral generate_series(1, cardinality(cut.pieces) - 1) i
  group by found order by count(*) desc limit p_words;
end
$$;
