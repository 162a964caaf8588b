-- Signatures that rule out more packs: they also know neighbouring words, and pieces of words by author
-- (docs/adr/0013-search.md). What the bits say has changed: all is packed anew.
truncate search_rooms, search_packs, search_signatures;
alter table search_signatures alter column bits type bit(15360);
-- Four rows fill a page; a row that changes goes elsewhere anyway, for its place is in an index.
alter table search_signatures reset (fillfactor);
drop function search_packed(bigint[], bigint, timestamptz, timestamptz, text[], text, integer[], integer, integer);

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
  -- A place that is not asked for rules nothing out: the first is asked for again, or there is none.
  place_1 constant integer := p_places[1];
  place_2 constant integer := coalesce(p_places[2], place_1);
  place_3 constant integer := coalesce(p_places[3], place_1);
  place_4 constant integer := coalesce(p_places[4], place_1);
  place_5 constant integer := coalesce(p_places[5], place_1);
  place_6 constant integer := coalesce(p_places[6], place_1);
  place_7 constant integer := coalesce(p_places[7], place_1);
  place_8 constant integer := coalesce(p_places[8], place_1);
  top constant bigint := least(p_before, coalesce((select max(id) from messages), 0) + 1);
  -- Many searches end among the newest: an eighth of all ids, then the rest.
  floors constant bigint[] := array[top - top / 8, 0];
  ceiling bigint := 9223372036854775807;
  rooms bigint[];
  firsts bigint[];
  lasts bigint[];
  ids bigint[] := '{}';
  at integer;
  size integer := 16;
  done integer := 0;
  is_late boolean := false;
begin
  <<stages>>
  for stage in 1..2 loop
    select array_agg(room_id), array_agg(first_id), array_agg(last_id) into rooms, firsts, lasts
    from (
      select room_id, first_id, last_id from search_signatures
      where room_id = any (p_rooms) and last_id >= floors[stage] and last_id < ceiling
        and (place_1 is null or (get_bit(bits, place_1) = 1 and get_bit(bits, place_2) = 1 and get_bit(bits, place_3) = 1
          and get_bit(bits, place_4) = 1 and get_bit(bits, place_5) = 1 and get_bit(bits, place_6) = 1
          and get_bit(bits, place_7) = 1 and get_bit(bits, place_8) = 1))
        and first_id < p_before and last_at >= p_from and first_at < p_to
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
          from unnest(rooms[at:at + size - 1], firsts[at:at + size - 1], lasts[at:at + size - 1]) as k (room_id, first_id, last_id)
          join search_packs p on p.room_id = k.room_id and p.first_id = k.first_id
          cross join lateral string_to_table(p.text, e'\n') with ordinality as line (text, n)
          where k.last_id >= coalesce(ids[p_most], 0)
            -- What comes before a needle is shorter than the pack if it is there. (strpos would count letters up to it.)
            and (needle = '' or octet_length(split_part(p.text, needle, 1)) < octet_length(p.text))
            and (second_needle = '' or octet_length(split_part(p.text, second_needle, 1)) < octet_length(p.text))
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
      done := done + size;
      -- As many more as it takes if they hold as much, and a quarter; four times as many while nothing is found, and once all is,
      -- when only those are read that may hold something newer.
      size := greatest(16, least(512, case when cardinality(ids) between 1 and p_most - 1
        then ceil(1.25 * done * (p_most - cardinality(ids)) / cardinality(ids)) else size * 4 end));
    end loop;
    exit when ids[p_most] >= floors[stage];
    ceiling := floors[stage];
  end loop;
  return query select unnest(ids);
  if is_late then return next 0; end if;
end
$$;
