import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { OpenTransaction } from '../database/database.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { nextVersion } from '../rooms/change-room.ts'
import { readThreads } from './present.ts'

/** A message of the thread is no more. Nothing for messages of the room's own timeline, whose threads outlive them. */
export async function uncountMessage(tx: OpenTransaction, room: LockedRoom, threadId: number): Promise<ThreadRow[]> {
  if (threadId === 0) return []
  await tx
    .updateTable('threads')
    .set((eb) => ({ message_count: eb('message_count', '-', 1), version: nextVersion(room) }))
    .where('id', '=', threadId)
    .execute()
  return readThreads(tx, room.id, [threadId])
}
