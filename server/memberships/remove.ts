import { sql } from 'kysely'
import type { Member, Membership } from '@grandchat/contracts/memberships/schema'
import type { SystemLine } from '@grandchat/contracts/messages/schema'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { MemberRole } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { OpenTransaction } from '../database/database.ts'
import { notFound, permissionDenied } from '../errors.ts'
import type { Revocation, Revocations } from '../realtime/revocations.ts'
import { accessRole, assertRuns, type LockedRoom } from '../rooms/access.ts'
import { changeAsMember, nextVersion, type RoomChanger } from '../rooms/change-room.ts'
import { announceMember, findMembership, type MemberChange } from './join.ts'
import { readMember } from './present.ts'

/**
 * Ends a membership: one's own, or, in a room that one runs, another's; an owner's is ended by owners alone. Whatever it
 * opened is closed at once. A last owner passes the role to the longest-standing member in the same change.
 */
export function removeFromRoom(
  changer: RoomChanger,
  revocations: Revocations,
  actor: User,
  roomId: number,
  userId: number,
): Promise<Membership> {
  // Both, whichever the room has now: what was opened before it last switched its delivery may be open still.
  const revoked: Revocation[] = [channels.here(roomId), channels.room(roomId)].map((channel) => ({ userId, channel }))
  const remove = async (tx: OpenTransaction, room: LockedRoom, actorRole: MemberRole) => {
    await assertMayRemove(tx, room, { id: actor.id, role: actorRole }, userId)
    const heir = await endMembership(tx, room, userId)
    for (const revocation of revoked) await revocations.write(tx, revocation)
    const { user }: Member = await readMember(tx, roomId, userId)
    const line: SystemLine = userId === actor.id ? { type: 'left' } : { type: 'removed', user }
    const ownersOfRows = heir === undefined ? [userId] : [userId, heir]
    const change: MemberChange = { type: 'user_left', user, by: -1, ownersOfRows, line, actor }
    return announceMember(tx, room, change, changer.largeRoomMembers)
  }
  return revocations.after(revoked, () => changeAsMember(changer, actor.id, roomId, remove, accessRole))
}

async function assertMayRemove(
  tx: OpenTransaction,
  room: LockedRoom,
  actor: { id: number; role: MemberRole },
  userId: number,
): Promise<void> {
  if (room.kind === 'direct') throw permissionDenied()
  if (userId === actor.id) return
  assertRuns(room, actor.role)
  const member = await findMembership(tx, room.id, userId)
  if (!member) throw notFound()
  if (member.role === 'owner' && actor.role !== 'owner') throw permissionDenied()
}

/** Returns who became owner by it, if anybody did. */
async function endMembership(tx: OpenTransaction, room: LockedRoom, userId: number): Promise<number | undefined> {
  const version = nextVersion(room)
  await sql`
    update memberships set left_at = clock_timestamp(), version = ${version}
    where room_id = ${room.id} and user_id = ${userId}`.execute(tx)
  return passOnOwnership(tx, room.id, version)
}

/** The member who becomes owner, if no other owner is left. */
async function passOnOwnership(tx: OpenTransaction, roomId: number, version: number): Promise<number | undefined> {
  const { rows } = await sql<{ user_id: number }>`
    update memberships set role = 'owner', version = ${version}
    where room_id = ${roomId}
      and user_id = (
        select user_id from memberships where room_id = ${roomId} and left_at is null order by joined_at, user_id limit 1
      )
      and not exists (select 1 from memberships where room_id = ${roomId} and left_at is null and role = 'owner')
    returning user_id`.execute(tx)
  return rows[0]?.user_id
}
