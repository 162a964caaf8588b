import { sql } from 'kysely'
import type { DiscoveredRoom, OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Database } from '../database/database.ts'
import type { PageRange } from '../http/paging.ts'
import { type accessRoom, selectOwnRooms } from './access.ts'
import { presentRoom } from './present.ts'

type OwnRoomRow = Awaited<ReturnType<typeof accessRoom>>

export function presentOwnRoom(row: OwnRoomRow): OwnRoom {
  const { role, read_seq, level, muted, unread_mentions } = row
  return { ...presentRoom(row), role, read_seq, level, muted, unread_mentions }
}

/** The caller's rooms, newest activity first. */
export async function listRooms(
  db: Database,
  userId: number,
  { limit, offset }: PageRange,
): Promise<{ count: number; rooms: OwnRoom[] }> {
  const { count } = await db
    .selectFrom('memberships')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .executeTakeFirstOrThrow()
  const rows = await selectOwnRooms(db, userId)
    .orderBy('rooms.bumped_at', 'desc')
    .orderBy('rooms.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return { count, rooms: rows.map(presentOwnRoom) }
}

/**
 * Rooms that the caller may discover: all public ones and their own, those whose name starts like the query first. Of
 * archived ones their own alone; direct ones never.
 */
export async function searchRooms(
  db: Database,
  userId: number,
  { query, isArchived }: { query: string; isArchived: boolean },
  { limit, offset }: PageRange,
): Promise<{ count: number; rooms: DiscoveredRoom[] }> {
  const text = query
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')
  const { rows } = await sql<DiscoveredRoom & { count: number }>`
    select r.id, r.name, r.kind, r.topic, r.member_count, r.created_at, r.archived_at, m.user_id is not null as is_member,
      count(*) over () as count
    from rooms r
    left join memberships m on m.room_id = r.id and m.user_id = ${userId} and m.left_at is null
    where r.kind <> 'direct' and (r.archived_at is not null) = ${isArchived}::boolean
      and (m.user_id is not null or (r.kind = 'public' and not ${isArchived}::boolean))
      and lower(r.name) like ${`%${text}%`}
    order by lower(r.name) like ${`${text}%`} desc, r.member_count desc, r.id
    limit ${limit} offset ${offset}`.execute(db)
  return { count: rows[0]?.count ?? 0, rooms: rows.map(({ count: _count, ...room }) => room) }
}
