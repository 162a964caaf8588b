import type { Client, RoomView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { toast } from '../ui/toast.tsx'

/** Marks every room as read; for a while that can be taken back. */
export function markAllRead(client: Client): void {
  const before = client.rooms.list.get().rooms.filter(({ unread }) => unread > 0)
  if (before.length === 0) return
  client.readMarkers.markAll()
  offerUndo(client, before, say('rooms.all_read'))
}

/** Marks these rooms as read up to their ends. */
export function markRoomsRead(client: Client, rooms: readonly RoomView[]): void {
  const [first] = rooms
  if (first && rooms.length === 1) return markRoomRead(client, first)
  for (const { id, last_seq } of rooms) client.readMarkers.mark(id, last_seq)
  if (first) offerUndo(client, rooms, say('rooms.read', { count: rooms.length }))
}

/** Marks one room as read up to its end. */
export function markRoomRead(client: Client, room: RoomView): void {
  if (room.unread === 0) return
  client.readMarkers.mark(room.id, room.last_seq)
  offerUndo(client, [room], say('room.read', { room: room.title }))
}

function offerUndo({ readMarkers }: Client, before: readonly RoomView[], text: string): void {
  toast(text, {
    label: say('app.undo'),
    run() {
      for (const { id, read_seq } of before) readMarkers.markUnread(id, read_seq)
    },
  })
}
