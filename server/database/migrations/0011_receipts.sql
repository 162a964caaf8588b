-- How far messages got, by member and never by message.

alter table memberships
  -- What the other members of a small room were told: up to where a device of this member has been told of its messages, and
  -- up to where they have read. They only rise, under the room's lock and with the room's version.
  add column delivered_seq bigint not null default 0,
  add column seen_seq bigint not null default 0,
  -- Up to where they had read before they marked something as unread: what was seen stays seen.
  add column furthest_seq bigint not null default 0;

-- What was read before is told from the start; nobody was told otherwise yet.
update memberships m set delivered_seq = m.read_seq, seen_seq = m.read_seq
from rooms r where r.id = m.room_id and r.member_count <= 32 and m.read_seq > 0;
