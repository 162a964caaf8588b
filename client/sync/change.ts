import type { Member } from '@grandchat/contracts/memberships/schema'
import type { AttachedRows, MessageRow } from '@grandchat/contracts/messages/schema'
import type { RoomEvent } from '@grandchat/contracts/realtime/events'
import type { Room } from '@grandchat/contracts/rooms/schema'

/** A room event as rows: all that changed in the room at `version`. */
export type RoomChange = {
  room_id: number
  version: number
  messages: readonly MessageRow[]
  members: readonly Member[]
} & { readonly [Kind in keyof AttachedRows]: readonly AttachedRows[Kind][number][] }

const nothing = { messages: [], members: [], reactions: [], pins: [], threads: [] }

export function toRoomChange(event: RoomEvent): { room: Room; change: RoomChange } {
  const { room } = event.body
  const change = { room_id: room.id, version: room.version, ...nothing }
  if (event.type === 'message_added') {
    const { room: _, ...row } = event.body
    return { room, change: { ...change, messages: [row] } }
  }
  if (event.type === 'rows_changed') return { room, change: { ...change, ...event.body } }
  const { members, message } = event.body
  return { room, change: { ...change, members, messages: message ? [message] : [] } }
}
