-- What real-time delivery through Centrifugo needs (docs/adr/0008-outbox-and-cdc.md). Where the sockets are ours, the
-- tables of this file stay empty.

-- Centrifugo's PostgreSQL consumer reads a partition in the order of ids, and deletes what it has dispatched.
create table chat_outbox (
  id bigint generated always as identity primary key,
  method text not null,
  payload jsonb not null,
  partition integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  -- Ours: while rows of a room wait, its next ones follow into their partition, so that its order survives a change of
  -- the number of partitions.
  room_id bigint
) with (
  -- Rows live for milliseconds: dead ones are cleared away by number, not by share of what is left.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 2000
);
create index chat_outbox_partition on chat_outbox (partition, id);
create index chat_outbox_room on chat_outbox (room_id, id) where room_id is not null;

-- Rows that were taken out because the ones behind them waited for nothing.
create table chat_outbox_quarantine (
  id bigint primary key,
  method text not null,
  payload jsonb not null,
  partition integer not null,
  created_at timestamptz not null,
  quarantined_at timestamptz not null default clock_timestamp(),
  reason text not null
);

-- Debezium reads the inserts from the write-ahead log; the rows themselves are read by nobody.
create table chat_cdc (
  id bigint generated always as identity primary key,
  method text not null,
  payload jsonb not null,
  partition integer not null default 0,
  created_at timestamptz not null default clock_timestamp()
);

-- Only CDC needs it: a database role that may not make one must still be able to start.
do $$
begin
  create publication grandchat_cdc for table chat_cdc with (publish = 'insert');
exception when insufficient_privilege then
  raise warning 'publication grandchat_cdc was not made: the role may not create in this database';
end
$$;

-- Revocations become jobs: carried out when due, by any backend, until Centrifugo has said yes; and once more when no
-- older token can be presented any longer. Null: nothing is left to do.
alter table revocations
  add column due_at timestamptz default clock_timestamp(),
  add column is_repeat boolean not null default false,
  add column failures integer not null default 0;
create index revocations_due on revocations (due_at) where due_at is not null;
