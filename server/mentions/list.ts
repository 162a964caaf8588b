import { sql } from 'kysely'
import type { MentionsPage } from '@grandchat/contracts/mentions/list'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { presentMessage, selectOfRooms } from '../messages/present.ts'

type Range = { before: number; limit: number }

/** What mentions somebody in rooms that are theirs, the newest first. */
export function listMentions(db: Database, userId: number, { before, limit }: Range): Promise<MentionsPage> {
  return inSnapshot(db, async (tx) => {
    const found = await findMentioning(tx, userId, { before, limit: limit + 1 })
    const ids = found.slice(0, limit)
    const rows = await selectOfRooms(tx)
      .where('messages.id', '=', sql<number>`any (${ids}::bigint[])`)
      .where('messages.deleted_at', 'is', null)
      .orderBy('messages.id', 'desc')
      .execute()
    return { results: rows.map(presentMessage), more: found.length > limit }
  })
}

/** Ids of messages. Each room is asked for its newest alone: the cost is that of the reader's rooms, not of what was said there. */
async function findMentioning(tx: OpenTransaction, userId: number, { before, limit }: Range): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from messages_mentioning(${userId}, ${before}, ${limit}) as id`.execute(tx)
  return rows.map(({ id }) => id)
}
