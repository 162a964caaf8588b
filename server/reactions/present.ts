import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { Database } from '../database/database.ts'

/** Rows of reactions in a room, whole; narrow them with `where`. */
export function selectReactionRows(db: Database, roomId: number) {
  return db
    .selectFrom('reaction_rows as row')
    .where('row.room_id', '=', roomId)
    .select([
      'row.message_id',
      'row.emoji',
      'row.count',
      sql<number[]>`to_json(array(
        select user_id from reactions
        where message_id = row.message_id and emoji = row.emoji
        order by id limit ${limits.reactionUsers}))`.as('user_ids'),
      'row.version',
    ])
}

/** All of one message; those that nobody holds any more are tombstones. */
export function readReactions(db: Database, roomId: number, messageIds: readonly number[]): Promise<ReactionRow[]> {
  if (messageIds.length === 0) return Promise.resolve([])
  return selectReactionRows(db, roomId)
    .where('row.message_id', 'in', messageIds)
    .orderBy('row.message_id')
    .orderBy('row.emoji')
    .execute()
}
