import type { Client } from '@grandchat/client'
import { problemOf } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { toast } from '../ui/toast.tsx'

/** Goes to the direct room with these people, which is made if there is none. */
export async function goToDirect(client: Client, userIds: readonly number[]): Promise<void> {
  try {
    const room = await client.rooms.openDirect(userIds)
    navigate(paths.room(room.id))
  } catch (error) {
    toast(problemOf(error).text)
  }
}
