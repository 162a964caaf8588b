import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { MemberRole } from '@grandchat/contracts/rooms/schema'
import type { OpenTransaction } from '../database/database.ts'
import { AppError, notFound, permissionDenied } from '../errors.ts'
import { assertRuns } from '../rooms/access.ts'
import { bumpRoom, changeAsMember, nextVersion, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { findMembership } from './join.ts'
import { readMember } from './present.ts'
import { bumpOwnMembership } from './own-membership.ts'

/** Gives a member another role. Owners alone may, and a room keeps at least one of them. */
export function changeRole(
  changer: RoomChanger,
  actorId: number,
  roomId: number,
  userId: number,
  role: MemberRole,
): Promise<RowsChanged> {
  return changeAsMember(changer, actorId, roomId, async (tx, room, actorRole) => {
    assertRuns(room, actorRole)
    if (actorRole !== 'owner') throw permissionDenied()
    const member = await findMembership(tx, roomId, userId)
    if (!member) throw notFound()
    if (member.role === role) return unchanged(tx, room, { members: [await readMember(tx, roomId, userId)] })
    if (member.role === 'owner') await assertAnotherOwner(tx, roomId, userId)
    await tx
      .updateTable('memberships')
      .set({ role, version: nextVersion(room) })
      .where('room_id', '=', roomId)
      .where('user_id', '=', userId)
      .execute()
    const announcement = await bumpRoom(tx, room, { members: [await readMember(tx, roomId, userId)] })
    return { ...announcement, own: [await bumpOwnMembership(tx, roomId, userId)] }
  })
}

async function assertAnotherOwner(tx: OpenTransaction, roomId: number, userId: number): Promise<void> {
  const other = await tx
    .selectFrom('memberships')
    .select('user_id')
    .where('room_id', '=', roomId)
    .where('user_id', '<>', userId)
    .where('role', '=', 'owner')
    .where('left_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (!other) throw new AppError(409, 'last_owner', 'a room needs an owner: make somebody else owner first')
}
