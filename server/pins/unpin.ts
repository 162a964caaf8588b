import { sql } from 'kysely'
import type { PinRow } from '@grandchat/contracts/pins/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OpenTransaction } from '../database/database.ts'
import { accessMessage } from '../messages/access.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { bumpRoom, changeAsMember, nextVersion, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { readPins } from './present.ts'

/** Takes a pin away, whoever set it; what is not pinned stays so. */
export function unpinMessage(
  changer: RoomChanger,
  userId: number,
  roomId: number,
  messageId: number,
): Promise<RowsChanged> {
  return changeAsMember(changer, userId, roomId, async (tx, room) => {
    await accessMessage(tx, roomId, messageId)
    const pins = await removePin(tx, room, messageId)
    if (pins.length === 0) return unchanged(tx, room, { pins: await readPins(tx, roomId, [messageId]) })
    return bumpRoom(tx, room, { pins })
  })
}

/** The pin's row as its tombstone; none if the message was not pinned. */
export async function removePin(tx: OpenTransaction, room: LockedRoom, messageId: number): Promise<PinRow[]> {
  const { numUpdatedRows } = await tx
    .updateTable('pins')
    .set({ unpinned_at: sql<string>`clock_timestamp()`, version: nextVersion(room) })
    .where('message_id', '=', messageId)
    .where('unpinned_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n ? readPins(tx, room.id, [messageId]) : []
}
