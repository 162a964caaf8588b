import type { Member } from '@grandchat/contracts/memberships/schema'
import type { Database } from '../database/database.ts'
import type { PageRange } from '../http/paging.ts'
import { accessRoom } from '../rooms/access.ts'
import { presentMember, selectMembers } from './present.ts'

/** The members of a room, longest-standing first; with `query` those whose names hold it. */
export async function listMembers(
  db: Database,
  userId: number,
  roomId: number,
  query: string,
  { limit, offset }: PageRange,
): Promise<{ count: number; members: Member[] }> {
  const room = await accessRoom(db, userId, roomId)
  const wanted = query.trim().toLowerCase()
  const rows = await withNames(selectMembers(db, roomId), wanted)
    .where('memberships.left_at', 'is', null)
    .orderBy('memberships.joined_at')
    .orderBy('memberships.user_id')
    .limit(limit)
    .offset(offset)
    .execute()
  const count = wanted === '' ? room.member_count : await countMembers(db, roomId, wanted)
  return { count, members: rows.map(presentMember) }
}

type Members = ReturnType<typeof selectMembers>

function withNames(members: Members, wanted: string): Members {
  if (wanted === '') return members
  const pattern = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`
  return members.where((eb) =>
    eb.or([eb('users.username_folded', 'like', pattern), eb(eb.fn('lower', ['users.display_name']), 'like', pattern)]),
  )
}

async function countMembers(db: Database, roomId: number, wanted: string): Promise<number> {
  const { count } = await withNames(selectMembers(db, roomId), wanted)
    .where('memberships.left_at', 'is', null)
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}
