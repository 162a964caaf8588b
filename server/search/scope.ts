import { sql } from 'kysely'
import { fold } from '@grandchat/contracts/search/fold'
import type { SearchQuery } from '@grandchat/contracts/search/query'
import { foldUsername } from '@grandchat/contracts/users/username'
import type { Database } from '../database/database.ts'

/** A search with its names looked up. `roomIds`: where to look, all of them rooms that the searcher is in now. */
export type Scope = {
  roomIds: number[]
  /** Null: anybody's. */
  authorIds: number[] | null
  from: string
  to: string
}

/** Names that are nobody's find nothing, as do those of rooms that the searcher is not in. */
export async function resolveScope(
  db: Database,
  userId: number,
  { from, in: rooms, before, after }: SearchQuery,
): Promise<Scope> {
  return {
    roomIds: await findRooms(db, userId, rooms),
    authorIds: from.length > 0 ? await findAuthors(db, userId, from) : null,
    from: after ? `${after}T00:00:00Z` : '-infinity',
    to: before ? `${before}T00:00:00Z` : 'infinity',
  }
}

/** Rooms whose whole name it is; without one, those whose names begin so. */
async function findRooms(db: Database, userId: number, names: readonly string[]): Promise<number[]> {
  const memberships = db.selectFrom('memberships').where('user_id', '=', userId).where('left_at', 'is', null)
  if (names.length === 0) {
    // Thousands of ids are read faster from one value than from as many rows.
    const all = sql<number[]>`coalesce(json_agg(room_id), '[]')`.as('ids')
    return (await memberships.select(all).executeTakeFirstOrThrow()).ids
  }
  const rows = await memberships
    .innerJoin('rooms', 'rooms.id', 'memberships.room_id')
    .select(['rooms.id', 'rooms.name'])
    .execute()
  const folded = rows.map(({ id, name }) => ({ id, name: fold(name) }))
  const named = names.map(fold).flatMap((name) => {
    const same = folded.filter((room) => room.name === name || String(room.id) === name)
    return same.length > 0 ? same : folded.filter((room) => room.name.startsWith(name))
  })
  return [...new Set(named.map(({ id }) => id))]
}

async function findAuthors(db: Database, userId: number, names: readonly string[]): Promise<number[]> {
  const others = names.map(foldUsername).filter((name) => name !== 'me')
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('username_folded', '=', sql<string>`any (${others})`),
        eb(sql`lower(display_name)`, '=', sql<string>`any (${others})`),
      ]),
    )
    .execute()
  return [...rows.map(({ id }) => id), ...(names.length > others.length ? [userId] : [])]
}
