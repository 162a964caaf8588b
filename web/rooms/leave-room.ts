import type { Client, RoomView } from '@grandchat/client'
import { problemOf, say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { toast } from '../ui/toast.tsx'

/** Leaves a public room at once; the way back is offered instead of a question before. */
export async function leavePublicRoom(client: Client, room: Pick<RoomView, 'id' | 'name'>): Promise<void> {
  try {
    await client.rooms.leave(room.id)
  } catch (error) {
    return toast(problemOf(error).text)
  }
  toast(say('room.left', { room: room.name }), { label: say('room.undo'), run: () => void joinAgain(client, room.id) })
}

async function joinAgain(client: Client, roomId: number): Promise<void> {
  try {
    await client.rooms.join(roomId)
    navigate(paths.room(roomId))
  } catch (error) {
    toast(problemOf(error).text)
  }
}
