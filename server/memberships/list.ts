import type { Member } from '@grandchat/contracts/memberships/schema'
import type { Database } from '../database/database.ts'
import type { PageRange } from '../http/paging.ts'
import { accessRoom } from '../rooms/access.ts'
import { presentMember, selectMembers } from './present.ts'

/** The members of a room, longest-standing first. */
export async function listMembers(
  db: Database,
  userId: number,
  roomId: number,
  { limit, offset }: PageRange,
): Promise<{ count: number; members: Member[] }> {
  const room = await accessRoom(db, userId, roomId)
  const rows = await selectMembers(db, roomId)
    .where('memberships.left_at', 'is', null)
    .orderBy('memberships.joined_at')
    .orderBy('memberships.user_id')
    .limit(limit)
    .offset(offset)
    .execute()
  return { count: room.member_count, members: rows.map(presentMember) }
}
