import type { FollowedThread } from '@grandchat/contracts/own-rows/kinds'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { notFound } from '../errors.ts'
import { lockUser } from '../own-rows/put.ts'
import { findOwnRow, ownRowsChanged, trimOwnRows, writeOwnRow } from '../own-rows/write.ts'
import type { Announcer } from '../realtime/announcer.ts'
import { accessRoom, isMember } from '../rooms/access.ts'
import { type Announcement, bumpUser } from '../rooms/change-room.ts'

type Written = {
  roomId: number
  threadId: number
  seq: number
  authorId: number
  beganBy: number
  /** Members all. */
  mentioned: readonly number[]
}

/**
 * After a message of a thread: its author follows and has read it; whom it mentions follow, too, and find it unread; who
 * began the thread follows unless they chose before.
 */
export async function follow(
  tx: OpenTransaction,
  { roomId, threadId, seq, authorId, beganBy, mentioned }: Written,
): Promise<Announcement<unknown>['own']> {
  const own: Announcement<unknown>['own'] = []
  for (const userId of [...new Set([authorId, beganBy, ...mentioned])].toSorted((a, b) => a - b)) {
    const isAuthor = userId === authorId
    const isMentioned = mentioned.includes(userId)
    if (!isAuthor && !isMentioned && !(await isMember(tx, userId, roomId))) continue
    await lockUser(tx, userId)
    const known = (await findOwnRow(tx, userId, 'thread', String(threadId)))?.value as FollowedThread | null | undefined
    if (!isAuthor && known && (known.is_following || !isMentioned)) continue
    const read_seq = isAuthor ? seq : userId === beganBy && !known ? 0 : seq - 1
    const value = { room_id: roomId, is_following: true, read_seq }
    const userVersion = await bumpUser(tx, userId)
    own.push({ userId, userVersion, rows: await write(tx, userId, userVersion, threadId, value) })
  }
  return own
}

/** What its reader decides about a thread: whether they follow it, and where they are in it. */
export function changeFollowing(
  { db, announcer }: { db: Database; announcer: Announcer },
  userId: number,
  roomId: number,
  threadId: number,
  change: { is_following?: boolean | undefined; read_seq?: number | undefined },
): Promise<OwnRow> {
  return announcer.within(db, async (tx, announce) => {
    const lastSeq = await accessThread(tx, userId, roomId, threadId)
    await lockUser(tx, userId)
    const known = await findOwnRow(tx, userId, 'thread', String(threadId))
    const before = (known?.value ?? { room_id: roomId, is_following: false, read_seq: 0 }) as FollowedThread
    const after: FollowedThread = {
      room_id: roomId,
      is_following: change.is_following ?? before.is_following,
      read_seq: Math.min(change.read_seq ?? before.read_seq, lastSeq),
    }
    if (known && after.is_following === before.is_following && after.read_seq === before.read_seq) return known
    const userVersion = await bumpUser(tx, userId)
    const rows = await write(tx, userId, userVersion, threadId, after)
    await announce([ownRowsChanged(userId, userVersion, rows)])
    return rows[0]!
  })
}

/** The row of this thread, and traces of those that gave way to it. */
async function write(
  tx: OpenTransaction,
  userId: number,
  userVersion: number,
  threadId: number,
  value: FollowedThread,
): Promise<OwnRow[]> {
  const row = await writeOwnRow(tx, userId, userVersion, 'thread', String(threadId), value)
  return [row, ...(await trimOwnRows(tx, userId, userVersion, 'thread'))]
}

/** The seq of the newest message of a thread in a room of the caller's; 0 if nobody has written in it yet. */
async function accessThread(tx: OpenTransaction, userId: number, roomId: number, threadId: number): Promise<number> {
  await accessRoom(tx, userId, roomId)
  const root = await tx
    .selectFrom('messages')
    .leftJoin('threads', 'threads.id', 'messages.id')
    .select('threads.last_seq')
    .where('messages.id', '=', threadId)
    .where('messages.room_id', '=', roomId)
    .where('messages.thread_id', '=', 0)
    .where('messages.kind', '=', 'user')
    .executeTakeFirst()
  if (!root) throw notFound()
  return root.last_seq ?? 0
}
