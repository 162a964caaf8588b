import type { HistoryPage, HistoryQuery, Message } from '@grandchat/contracts/messages/schema'
import { limits } from '@grandchat/contracts/limits'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { RoomPosition } from '@grandchat/contracts/rooms/schema'
import type { z } from 'zod'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { notFound } from '../errors.ts'
import type { PageRange } from '../http/paging.ts'
import { presentMember, selectMembers } from '../memberships/present.ts'
import { accessRoom } from '../rooms/access.ts'
import { readAttached } from './attached.ts'
import { presentMessage, selectMessages } from './present.ts'

/** `ids` are messages of any timeline; everything else is a run of the room's own, or of a thread. */
export type Cursor = { limit: number; threadId?: number } & (
  | { before?: number }
  | { after: number }
  | { around: number }
  | { ids: readonly number[] }
)

/** What a query asks for by ids; undefined for one that asks by page. */
export function cursorOf(query: z.output<typeof HistoryQuery>): Cursor | undefined {
  const { before, after, around, ids, thread, limit = limits.page } = query
  const run = { limit, ...(thread !== undefined && { threadId: thread }) }
  if (ids !== undefined) return { ids, limit }
  if (around !== undefined) return { around, ...run }
  if (after !== undefined) return { after, ...run }
  if (before !== undefined) return { before, ...run }
  return query.limit === undefined && thread === undefined ? undefined : run
}

const roomTimeline = 0

type TimelineOf = { roomId: number; threadId: number }
type Position = z.infer<typeof RoomPosition>
type Rows = Awaited<ReturnType<ReturnType<typeof selectMessages>['execute']>>
type Ends = Pick<HistoryPage, 'more' | 'more_after'>

/** A page of history, newest first, and the version of the snapshot that it was read from. */
export function readHistory(db: Database, userId: number, roomId: number, cursor: Cursor): Promise<HistoryPage> {
  return inSnapshot(db, async (tx) => {
    const room = await accessRoom(tx, userId, roomId)
    const { rows, ...ends } = await readRows(tx, roomId, cursor)
    const page = await presentPage(tx, room, rows, ends)
    const tellsMembers = isBeginning(cursor) && room.member_count <= limits.receiptMembers
    return tellsMembers ? { ...page, members: await readMembers(tx, roomId) } : page
  })
}

/** May a client's run of the room's own messages begin with it? Others are put in front of one, or behind. */
function isBeginning(cursor: Cursor): boolean {
  if ('ids' in cursor || 'after' in cursor) return false
  return cursor.threadId === undefined && ('around' in cursor || cursor.before === undefined)
}

async function readMembers(tx: OpenTransaction, roomId: number): Promise<Member[]> {
  const rows = await selectMembers(tx, roomId).where('memberships.left_at', 'is', null).execute()
  return rows.map(presentMember)
}

/** The caller has been let into the room. */
export async function presentPage(
  tx: OpenTransaction,
  { id, version, bumped_at }: Position,
  rows: Rows,
  ends: Ends,
): Promise<HistoryPage> {
  const ids = rows.map((row) => row.id)
  return {
    results: rows.map((row) => ({ ...presentMessage(row), room: { id, version, bumped_at } })),
    version,
    ...ends,
    ...(await readAttached(tx, id, ids)),
  }
}

async function readRows(tx: OpenTransaction, roomId: number, cursor: Cursor): Promise<Ends & { rows: Rows }> {
  const { limit, threadId = roomTimeline } = cursor
  const timeline = { roomId, threadId }
  if ('ids' in cursor) {
    const query = selectMessages(tx, roomId).where('messages.id', 'in', cursor.ids)
    return { rows: await query.orderBy('messages.id', 'desc').execute(), more: false }
  }
  if ('around' in cursor) return readAround(tx, timeline, cursor.around, limit)
  if ('after' in cursor) {
    const { rows, more } = await readNewer(tx, timeline, cursor.after, limit)
    return { rows, more, more_after: more }
  }
  return readOlder(tx, timeline, cursor.before, limit)
}

/** The message itself, and as many on either side; one that is not in the timeline has nothing around it. */
async function readAround(tx: OpenTransaction, timeline: TimelineOf, id: number, limit: number) {
  const [middle] = await selectTimeline(tx, timeline)
    .where('messages.id', '=', id)
    .where('messages.deleted_at', 'is', null)
    .execute()
  if (!middle) throw notFound()
  const older = await readOlder(tx, timeline, id, Math.floor((limit - 1) / 2))
  const newer = await readNewer(tx, timeline, id, Math.ceil((limit - 1) / 2))
  return { rows: [...newer.rows, middle, ...older.rows], more: older.more, more_after: newer.more }
}

async function readOlder(tx: OpenTransaction, timeline: TimelineOf, before: number | undefined, limit: number) {
  let query = selectTimeline(tx, timeline).orderBy('messages.id', 'desc')
  if (before !== undefined) query = query.where('messages.id', '<', before)
  const rows = await query.limit(limit + 1).execute()
  return { rows: rows.slice(0, limit), more: rows.length > limit }
}

async function readNewer(tx: OpenTransaction, timeline: TimelineOf, after: number, limit: number) {
  const query = selectTimeline(tx, timeline).where('messages.id', '>', after).orderBy('messages.id', 'asc')
  const rows = await query.limit(limit + 1).execute()
  return { rows: rows.slice(0, limit).reverse(), more: rows.length > limit }
}

function selectTimeline(tx: OpenTransaction, { roomId, threadId }: TimelineOf) {
  return selectMessages(tx, roomId).where('messages.thread_id', '=', threadId)
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
    const rows = await selectTimeline(tx, { roomId, threadId: roomTimeline })
      .orderBy('messages.id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute()
    return { count, messages: rows.map((row) => ({ ...presentMessage(row), room: { id, version, bumped_at } })) }
  })
}
