import type { HistoryPage, Message } from '@grandchat/contracts/messages/schema'
import type { Database } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import type { PageRange } from '../http/paging.ts'
import { accessRoom } from '../rooms/access.ts'
import { presentMessage, selectMessages } from './present.ts'

type Cursor = { before?: number | undefined; after?: number | undefined; limit: number }

const roomTimeline = 0

/** A run of the room's timeline, newest first, and the version of the snapshot that it was read from. */
export function readHistory(db: Database, userId: number, roomId: number, cursor: Cursor): Promise<HistoryPage> {
  const { before, after, limit } = cursor
  return inSnapshot(db, async (tx) => {
    const room = await accessRoom(tx, userId, roomId)
    let query = selectMessages(tx, roomId)
      .where('messages.thread_id', '=', roomTimeline)
      .orderBy('messages.id', after === undefined ? 'desc' : 'asc')
      .limit(limit + 1)
    if (before !== undefined) query = query.where('messages.id', '<', before)
    if (after !== undefined) query = query.where('messages.id', '>', after)
    const rows = await query.execute()
    const run = rows.slice(0, limit)
    if (after !== undefined) run.reverse()
    const { id, version, bumped_at } = room
    return {
      results: run.map((row) => ({ ...presentMessage(row), room: { id, version, bumped_at } })),
      version,
      more: rows.length > limit,
      reactions: [],
      pins: [],
      threads: [],
    }
  })
}

/** The seed's pages: newest first, by number. */
export function listHistory(
  db: Database,
  userId: number,
  roomId: number,
  { limit, offset }: PageRange,
): Promise<{ count: number; messages: Message[] }> {
  return inSnapshot(db, async (tx) => {
    const { id, version, bumped_at } = await accessRoom(tx, userId, roomId)
    const { count } = await tx
      .selectFrom('messages')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('room_id', '=', roomId)
      .where('thread_id', '=', roomTimeline)
      .executeTakeFirstOrThrow()
    const rows = await selectMessages(tx, roomId)
      .where('messages.thread_id', '=', roomTimeline)
      .orderBy('messages.id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute()
    return { count, messages: rows.map((row) => ({ ...presentMessage(row), room: { id, version, bumped_at } })) }
  })
}
