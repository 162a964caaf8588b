import { sql } from 'kysely'
import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { OpenTransaction } from '../database/database.ts'
import { bumpUser } from '../rooms/change-room.ts'
import { readOwnMembership } from './present.ts'

export type OwnChange = { userId: number; userVersion: number; membership: OwnMembership }

/** Raises the user's own version after their side of a membership changed, and reads it as they will see it. */
export async function bumpOwnMembership(tx: OpenTransaction, roomId: number, userId: number): Promise<OwnChange> {
  const userVersion = await bumpUser(tx, userId)
  await sql`
    update memberships set own_version = ${userVersion}
    where room_id = ${roomId} and user_id = ${userId}`.execute(tx)
  return { userId, userVersion, membership: await readOwnMembership(tx, roomId, userId) }
}
