import type { Delivery } from '@grandchat/contracts/rooms/schema'
import type { LockedRoom } from './access.ts'

/** Below this share of the limit a room is delivered personally again, so that one at the limit does not go back and forth. */
const backAt = 0.8

/**
 * How a room is delivered once it has this many members. Above `largeRoomMembers` (0: never) a public room has a channel
 * of its own; private ones never do, because who was removed could still listen until told to stop.
 */
export function deliveryOf(
  { kind, delivery }: Pick<LockedRoom, 'kind' | 'delivery'>,
  memberCount: number,
  largeRoomMembers: number,
): Delivery {
  if (kind !== 'public' || largeRoomMembers === 0) return 'personal'
  if (memberCount > largeRoomMembers) return 'room'
  return memberCount < largeRoomMembers * backAt ? 'personal' : delivery
}
