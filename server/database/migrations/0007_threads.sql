-- Threads: what their rooms see of them. Where somebody is in a thread is a row of their own (own_rows, kind 'thread').
create table threads (
  -- The message that the thread hangs from.
  id bigint primary key references messages (id),
  room_id bigint not null references rooms (id),
  -- The room's version at which this row last changed.
  version bigint not null,
  -- Numbers the thread's messages without gaps.
  last_seq bigint not null,
  -- Of messages that were not deleted.
  message_count bigint not null,
  last_message_at timestamptz not null,
  -- Who wrote last, the newest first; three at most.
  user_ids bigint[] not null
) with (fillfactor = 80);
create index threads_version on threads (room_id, version);
