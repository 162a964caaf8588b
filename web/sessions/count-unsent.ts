import type { Client } from '@grandchat/client'

/** Messages that only this device knows: signing out would lose them. */
export function countUnsent(client: Client): number {
  const { rooms } = client.rooms.list.get()
  return rooms.reduce((sum, room) => sum + client.messages.timeline(room.id).get().pending.length, 0)
}
