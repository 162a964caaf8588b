import { sql } from 'kysely'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { OpenTransaction } from '../database/database.ts'
import { selectFollowed } from './list.ts'

/** More than these nobody follows; of the rest a client hears when they go on. */
const maxThreads = 1_000

/**
 * Followed threads that changed in these rooms since the versions that a client knows of them, and those that it did not
 * know to be followed.
 */
export async function readChangedThreads(
  tx: OpenTransaction,
  userId: number,
  userVersion: number,
  rooms: readonly { id: number; since: number }[],
): Promise<ThreadRow[]> {
  const ids = rooms.map(({ id }) => id)
  const since = rooms.map((room) => room.since)
  return selectFollowed(tx, userId)
    .where(
      sql<boolean>`(
        own.own_version > ${userVersion} or exists (
          select from unnest(${ids}::bigint[], ${since}::bigint[]) as room (id, since)
          where room.id = threads.room_id and threads.version > room.since
        )
      )`,
    )
    .orderBy('threads.last_message_at', 'desc')
    .limit(maxThreads)
    .execute()
}
