import { sql } from 'kysely'
import type { PresenceAnswer } from '@grandchat/contracts/presence/schema'
import type { Database } from '../database/database.ts'
import type { OnlineUsers } from './online.ts'

/** Who of these is online, as far as the caller may know: those who are in a room with them, and they themselves. */
export async function listOnline(
  db: Database,
  online: OnlineUsers,
  userId: number,
  wanted: readonly number[],
): Promise<PresenceAnswer> {
  const known = await listCompanions(db, userId, wanted)
  // Presence is a nicety: while nobody can tell, the answer says so, and nothing has failed.
  return { online: await online.among(known).catch(() => null), next_s: nextSeconds() }
}

/** About every half minute, spread so that clients do not come together. */
const nextSeconds = () => 25 + Math.floor(Math.random() * 10)

async function listCompanions(db: Database, userId: number, wanted: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select w.id from unnest(${[...wanted]}::bigint[]) as w (id)
    where w.id = ${userId} or exists (
      select 1 from memberships own join memberships theirs on theirs.room_id = own.room_id
      where own.user_id = ${userId} and own.left_at is null and theirs.user_id = w.id and theirs.left_at is null
    )`.execute(db)
  return rows.map(({ id }) => id)
}
