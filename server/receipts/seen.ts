import { type SqlBool, sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { SeenBy } from '@grandchat/contracts/receipts/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { notFound } from '../errors.ts'
import { accessMessage } from '../messages/access.ts'
import { accessRoom } from '../rooms/access.ts'
import { tellsReading } from './private.ts'

/**
 * Who has seen a message of the room's own timeline, as far as they have ever read. Who joined later began at the end, so
 * where they are says nothing about it: they are not counted. In threads nobody's position is known but of those who follow.
 */
export function listSeen(db: Database, userId: number, roomId: number, messageId: number): Promise<SeenBy> {
  return inSnapshot(db, async (tx) => {
    await accessRoom(tx, userId, roomId)
    const { seq, ...message } = await accessMessage(tx, roomId, messageId)
    if (message.thread_id !== 0 || seq === null) throw notFound()
    const counts = await countSeen(tx, roomId, { ...message, seq })
    const users = await selectAudience(tx, roomId, message)
      .innerJoin('users', 'users.id', 'm.user_id')
      .where(hasSeen(seq))
      .select(['users.id', 'users.username', 'users.display_name', 'users.avatar'])
      .orderBy('m.joined_at')
      .orderBy('m.user_id')
      .limit(limits.seenUsers)
      .execute()
    return { ...counts, users: users satisfies User[], more: counts.count > users.length }
  })
}

type Sent = { user_id: number; created_at: string }

/** Members who were there when it was sent, but for its author. */
function selectAudience(tx: OpenTransaction, roomId: number, { user_id, created_at }: Sent) {
  return tx
    .selectFrom('memberships as m')
    .where('m.room_id', '=', roomId)
    .where('m.left_at', 'is', null)
    .where('m.user_id', '<>', user_id)
    .where('m.joined_at', '<=', created_at)
}

/** What was told stays so. */
const hasSeen = (seq: number) =>
  sql<SqlBool>`(m.seen_seq >= ${seq} or (greatest(m.read_seq, m.furthest_seq) >= ${seq} and ${tellsReading}))`

function countSeen(tx: OpenTransaction, roomId: number, message: Sent & { seq: number }) {
  return selectAudience(tx, roomId, message)
    .select((eb) => [
      eb.fn.countAll<number>().as('member_count'),
      eb.fn.countAll<number>().filterWhere(hasSeen(message.seq)).as('count'),
    ])
    .executeTakeFirstOrThrow()
}
