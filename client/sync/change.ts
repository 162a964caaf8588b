import type { Member } from '@grandchat/contracts/memberships/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { RoomEvent } from '@grandchat/contracts/realtime/events'
import type { Room } from '@grandchat/contracts/rooms/schema'

/** A room event as rows: all that changed in the room at `version`. */
export type RoomChange = {
  room_id: number
  version: number
  messages: readonly MessageRow[]
  members: readonly Member[]
}

export function toRoomChange(event: RoomEvent): { room: Room; change: RoomChange } {
  const { room } = event.body
  const place = { room_id: room.id, version: room.version }
  if (event.type === 'message_added') {
    const { room: _, ...row } = event.body
    return { room, change: { ...place, messages: [row], members: [] } }
  }
  return { room, change: { ...place, messages: [], members: event.body.members } }
}
