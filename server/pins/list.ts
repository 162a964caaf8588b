import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import type { Database } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { presentPage } from '../messages/history.ts'
import { selectMessages } from '../messages/present.ts'
import { accessRoom } from '../rooms/access.ts'

/** The pinned messages of a room, the newest pin first, as a page of history. */
export function listPins(db: Database, userId: number, roomId: number): Promise<HistoryPage> {
  return inSnapshot(db, async (tx) => {
    const room = await accessRoom(tx, userId, roomId)
    const rows = await selectMessages(tx, roomId)
      .innerJoin('pins', 'pins.message_id', 'messages.id')
      .where('pins.unpinned_at', 'is', null)
      .orderBy('pins.pinned_at', 'desc')
      .orderBy('messages.id', 'desc')
      .execute()
    return presentPage(tx, room, rows, { more: false })
  })
}
