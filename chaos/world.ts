import { createHash } from 'node:crypto'
import { addRoom as insertRoom } from '../bench/world.ts'
import type { Happening } from './history.ts'
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
}
type MessageRow = {
  id: string
  room_id: string
  seq: string | null
  version: string
  user_id: string
  client_message_id: string | null
  content: string
}

/** The last word of the database on these rooms. */
export async function readDatabase(db: Database, rooms: readonly number[]): Promise<Happening[]> {
  const found = await db.query<RoomRow>(
    `select id, delivery, version, last_seq, member_count,
       to_char(bumped_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') as bumped_at
     from rooms where id = any ($1::bigint[])`,
    [rooms],
  )
  const messages = await db.query<MessageRow>(
    `select id, room_id, seq, version, user_id, client_message_id, content from messages
     where room_id = any ($1::bigint[]) order by id`,
    [rooms],
  )
  const memberships = await db.query<{ room_id: string; user_id: string; is_member: boolean; read_seq: string }>(
    `select room_id, user_id, left_at is null as is_member, read_seq from memberships where room_id = any ($1::bigint[])`,
    [rooms],
  )
  const byRoom = Map.groupBy(messages, ({ room_id }) => room_id)
  return [
    ...found.map(({ id, delivery, version, last_seq, member_count, bumped_at }): Happening => ({
      f: 'room',
      room: Number(id),
      isLarge: delivery === 'room',
      version: Number(version),
      lastSeq: Number(last_seq),
      memberCount: member_count,
      bumpedAt: bumped_at,
      rows: (byRoom.get(id) ?? []).map(toRow),
    })),
    ...memberships.map(({ room_id, user_id, is_member, read_seq }): Happening => ({
      f: 'membership',
      room: Number(room_id),
      user: Number(user_id),
      isMember: is_member,
      readSeq: Number(read_seq),
    })),
  ]
}

function toRow({ id, seq, version, user_id, client_message_id, content }: MessageRow) {
  return {
    id: Number(id),
    seq: seq === null ? null : Number(seq),
    version: Number(version),
    user: Number(user_id),
    key: client_message_id,
    text: content,
  }
}
