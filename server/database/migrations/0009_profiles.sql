-- What people say about themselves.

alter table users
  add column title text not null default '',
  add column pronouns text not null default '',
  -- An IANA name.
  add column time_zone text,
  add column status_emoji text not null default '',
  add column status_text text not null default '',
  add column status_until timestamptz,
  -- Names the picture by its content; null: none.
  add column avatar text;

-- Small pictures that browsers keep for ever under their version.
create table avatars (
  user_id bigint primary key references users (id),
  version text not null,
  media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
  bytes bytea not null
);
-- They are compressed already.
alter table avatars alter column bytes set storage external;
