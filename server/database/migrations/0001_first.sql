-- The first tables. Ids are bigint identities; times are timestamptz and leave as text (see database.ts).
-- Every connection runs with timezone UTC.

create table workspace (
  only_row boolean primary key default true check (only_row),
  -- Part of the epoch: a restored or copied database gets a new one, and clients then start afresh.
  instance_id uuid not null default gen_random_uuid(),
  version bigint not null default 0
);
insert into workspace default values;

create table users (
  id bigint generated always as identity primary key,
  username text not null,
  username_folded text not null unique,
  display_name text,
  email text,
  password_hash text,
  role text not null default 'member' check (role in ('owner', 'member')),
  -- The user's own stream: set of rooms, read markers, settings.
  version bigint not null default 0,
  -- The workspace's version when this user's name last changed.
  workspace_version bigint not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  disabled_at timestamptz
) with (fillfactor = 80);
create index users_workspace_version on users (workspace_version);

create table sessions (
  id bigint generated always as identity primary key,
  -- SHA-256 of the cookie's secret: a dump of this table signs nobody in.
  secret_hash bytea not null unique,
  user_id bigint not null references users (id),
  device text,
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp()
);
create index sessions_user on sessions (user_id);

create table invites (
  id bigint generated always as identity primary key,
  code_hash bytea not null unique,
  created_by bigint not null references users (id),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_by bigint references users (id),
  used_at timestamptz
);

create table rooms (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('public', 'private', 'direct')),
  name text not null,
  topic text not null default '',
  version bigint not null default 0,
  last_seq bigint not null default 0,
  members_version bigint not null default 0,
  member_count integer not null default 0,
  last_message_id bigint,
  bumped_at timestamptz not null default now(),
  delivery text not null default 'personal' check (delivery in ('personal', 'room')),
  -- The oldest version since which all tombstones are still here.
  changes_floor bigint not null default 0,
  created_at timestamptz not null default now(),
  archived_at timestamptz
) with (fillfactor = 70);
-- No index on anything that a message changes: every send is then a heap-only update.

create table memberships (
  room_id bigint not null references rooms (id),
  user_id bigint not null references users (id),
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  joined_at timestamptz not null,
  left_at timestamptz,
  version bigint not null,
  own_version bigint not null,
  read_seq bigint not null default 0,
  read_at_version bigint not null default 0,
  level text not null default 'all' check (level in ('all', 'mentions', 'nothing')),
  muted boolean not null default false,
  primary key (room_id, user_id)
) with (fillfactor = 70);
create index memberships_user on memberships (user_id) include (room_id) where left_at is null;
create index memberships_own_version on memberships (user_id, own_version);
create index memberships_version on memberships (room_id, version);
create index memberships_seniority on memberships (room_id, joined_at, user_id) where left_at is null;

create table messages (
  id bigint generated always as identity primary key,
  room_id bigint not null references rooms (id),
  -- 0 is the room's own timeline, else the id of a thread's first message.
  thread_id bigint not null default 0,
  -- Null on system lines.
  seq bigint,
  version bigint not null,
  user_id bigint not null references users (id),
  kind text not null default 'user' check (kind in ('user', 'system')),
  content text not null,
  client_message_id uuid,
  reply_to bigint,
  edited_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null,
  unique (room_id, thread_id, seq),
  -- The room stands in front: with the user first, batches of two rooms could deadlock on one user's keys.
  unique (room_id, user_id, client_message_id)
);
create index messages_timeline on messages (room_id, thread_id, id);
create index messages_version on messages (room_id, version);

-- A right that was taken away: carried out on the real-time layer after commit, and again until every token that is
-- older has expired.
create table revocations (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id),
  channel text,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index revocations_expiry on revocations (expires_at);
