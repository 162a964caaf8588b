import { sql } from 'kysely'
import type { OwnMembership, OwnMembershipChange } from '@grandchat/contracts/memberships/schema'
import type { Database } from '../database/database.ts'
import { notFound } from '../errors.ts'
import type { Announcer } from '../realtime/announcer.ts'
import { bumpUser } from '../rooms/change-room.ts'
import { readOwnMembership } from './present.ts'

/** What a member wants to hear of a room. Locks as a read marker does: the membership, then the user. */
export function changeOwnMembership(
  db: Database,
  announcer: Announcer,
  userId: number,
  roomId: number,
  { level, muted }: OwnMembershipChange,
): Promise<OwnMembership> {
  return announcer.within(db, async (tx, announce) => {
    const locked = await sql`
      select 1 from memberships
      where room_id = ${roomId} and user_id = ${userId} and left_at is null for update`.execute(tx)
    if (locked.rows.length === 0) throw notFound()
    const known = await readOwnMembership(tx, roomId, userId)
    const next = { level: level ?? known.level, muted: muted ?? known.muted }
    if (next.level === known.level && next.muted === known.muted) return known
    const userVersion = await bumpUser(tx, userId)
    await sql`
      update memberships set level = ${next.level}, muted = ${next.muted}, own_version = ${userVersion}
      where room_id = ${roomId} and user_id = ${userId}`.execute(tx)
    const membership = { ...known, ...next, own_version: userVersion }
    const body = { user_version: userVersion, memberships: [membership] }
    await announce([
      { stream: 'own', roomId: null, userId, version: userVersion, event: { type: 'own_changed', body } },
    ])
    return membership
  })
}
