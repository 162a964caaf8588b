import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Revocations } from '../realtime/revocations.ts'
import type { RoomChanger } from '../rooms/change-room.ts'
import { removeFromRoom } from './remove.ts'

/** Leaves a room. A last owner passes the role to the longest-standing member in the same change. */
export function leaveRoom(
  changer: RoomChanger,
  revocations: Revocations,
  user: User,
  roomId: number,
): Promise<Membership> {
  return removeFromRoom(changer, revocations, user, roomId, user.id)
}
