import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Mentions } from '@grandchat/contracts/mentions/schema'
import type { Feature } from '@grandchat/contracts/search/query'
import type { OpenTransaction } from '../database/database.ts'
import type { Tables } from '../database/schema.ts'
import { mentions } from '../messages/present.ts'

export type FoundRow = Selectable<Tables['messages']> & {
  username: string
  display_name: string | null
  avatar: string | null
  mentions: Mentions
  room_version: number
  room_bumped_at: string
  has_reaction: boolean
  has_pin: boolean
  has_thread: boolean
}

/** Beyond so many that no pack knows yet, the oldest of them are left out for now. */
const unpackedMost = 2_000

const hangsOn = {
  reaction: sql<boolean>`exists (select from reaction_rows where message_id = messages.id and count > 0)`,
  pin: sql<boolean>`exists (select from pins where message_id = messages.id and unpinned_at is null)`,
  thread: sql<boolean>`exists (select from messages as answer where answer.room_id = messages.room_id
    and answer.thread_id = messages.id)`,
}

/** Messages of these rooms with what a search asks about them: what hangs on them only where it does. */
function selectFound(tx: OpenTransaction, roomIds: readonly number[], has: readonly Feature[]) {
  const asked = (feature: keyof typeof hangsOn) => (has.includes(feature) ? hangsOn[feature] : sql<boolean>`false`)
  return tx
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.user_id')
    .innerJoin('rooms', 'rooms.id', 'messages.room_id')
    .where('messages.room_id', '=', sql<number>`any (${roomIds}::bigint[])`)
    .selectAll('messages')
    .select([
      'users.username',
      'users.display_name',
      'users.avatar',
      'rooms.version as room_version',
      'rooms.bumped_at as room_bumped_at',
      mentions.as('mentions'),
      asked('reaction').as('has_reaction'),
      asked('pin').as('has_pin'),
      asked('thread').as('has_thread'),
    ])
}

/** The room is asked for again: an id from elsewhere is no key to what it names. */
export async function readFound(
  tx: OpenTransaction,
  roomIds: readonly number[],
  ids: readonly number[],
  has: readonly Feature[] = [],
): Promise<FoundRow[]> {
  if (ids.length === 0) return []
  return selectFound(tx, roomIds, has)
    .where('messages.id', '=', sql<number>`any (${ids}::bigint[])`)
    .execute()
}

/** Everything of these rooms that was written or changed since they were packed. */
export async function readUnpacked(
  tx: OpenTransaction,
  roomIds: readonly number[],
  has: readonly Feature[] = [],
): Promise<{ rows: FoundRow[]; isCut: boolean }> {
  const { rows: changed } = await sql<{ id: number }>`
    select m.id
    from (
      select r.id, coalesce(s.version, 0) as packed
      from rooms r left join search_rooms s on s.room_id = r.id
      where r.id = any (${roomIds}::bigint[]) and r.version > coalesce(s.version, 0)
    ) room
    cross join lateral (
      select id from messages where room_id = room.id and version > room.packed
      order by version desc limit ${unpackedMost}
    ) m
    order by m.id desc limit ${unpackedMost}`.execute(tx)
  const ids = changed.map(({ id }) => id)
  return { rows: await readFound(tx, roomIds, ids, has), isCut: ids.length === unpackedMost }
}
