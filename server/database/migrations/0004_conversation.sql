-- What a conversation is made of beside its messages.

alter table messages
  -- What a system line tells (contracts/messages).
  add column system jsonb,
  -- Where a forwarded message was first said.
  add column forwarded jsonb;

-- What a message said before it was edited, and since when.
create table message_edits (
  id bigint generated always as identity primary key,
  message_id bigint not null references messages (id),
  content text not null,
  created_at timestamptz not null
);
create index message_edits_message on message_edits (message_id, id);

-- Who reacted, in the order of ids.
create table reactions (
  id bigint generated always as identity primary key,
  message_id bigint not null references messages (id),
  emoji text not null,
  user_id bigint not null references users (id),
  created_at timestamptz not null default clock_timestamp(),
  unique (message_id, emoji, user_id)
);
create index reactions_order on reactions (message_id, emoji, id) include (user_id);

-- One row per message and emoji that anybody ever reacted with, at the room's version of its last change. The message's
-- own row is not touched by any of this.
create table reaction_rows (
  message_id bigint not null references messages (id),
  emoji text not null,
  room_id bigint not null references rooms (id),
  version bigint not null,
  -- 0: nobody does any more.
  count integer not null,
  primary key (message_id, emoji)
) with (fillfactor = 80);
create index reaction_rows_version on reaction_rows (room_id, version);

create table pins (
  message_id bigint primary key references messages (id),
  room_id bigint not null references rooms (id),
  user_id bigint not null references users (id),
  pinned_at timestamptz not null,
  unpinned_at timestamptz,
  version bigint not null
);
create index pins_version on pins (room_id, version);
create index pins_current on pins (room_id) where unpinned_at is null;

-- Sends a batch of messages to one room, in order: one row out per row in. What 0002 says of it still holds; these came
-- along: answers to messages of the same room, forwarded messages, and rooms that nobody may write in.
--
-- status: 'new' · 'repeat' (same key, same text or origin; or changed since) · 'key_reused' (same key, other text) ·
-- 'no_member' · 'room_archived' · 'no_such_message' (what it answers is not in the room, or was deleted)
drop function send_messages(bigint, bigint[], uuid[], text[]);
create function send_messages(
  p_room bigint, p_users bigint[], p_keys uuid[], p_contents text[],
  p_reply_tos bigint[] default null, p_forwarded text[] default null
)
returns table (
  status text,
  id bigint, seq bigint, version bigint, user_id bigint, kind text, content text, client_message_id uuid,
  reply_to bigint, forwarded jsonb,
  edited_at timestamptz, deleted_at timestamptz, created_at timestamptz,
  room_kind text, room_name text, room_topic text, room_delivery text, room_created_at timestamptz,
  room_archived_at timestamptz, room_member_count integer, room_members_version bigint
)
language plpgsql as $$
#variable_conflict use_column
declare
  r rooms%rowtype;
  m messages%rowtype;
  origin jsonb;
  outcome text;
  added integer := 0;
