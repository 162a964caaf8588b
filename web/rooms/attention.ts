import type { RoomView } from '@grandchat/client'

/** How many messages ask to be looked at: the same on all devices, because all of it is stored with the account. */
export function countAttention(rooms: readonly RoomView[]): number {
  return rooms.reduce((sum, room) => sum + (asks(room) ? room.unread : 0), 0)
}

/** Who wants to hear of mentions alone, or of nothing, is not called by every message. */
function asks({ muted, level, kind }: RoomView): boolean {
  return !muted && (level === 'all' || kind === 'direct')
}
