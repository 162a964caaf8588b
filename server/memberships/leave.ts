import { sql } from 'kysely'
import type { Membership } from '@grandchat/contracts/memberships/schema'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { User } from '@grandchat/contracts/users/schema'
import type { OpenTransaction } from '../database/database.ts'
import { notFound, permissionDenied } from '../errors.ts'
import type { Revocation, Revocations } from '../realtime/revocations.ts'
import { isMember } from '../rooms/access.ts'
import { changeRoom, type RoomChanger } from '../rooms/change-room.ts'
import { announceMember, findMembership, type MemberChange } from './join.ts'

/** Leaves a room. A last owner passes the role to the longest-standing member in the same change. */
export async function leaveRoom(
  changer: RoomChanger,
  revocations: Revocations,
  user: User,
  roomId: number,
): Promise<Membership> {
  if (!(await isMember(changer.db, user.id, roomId))) throw notFound()
  // Both, whichever the room has now: what was opened before it last switched its delivery may be open still.
  const revoked: Revocation[] = [channels.here(roomId), channels.room(roomId)].map((channel) => ({
    userId: user.id,
    channel,
  }))
  return revocations.after(revoked, () =>
    changeRoom(changer, roomId, async (tx, room) => {
      const member = await findMembership(tx, roomId, user.id)
      if (!member) throw notFound()
      if (room.kind === 'direct') throw permissionDenied()
      const version = room.version + 1
      await sql`
        update memberships set left_at = clock_timestamp(), version = ${version}
        where room_id = ${roomId} and user_id = ${user.id}`.execute(tx)
      const heir = member.role === 'owner' ? await passOnOwnership(tx, roomId, version) : undefined
      for (const revocation of revoked) await revocations.write(tx, revocation)
      const ownersOfRows = heir === undefined ? [user.id] : [user.id, heir]
      const left: MemberChange = { type: 'user_left', user, by: -1, ownersOfRows, line: { type: 'left' } }
      return announceMember(tx, room, left, changer.largeRoomMembers)
    }),
  )
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
