-- Whom messages mention: rows of their own, so that no count is ever kept. A badge is counted where it is read, from
-- where its reader is (contracts/mentions).
create table mentions (
  message_id bigint not null references messages (id),
  room_id bigint not null references rooms (id),
  -- As in messages: a badge is counted without looking at them.
  thread_id bigint not null,
  seq bigint not null,
  -- Null: every member.
  user_id bigint references users (id),
  -- Nobody is mentioned by themselves.
  author_id bigint not null,
  unique nulls not distinct (message_id, user_id)
);
create index mentions_of_user on mentions (user_id, room_id, thread_id, seq) where user_id is not null;
create index mentions_of_all on mentions (room_id, thread_id, seq) where user_id is null;
-- One person's over all rooms, the newest first.
create index mentions_newest on mentions (user_id, message_id);

-- As the message's row tells it: {"users": [...], "all": ...}; null if it mentions nobody.
create function mentions_of(p_message bigint) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'users', coalesce(jsonb_agg(user_id order by user_id) filter (where user_id is not null), '[]'),
    'all', bool_or(user_id is null)
  )
  from mentions where message_id = p_message
  having count(*) > 0
$$;

-- Keeps whom a message mentions, by what its text says: {"names": [folded, ...], "all": ...}. Names of people who are no
-- members now, and of nobody, are left out. All of a room are called by whoever runs it, and in small rooms by everybody;
-- never from a thread, whose followers hear of it anyway. The caller holds the room's lock.
create function add_mentions(p_message bigint, p_said jsonb) returns void language sql as $$
  insert into mentions (message_id, room_id, thread_id, seq, user_id, author_id)
  select m.id, m.room_id, m.thread_id, m.seq, called.user_id, m.user_id
  from messages m
  join rooms r on r.id = m.room_id
  join memberships author on author.room_id = m.room_id and author.user_id = m.user_id
  cross join lateral (
    select u.id as user_id
    from users u join memberships s on s.user_id = u.id and s.room_id = m.room_id and s.left_at is null
    where u.username_folded = any (array(select jsonb_array_elements_text(p_said -> 'names'))) and u.id <> m.user_id
    union all
    select null
    where (p_said ->> 'all')::boolean and m.thread_id = 0
      and (author.role <> 'member' or (r.posting = 'all' and r.member_count <= (p_said ->> 'all_members')::integer))
  ) as called
  where m.id = p_message
$$;

-- What 0002, 0004 and 0006 say of it still holds. New: whom a message mentions is kept with it, and comes back. A message
-- that mentions nobody (null in p_mentions, or no p_mentions at all) costs nothing more.
drop function send_messages(bigint, bigint[], uuid[], text[], bigint[], text[]);
create function send_messages(
  p_room bigint, p_users bigint[], p_keys uuid[], p_contents text[],
  p_reply_tos bigint[] default null, p_forwarded text[] default null, p_mentions text[] default null
)
returns table (
  status text,
  id bigint, seq bigint, version bigint, user_id bigint, kind text, content text, client_message_id uuid,
  reply_to bigint, forwarded jsonb,
  edited_at timestamptz, deleted_at timestamptz, created_at timestamptz,
  room_kind text, room_name text, room_topic text, room_posting text, room_delivery text, room_created_at timestamptz,
  room_archived_at timestamptz, room_member_count integer, room_members_version bigint,
  mentions jsonb
)
language plpgsql as $$
#variable_conflict use_column
declare
  r rooms%rowtype;
  m messages%rowtype;
  origin jsonb;
  author_role text;
  outcome text;
  added integer := 0;
begin
  select * into r from rooms where rooms.id = p_room for no key update;
  for i in 1 .. cardinality(p_users) loop
    m := null;
    origin := p_forwarded[i]::jsonb;
    author_role := (
      select role from memberships where room_id = p_room and user_id = p_users[i] and left_at is null
    );
    if author_role is null then
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
      elsif r.posting = 'admins' and author_role = 'member' then
        outcome := 'not_allowed';
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
        if p_mentions[i] is not null then
          perform add_mentions(m.id, p_mentions[i]::jsonb);
        end if;
      end if;
    end if;
    status := outcome;
    mentions := null;
    if outcome = 'repeat' or p_mentions[i] is not null then
      mentions := mentions_of(m.id);
    end if;
    id := m.id; seq := m.seq; version := m.version; user_id := p_users[i]; kind := m.kind; content := m.content;
    client_message_id := m.client_message_id; reply_to := m.reply_to; forwarded := m.forwarded;
    edited_at := m.edited_at; deleted_at := m.deleted_at; created_at := m.created_at;
    room_kind := r.kind; room_name := r.name; room_topic := r.topic; room_posting := r.posting;
    room_delivery := r.delivery; room_created_at := r.created_at; room_archived_at := r.archived_at;
    room_member_count := r.member_count; room_members_version := r.members_version;
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