begin
  select * into r from rooms where rooms.id = p_room for no key update;
  for i in 1 .. cardinality(p_users) loop
    m := null;
    origin := p_forwarded[i]::jsonb;
    if r.id is null or not exists (
      select 1 from memberships where room_id = p_room and user_id = p_users[i] and left_at is null
    ) then
      outcome := 'no_member';
    else
      if p_keys[i] is not null then
        select * into m from messages
        where room_id = p_room and user_id = p_users[i] and client_message_id = p_keys[i];
      end if;
      if m.id is not null then
        outcome := case
          when m.content = p_contents[i] or m.edited_at is not null or m.deleted_at is not null
            or m.forwarded ->> 'message_id' = origin ->> 'message_id' then 'repeat'
          else 'key_reused'
        end;
      elsif r.archived_at is not null then
        outcome := 'room_archived';
      elsif p_reply_tos[i] is not null and not exists (
        select 1 from messages
        where messages.id = p_reply_tos[i] and room_id = p_room and kind = 'user' and deleted_at is null
      ) then
        outcome := 'no_such_message';
      else
        outcome := 'new';
        added := added + 1;
        insert into messages (
          room_id, seq, version, user_id, content, client_message_id, reply_to, forwarded, created_at
        )
        values (
          p_room, r.last_seq + added, r.version + added, p_users[i], p_contents[i], p_keys[i], p_reply_tos[i], origin,
          greatest(clock_timestamp(), r.bumped_at + interval '1 microsecond')
        )
        returning * into m;
        r.bumped_at := m.created_at;
        r.last_message_id := m.id;
        update memberships set read_seq = m.seq, read_at_version = m.version
        where room_id = p_room and user_id = p_users[i];
      end if;
    end if;
    status := outcome;
    id := m.id; seq := m.seq; version := m.version; user_id := p_users[i]; kind := m.kind; content := m.content;
    client_message_id := m.client_message_id; reply_to := m.reply_to; forwarded := m.forwarded;
    edited_at := m.edited_at; deleted_at := m.deleted_at; created_at := m.created_at;
    room_kind := r.kind; room_name := r.name; room_topic := r.topic; room_delivery := r.delivery;
    room_created_at := r.created_at; room_archived_at := r.archived_at; room_member_count := r.member_count;
    room_members_version := r.members_version;
    return next;
  end loop;
  if added > 0 then
    update rooms set
      version = r.version + added, last_seq = r.last_seq + added,
      last_message_id = r.last_message_id, bumped_at = r.bumped_at
    where rooms.id = p_room;
  end if;
end
$$;

-- Adds (p_on) or takes back a batch of reactions in a room that is locked by the caller, in order: one row out per row in.
-- Rows that change bear p_version; the caller raises the room to it if there are any.
--
-- status: 'changed' · 'unchanged' · 'no_member' · 'room_archived' · 'no_such_message' · 'too_many'
create function set_reactions(
  p_room bigint, p_version bigint, p_archived boolean,
  p_users bigint[], p_messages bigint[], p_emoji text[], p_on boolean[], p_max integer, p_max_ever integer
)
returns table (status text)
language plpgsql as $$
begin
  for i in 1 .. cardinality(p_users) loop
    if not exists (
      select 1 from memberships m where m.room_id = p_room and m.user_id = p_users[i] and m.left_at is null
    ) then
      status := 'no_member';
    elsif p_archived then
      status := 'room_archived';
    elsif not exists (
      select 1 from messages m
      where m.id = p_messages[i] and m.room_id = p_room and m.kind = 'user' and m.deleted_at is null
    ) then
      status := 'no_such_message';
    elsif not p_on[i] then
      delete from reactions r
      where r.message_id = p_messages[i] and r.emoji = p_emoji[i] and r.user_id = p_users[i];
      status := case when found then 'changed' else 'unchanged' end;
    elsif exists (
      select 1 from reactions r
      where r.message_id = p_messages[i] and r.emoji = p_emoji[i] and r.user_id = p_users[i]
    ) then
      status := 'unchanged';
    -- An emoji that the message has may always be joined.
    elsif (
      select not coalesce(bool_or(r.emoji = p_emoji[i] and r.count > 0), false)
        and (
          count(*) filter (where r.count > 0) >= p_max
          or count(*) >= p_max_ever and not coalesce(bool_or(r.emoji = p_emoji[i]), false)
        )
      from reaction_rows r where r.message_id = p_messages[i]
    ) then
      status := 'too_many';
    else
      insert into reactions (message_id, emoji, user_id) values (p_messages[i], p_emoji[i], p_users[i]);
      status := 'changed';
    end if;
    if status = 'changed' then
      insert into reaction_rows (message_id, emoji, room_id, version, count)
      values (p_messages[i], p_emoji[i], p_room, p_version, 1)
      on conflict (message_id, emoji) do update set
        version = p_version, count = reaction_rows.count + case when p_on[i] then 1 else -1 end;
    end if;
    return next;
  end loop;
end
$$;
