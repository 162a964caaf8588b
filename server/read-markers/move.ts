import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import { notFound } from '../errors.ts'
import { readOwnMembership } from '../memberships/present.ts'
import type { Receipts } from '../receipts/receipts.ts'
import type { Announcer } from '../realtime/announcer.ts'
import { bumpUser } from '../rooms/change-room.ts'

/**
 * Moves a user's read marker; lower than before marks as unread. The last write wins. The membership's row is locked
 * before the room is read: an own message that is being sent holds that row, so `read_at_version` is never older than
 * an own message which the marker overrules. The others of a small room are told a moment later.
 */
export async function moveReadMarker(
  { db, announcer, receipts }: { db: Database; announcer: Announcer; receipts: Receipts },
  user: User,
  roomId: number,
  seq: number,
): Promise<ReadMarker> {
  let isNews = false
  const marker = await announcer.within(db, async (tx, announce) => {
    const locked = await sql`
      select 1 from memberships where room_id = ${roomId} and user_id = ${user.id} and left_at is null for update`.execute(
      tx,
    )
    if (locked.rows.length === 0) throw notFound()
    const userVersion = await bumpUser(tx, user.id)
    const moved = await sql<{ is_news: boolean }>`
      update memberships m set
        furthest_seq = greatest(m.furthest_seq, m.read_seq),
        read_seq = least(${seq}, r.last_seq), read_at_version = r.version, own_version = ${userVersion}
      from rooms r where r.id = m.room_id and m.room_id = ${roomId} and m.user_id = ${user.id}
      returning m.read_seq > m.seen_seq and r.member_count between 2 and ${limits.receiptMembers} as is_news`.execute(
      tx,
    )
    isNews = moved.rows[0]?.is_news === true
    const membership = await readOwnMembership(tx, roomId, user.id)
    const body = { user_version: userVersion, memberships: [membership] }
    await announce([
      { stream: 'own', roomId: null, userId: user.id, version: userVersion, event: { type: 'own_changed', body } },
    ])
    const { read_seq, read_at_version, unread_mentions, mentions_version } = membership
    const mentions = { unread_mentions, mentions_version }
    return { room_id: roomId, read_seq, read_at_version, user_version: userVersion, ...mentions }
  })
  if (isNews) receipts.noteRead(roomId)
  return marker
}
