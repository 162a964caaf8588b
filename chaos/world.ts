import { createHash } from 'node:crypto'
import { addRoom as insertRoom } from '../bench/world.ts'
import { type Happening, type Row, stateOf } from './history.ts'
import { keptKinds, textOfOwn } from './own.ts'
import type { Place } from './place.ts'

/** Somebody with an account and a session of their own. */
export type Account = { id: number; name: string; cookie: string }

type Database = Pick<Place, 'query'>

/** Makes accounts with sessions, as signing up and in would leave them, without the cost of their passwords. */
export async function addAccounts(db: Database, names: readonly string[]): Promise<Account[]> {
  const rows = await db.query<{ id: string; username: string }>(
    `insert into users (username, username_folded) select n, n from unnest($1::text[]) n returning id, username`,
    [names],
  )
  const accounts = rows.map(({ id, username }) => ({ id: Number(id), name: username, cookie: '' }))
  for (const account of accounts) account.cookie = await addSession(db, account, 'first')
  return accounts
}

/** One more session of an account: another device. Returns its cookie. */
export async function addSession(db: Database, { id, name }: Pick<Account, 'id' | 'name'>, device: string) {
  const secret = `${name} ${device} secret`.replaceAll(' ', '-')
  const hash = createHash('sha256').update(secret).digest()
  await db.query('insert into sessions (secret_hash, user_id) values ($1, $2)', [hash, id])
  return `session=${secret}`
}

/** A room whose members have joined one after the other. */
export function addRoom(
  db: Database,
  name: string,
  members: readonly Account[],
  more?: Parameters<typeof insertRoom>[3],
): Promise<number> {
  const ids = members.map(({ id }) => id)
  return insertRoom((text, values) => db.query(text, values), name, ids, more)
}

type RoomRow = {
  id: string
  delivery: string
  version: string
  last_seq: string
  member_count: number
  bumped_at: string
  name: string
  topic: string
  posting: string
  is_archived: boolean
}
type MessageRow = {
  id: string
  room_id: string
  thread_id: string
  seq: string | null
  version: string
  user_id: string
  client_message_id: string | null
  content: string
  is_edited: boolean
  is_deleted: boolean
  at_ms: number
  mentions: Row['mentions'] | null
  pin: { is_on: boolean; version: number } | null
  thread: { seq: number; count: number } | null
  reactions: { emoji: string; users: number[] }[] | null
}
type MembershipRow = {
  room_id: string
  user_id: string
  is_member: boolean
  read_seq: string
  role: string
  username: string
  delivered_seq: string
  seen_seq: string
}
type States = Extract<Happening, { f: 'room' }>['states']

/** The last word of the database on these rooms, and on what these people keep for themselves. */
export async function readDatabase(
  db: Database,
  rooms: readonly number[],
  people: readonly number[] = [],
): Promise<Happening[]> {
  const found = await db.query<RoomRow>(
    `select id, delivery, version, last_seq, member_count, name, topic, posting, archived_at is not null as is_archived,
       to_char(bumped_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') as bumped_at
     from rooms where id = any ($1::bigint[])`,
    [rooms],
  )
  const messages = await readMessages(db, rooms)
  const memberships = await db.query<MembershipRow>(
    `select room_id, user_id, left_at is null as is_member, read_seq, memberships.role, username, delivered_seq, seen_seq
     from memberships join users on users.id = user_id where room_id = any ($1::bigint[])`,
    [rooms],
  )
  const byRoom = Map.groupBy(messages, ({ room_id }) => room_id)
  return [
    ...found.map((room): Happening => toRoom(room, byRoom.get(room.id) ?? [])),
    ...memberships.map(({ room_id, user_id, is_member, read_seq, role, username, ...mark }): Happening => ({
      f: 'membership',
      room: Number(room_id),
      user: Number(user_id),
      isMember: is_member,
      readSeq: Number(read_seq),
      role,
      name: username,
      mark: { delivered: Number(mark.delivered_seq), seen: Number(mark.seen_seq) },
    })),
    ...(await readOwnRows(db, people)),
  ]
}

