import type { AttachedRows } from '@grandchat/contracts/messages/schema'
import type { Database } from '../database/database.ts'
import { readPins } from '../pins/present.ts'
import { readReactions } from '../reactions/present.ts'
import { readThreads } from '../threads/present.ts'

/** All rows that hang on these messages of a room, tombstones included: what a page of them must bring along. */
export async function readAttached(tx: Database, roomId: number, messageIds: readonly number[]): Promise<AttachedRows> {
  return {
    reactions: await readReactions(tx, roomId, messageIds),
    pins: await readPins(tx, roomId, messageIds),
    threads: await readThreads(tx, roomId, messageIds),
  }
}
