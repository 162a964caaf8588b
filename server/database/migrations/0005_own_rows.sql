-- People's private state beside their memberships: drafts, what they saved, what is to be sent later, how their list is
-- arranged, settings. What each kind holds: contracts/own-rows/kinds.ts.
create table own_rows (
  user_id bigint not null references users (id),
  kind text not null,
  key text not null,
  -- Null once it was taken away.
  value jsonb,
  -- The user's version at which it last changed.
  own_version bigint not null,
  -- When the server is to act on it.
  due_at timestamptz,
  primary key (user_id, kind, key)
) with (fillfactor = 80);
create index own_rows_version on own_rows (user_id, own_version);
create index own_rows_due on own_rows (due_at) where due_at is not null;

-- The oldest version since which all traces of rows that were taken away are still here.
alter table users add column own_rows_floor bigint not null default 0;
