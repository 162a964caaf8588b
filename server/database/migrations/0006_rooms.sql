-- Announcement rooms and direct rooms.

alter table rooms
  add column posting text not null default 'all' check (posting in ('all', 'admins')),
  -- The ids of a direct room's people, ascending, with commas: of the same people there is one room.
  add column direct_key text unique check ((direct_key is not null) = (kind = 'direct'));

-- What 0002 and 0004 say of it still holds. New: 'not_allowed', where only those who run the room may write and the
-- author does not; and the room's `posting` among what comes back.
drop function send_messages(bigint, bigint[], uuid[], text[], bigint[], text[]);
create function send_messages(
  p_room bigint, p_users bigint[], p_keys uuid[], p_contents text[],
  p_reply_tos bigint[] default null, p_forwarded text[] default null
)
returns table (
  status text,
  id bigint, seq bigint, version bigint, user_id bigint, kind text, content text, client_message_id uuid,
  reply_to bigint, forwarded jsonb,
  edited_at timestamptz, deleted_at timestamptz, created_at timestamptz,
  room_kind text, room_name text, room_topic text, room_posting text, room_delivery text, room_created_at timestamptz,
  room_archived_at timestamptz, room_member_count integer, room_members_version bigint
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
      end if;
    end if;
    status := outcome;
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
