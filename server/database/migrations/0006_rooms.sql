-- Announcement rooms and direct rooms.

alter table rooms
  add column posting text not null default 'all' check (posting in ('all', 'admins')),
  -- The ids of a direct room's people, ascending, with commas: of the same people there is one room.
  add column direct_key text unique check ((direct_key is not null) = (kind = 'direct'));
