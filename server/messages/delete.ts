import { sql } from 'kysely'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { MemberRole } from '@grandchat/contracts/rooms/schema'
import type { OpenTransaction } from '../database/database.ts'
import { permissionDenied } from '../errors.ts'
import { removeMentions } from '../mentions/write.ts'
import { removePin } from '../pins/unpin.ts'
import { removeReactions } from '../reactions/remove-all.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { bumpRoom, changeAsMember, nextVersion, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { uncountMessage } from '../threads/uncount.ts'
import { accessWritten, type Written } from './access.ts'
import { readMessage } from './present.ts'

/**
 * Empties a message, for its author or whoever runs the room. Its row stays, so that everyone hears of it; its texts,
 * reactions and pin go in the same change.
 */
export async function deleteMessage(
  changer: RoomChanger,
  userId: number,
  roomId: number,
  messageId: number,
): Promise<RowsChanged> {
  return changeAsMember(changer, userId, roomId, async (tx, room, role) => {
    const message = await accessWritten(tx, roomId, messageId)
    if (!mayDelete(message, userId, role)) throw permissionDenied()
    if (message.deleted_at !== null) {
      return unchanged(tx, room, { messages: [await readMessage(tx, roomId, messageId)] })
    }
    await makeTombstone(tx, room, messageId)
    const reactions = await removeReactions(tx, room, messageId)
    const pins = await removePin(tx, room, messageId)
    const threads = await uncountMessage(tx, room, message.thread_id)
    const rows = { messages: [await readMessage(tx, roomId, messageId)], reactions, pins, threads }
    return bumpRoom(tx, room, rows, await lastMessageWithout(tx, room, messageId))
  })
}

function mayDelete(message: Written, userId: number, role: MemberRole): boolean {
  return message.user_id === userId || role !== 'member'
}

async function makeTombstone(tx: OpenTransaction, room: LockedRoom, messageId: number): Promise<void> {
  await tx.deleteFrom('message_edits').where('message_id', '=', messageId).execute()
  await removeMentions(tx, messageId)
  await tx
    .updateTable('messages')
    .set({ content: '', forwarded: null, deleted_at: sql<string>`clock_timestamp()`, version: nextVersion(room) })
    .where('id', '=', messageId)
    .execute()
}

/** The room shows the message before, but stays where it is among the rooms: nothing new was said. */
async function lastMessageWithout(tx: OpenTransaction, room: LockedRoom, messageId: number) {
  if (room.last_message_id !== messageId) return {}
  const before = await tx
    .selectFrom('messages')
    .select('id')
    .where('room_id', '=', room.id)
    .where('thread_id', '=', 0)
    .where('kind', '=', 'user')
    .where('deleted_at', 'is', null)
    .where('id', '<', messageId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { last_message_id: before?.id ?? null }
}