function readMessages(db: Database, rooms: readonly number[]): Promise<MessageRow[]> {
  return db.query<MessageRow>(
    `select m.id, m.room_id, m.thread_id, m.seq, m.version, m.user_id, m.client_message_id, m.content,
       m.edited_at is not null as is_edited, m.deleted_at is not null as is_deleted,
       extract(epoch from m.created_at)::double precision * 1000 as at_ms, mentions_of(m.id) as mentions,
       (select json_build_object('is_on', p.unpinned_at is null, 'version', p.version) from pins p
        where p.message_id = m.id) as pin,
       (select json_build_object('seq', t.last_seq, 'count', t.message_count) from threads t where t.id = m.id) as thread,
       (select json_agg(json_build_object('emoji', r.emoji, 'users', r.users)) from (
          select emoji, array_agg(user_id) as users from reactions where message_id = m.id group by emoji
        ) r) as reactions
     from messages m where m.room_id = any ($1::bigint[]) order by m.id`,
    [rooms],
  )
}

async function readOwnRows(db: Database, people: readonly number[]): Promise<Happening[]> {
  type Own = { user_id: string; kind: string; key: string; value: unknown; own_version: string }
  const rows = await db.query<Own>(
    `select user_id, kind, key, value, own_version from own_rows
     where user_id = any ($1::bigint[]) and kind = any ($2::text[])
     union all
     select user_id, 'level', room_id::text, to_jsonb(level), own_version from memberships
     where user_id = any ($1::bigint[]) and left_at is null`,
    [people, keptKinds],
  )
  const byUser = Map.groupBy(rows, ({ user_id }) => Number(user_id))
  return people.map((user) => ({
    f: 'own rows',
    user,
    rows: Object.fromEntries(
      (byUser.get(user) ?? []).map(({ kind, key, value, own_version }) => [
        `${kind} ${key}`,
        { value: kind === 'level' ? String(value) : textOfOwn(kind, value), version: Number(own_version) },
      ]),
    ),
  }))
}

function toRoom(
  { id, delivery, version, last_seq, member_count, bumped_at, ...room }: RoomRow,
  messages: MessageRow[],
) {
  const { name, topic, posting, is_archived: isArchived } = room
  return {
    f: 'room',
    room: Number(id),
    isLarge: delivery === 'room',
    version: Number(version),
    lastSeq: Number(last_seq),
    memberCount: member_count,
    bumpedAt: bumped_at,
    rows: messages.map(toRow),
    about: { name, topic, posting, isArchived },
    states: Object.assign({}, ...messages.map(toStates)) as NonNullable<States>,
  } as const
}

function toRow({ id, thread_id, seq, version, user_id, client_message_id, content, ...row }: MessageRow): Row {
  return {
    id: Number(id),
    thread: Number(thread_id),
    seq: seq === null ? null : Number(seq),
    version: Number(version),
    user: Number(user_id),
    key: client_message_id,
    text: content,
    isDeleted: row.is_deleted,
    state: stateOf({
      isEdited: row.is_edited,
      isDeleted: row.is_deleted,
      reactions: row.reactions ?? [],
      isPinned: row.pin?.is_on ?? false,
      thread: row.thread ?? undefined,
    }),
    atMs: row.at_ms,
    mentions: row.mentions ?? { users: [], all: false },
  }
}

/** What was set of a message, each on its own. Who reacted has no version of their own. */
function toStates({ id, pin, reactions }: MessageRow): NonNullable<States> {
  const reacted = (reactions ?? []).flatMap(({ emoji, users }) =>
    users.map((user) => [`react ${id} ${emoji} ${user}`, { value: 'on' }] as const),
  )
  const pinned = pin ? [[`pin ${id}`, { value: pin.is_on ? 'on' : 'off', version: pin.version }] as const] : []
  return Object.fromEntries([...reacted, ...pinned])
}
