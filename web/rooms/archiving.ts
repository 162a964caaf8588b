import type { Client, RoomView } from '@grandchat/client'
import { problemOf, say } from '../locales/words.ts'
import { toast } from '../ui/toast.tsx'

type Room = Pick<RoomView, 'id' | 'title'>

/** Archives a room at once; the way back is offered instead of a question before. */
export async function archiveRoom(client: Client, room: Room): Promise<void> {
  const isDone = await attempt(client.rooms.archive(room.id))
  if (!isDone) return
  toast(say('room.archived', { room: room.title }), {
    label: say('room.restore'),
    run: () => void restoreRoom(client, room),
  })
}

export async function restoreRoom(client: Client, room: Room): Promise<void> {
  if (await attempt(client.rooms.restore(room.id))) toast(say('room.restored', { room: room.title }))
}

async function attempt(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    toast(problemOf(error).text)
    return false
  }
}
